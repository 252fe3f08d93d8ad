using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace PouchMonitor.Gateway.Influx;

/// <summary>Writes batches over HTTP, compressed, to any of the four kinds of server. One batch at a time.</summary>
public sealed class HttpInfluxWriter : IInfluxWriter
{
    private const int MostAnswerBytes = 256 * 1024;
    private readonly InfluxOptions options;
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private readonly Uri address;
    private readonly AuthenticationHeaderValue? authorization;
    private readonly MemoryStream compressed = new();
    private long connections;

    public HttpInfluxWriter(InfluxOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        this.time = time;
        address = InfluxDialect.WriteAddress(options);
        authorization = InfluxDialect.Authorization(options);

        // Redirects are not followed: the credentials are for this server and no other.
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !options.Url.IsLoopback,
            ConnectTimeout = options.AnswerTimeout,

            // Where a new connection means that much is sent again, none is made without need.
            PooledConnectionLifetime = options.SettlingTime > TimeSpan.Zero ? Timeout.InfiniteTimeSpan : TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = options.SettlingTime > TimeSpan.Zero ? Timeout.InfiniteTimeSpan : TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    public long Connections => Interlocked.Read(ref connections);

    public async Task<InfluxWriteResult> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(options.AnswerTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, address) { Content = Compress(lines) };
            request.Headers.Authorization = authorization;
            using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            string body = answer.IsSuccessStatusCode ? "" : await ReadAsync(answer, either.Token);
            return InfluxAnswer.Read(answer.StatusCode, WithoutSecrets(body), RetryAfter(answer));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return NoAnswer();
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return Later(error.Message);
        }
    }

    /// <summary>Asks for a page below the server's address.</summary>
    /// <returns>Its text, null where the server has no such page; or why nothing can be asked now.</returns>
    internal async Task<(string? Text, InfluxWriteResult? Failure)> GetAsync(string path, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(options.AnswerTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, InfluxDialect.At(options.Url, path));
            request.Headers.Authorization = authorization;
            using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            string text = await ReadAsync(answer, either.Token);
            return (answer.IsSuccessStatusCode ? text : null, null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, NoAnswer());
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return (null, Later(error.Message));
        }
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        compressed.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            Interlocked.Increment(ref connections);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A server or a proxy may say back what it was given.
    private string WithoutSecrets(string body)
    {
        foreach (string? secret in (string?[])[options.Token, options.Password])
        {
            body = string.IsNullOrEmpty(secret) ? body : body.Replace(secret, "***", StringComparison.Ordinal);
        }

        return body;
    }

    private InfluxWriteResult NoAnswer() => Later(FormattableString.Invariant($"no answer within {options.AnswerTimeout.TotalSeconds:0.###} s"));

    private InfluxWriteResult Later(string reason) =>
        new(InfluxOutcome.TryLater) { Reason = $"{options.Url.GetLeftPart(UriPartial.Authority)}: {reason}" };

    private ByteArrayContent Compress(ReadOnlyMemory<byte> lines)
    {
        compressed.SetLength(0);
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(lines.Span);
        }

        ByteArrayContent content = new(compressed.GetBuffer(), 0, (int)compressed.Length);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain") { CharSet = "utf-8" };
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private TimeSpan? RetryAfter(HttpResponseMessage answer) =>
        answer.Headers.RetryAfter is not { } asked ? null : asked.Delta ?? (asked.Date is { } date ? date - time.GetUtcNow() : null);

    private static async Task<string> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await using Stream stream = await answer.Content.ReadAsStreamAsync(cancellation);
        byte[] bytes = new byte[MostAnswerBytes];
        int count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(bytes, 0, count);
    }
}
