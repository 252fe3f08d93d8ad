using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PouchMonitor.Gateway.Tests.Mqtt;

namespace PouchMonitor.Gateway.Tests.Api;

/// <summary>
/// Clients that would hold the gateway up by sending almost nothing, or without end: each is let go by the server's own limits, here made short,
/// and others are served meanwhile.
/// </summary>
public sealed class SlowRequestTests : IAsyncLifetime
{
    private const int IdleConnections = 200;
    private const string Host = "Host: localhost\r\n";
    private const string Post = "POST /api/v1/profiles/check HTTP/1.1\r\n" + Host;

    /// <summary>Above the server's own second of looking at its connections.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    /// <summary>Many times the limits: reached only where a client is never let go.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(2);

    private readonly HttpClient http = new();
    private GatewayBench? bench;

    private string Address => bench!.Gateway.HttpAddress;

    public async ValueTask InitializeAsync()
    {
        bench = await GatewayBench.StartAsync(options => options with { OpenOnLoopback = true });
        KestrelServerLimits limits = bench.Gateway.Web.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.NotNull(limits.MinRequestBodyDataRate);
        limits.RequestHeadersTimeout = Short;
        limits.KeepAliveTimeout = Short;
        limits.MinRequestBodyDataRate = new MinDataRate(limits.MinRequestBodyDataRate.BytesPerSecond, Short);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (bench is not null)
        {
            await bench.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("headers", "GET /api/v1/cells HTTP/1.1\r\n" + Host + "X-Slow: ", "a", 408)]
    [InlineData("body", Post + "Content-Length: 60000\r\n\r\n{", " ", 408)]
    [InlineData("chunks", Post + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n", 408)]
    [InlineData("body without end", Post + "Transfer-Encoding: chunked\r\n\r\n", "400\r\n", 413)]
    public async Task WhoSendsAlmostNothing_OrWithoutEnd_IsLetGo(string what, string start, string piece, int status)
    {
        bool isEndless = what == "body without end";
        byte[] next = Encoding.ASCII.GetBytes(isEndless ? piece + new string(' ', 1024) + "\r\n" : piece);
        using Socket socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(start));
        Task<string> answer = AnswerAsync(socket);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(isEndless ? 5 : 200));
        using CancellationTokenSource limit = new(Never);
        while (!answer.IsCompleted)
        {
            await timer.WaitForNextTickAsync(limit.Token);
            try
            {
                await socket.SendAsync(next, SocketFlags.None, limit.Token);
            }
            catch (SocketException)
            {
                break; // It was let go while it sent.
            }

            await ServedAsync();
        }

        Assert.StartsWith($"HTTP/1.1 {status} ", await answer.WaitAsync(limit.Token), StringComparison.Ordinal);
        await ServedAsync();
    }

    [Fact]
    public async Task HundredsOfIdleConnections_AreLetGo_AndOthersAreServedMeanwhile()
    {
        List<Socket> idle = [];
        try
        {
            for (int i = 0; i < IdleConnections; i++)
            {
                Socket socket = await ConnectAsync();
                idle.Add(socket);
                if (i % 2 == 1)
                {
                    // One that has asked once and then stays.
                    await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /healthz HTTP/1.1\r\n{Host}\r\n"));
                }
            }

            Task<string[]> gone = Task.WhenAll(idle.Select(AnswerAsync));
            using CancellationTokenSource limit = new(Never);
            while (!gone.IsCompleted)
            {
                limit.Token.ThrowIfCancellationRequested();
                await ServedAsync();
            }

            string[] answers = await gone;
            Assert.All(answers.Where((_, i) => i % 2 == 0), answer => Assert.Equal("", answer));
            Assert.All(answers.Where((_, i) => i % 2 == 1), answer => Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal));
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(Address).Port);
        return socket;
    }

    private async Task ServedAsync() => Assert.Equal("ok\n", await http.GetStringAsync(Address + "/healthz"));

    /// <summary>All that comes until the server closes the connection.</summary>
    private static async Task<string> AnswerAsync(Socket socket)
    {
        StringBuilder answer = new();
        byte[] piece = new byte[4096];
        try
        {
            int length;
            while ((length = await socket.ReceiveAsync(piece)) > 0)
            {
                answer.Append(Encoding.ASCII.GetString(piece, 0, length));
            }
        }
        catch (SocketException)
        {
            // Closed on what was still being sent.
        }

        return answer.ToString();
    }
}
