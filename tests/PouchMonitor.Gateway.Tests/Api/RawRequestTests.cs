using System.Net;
using System.Net.Sockets;
using System.Text;
using PouchMonitor.Gateway.Tests.Mqtt;

namespace PouchMonitor.Gateway.Tests.Api;

/// <summary>Requests that are too long, too large or never finished end with the status that says so, and hold nothing up.</summary>
public sealed class RawRequestTests
{
    [Theory]
    [InlineData("line", 414)]
    [InlineData("query", 414)]
    [InlineData("header", 431)]
    [InlineData("headers", 431)]
    [InlineData("body", 413)]
    [InlineData("chunks", 413)]
    [InlineData("slow headers", 408)]
    [InlineData("slow body", 408)]
    public async Task ARequestBeyondItsBounds_IsRefused(string what, int status)
    {
        await using GatewayBench bench = await GatewayBench.StartAsync(options => options with { OpenOnLoopback = true });
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(bench.Gateway.HttpAddress).Port);
        const string Host = "Host: localhost\r\n";
        const string Post = "POST /api/v1/profiles/check HTTP/1.1\r\n" + Host;
        string request = what switch
        {
            "line" => $"GET /{new string('a', 10_000)} HTTP/1.1\r\n{Host}\r\n",
            "query" => $"GET /api/v1/cells?a={new string('a', 3000)} HTTP/1.1\r\n{Host}\r\n",
            "header" => $"GET / HTTP/1.1\r\n{Host}X-Long: {new string('a', 40_000)}\r\n\r\n",
            "headers" => $"GET / HTTP/1.1\r\n{Host}{string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: a\r\n"))}\r\n",
            "body" => $"{Post}Content-Length: 100000\r\n\r\n",
            "chunks" => $"{Post}Transfer-Encoding: chunked\r\n\r\n20000\r\n{new string(' ', 0x20000)}\r\n0\r\n\r\n",
            "slow headers" => "GET / HTTP/1.1\r\nHost: loc",
            _ => $"{Post}Content-Length: 1000\r\n\r\n{{",
        };
        Task sending = SendAsync(socket, Encoding.ASCII.GetBytes(request));
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(2));
        byte[] answer = new byte[4096];
        int length = await socket.ReceiveAsync(answer, SocketFlags.None, limit.Token);
        Assert.StartsWith($"HTTP/1.1 {status} ", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
        await sending;

        using HttpClient http = new();
        Assert.Equal("ok\n", await http.GetStringAsync(bench.Gateway.HttpAddress + "/healthz"));
    }

    private static async Task SendAsync(Socket socket, byte[] bytes)
    {
        try
        {
            await socket.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // It was refused before all was sent.
        }
    }
}
