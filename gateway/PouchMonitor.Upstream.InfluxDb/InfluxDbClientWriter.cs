using System.Net;
using System.Text;
using InfluxDB.Client;
using InfluxDB.Client.Api.Domain;
using InfluxDB.Client.Core.Exceptions;
using PouchMonitor.Gateway.Influx;

namespace PouchMonitor.Upstream.InfluxDb;

/// <summary>
/// Writes to InfluxDB 2 by way of InfluxDB.Client's <c>WriteApiAsync</c>; its batching <c>WriteApi</c> tells of errors by events
/// alone, without the batch.
/// </summary>
public sealed class InfluxDbClientWriter : IInfluxWriter
{
    private readonly InfluxOptions options;
    private readonly InfluxDBClient client;
    private readonly WriteApiAsync write;

    /// <exception cref="NotSupportedException">The package was not restored when this was built.</exception>
    public InfluxDbClientWriter(InfluxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        client = new InfluxDBClient(new InfluxDBClientOptions(options.Url.AbsoluteUri)
        {
            Token = options.Token, Org = options.Organization, Bucket = options.Database, Timeout = options.AnswerTimeout, AllowHttpRedirects = false,
        });
        client.EnableGzip();
        write = client.GetWriteApiAsync();
    }

    /// <summary>Whether this was built with the package, or against stand-ins.</summary>
    public static bool IsRestored => typeof(InfluxDBClient).Assembly.GetName().Name == "InfluxDB.Client";

    /// <inheritdoc/>
    public async Task<InfluxWriteResult> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.AnswerTimeout);
        try
        {
            // The library joins records by line feeds; the last one has its own.
            string record = Encoding.UTF8.GetString(lines.Span);
            await write.WriteRecordAsync(record, WritePrecision.Us, options.Database, options.Organization, limit.Token);
            return InfluxWriteResult.Accepted;
        }
        catch (HttpException error) when (error.Status > 0)
        {
            TimeSpan? pause = error.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
            return InfluxAnswer.Read((HttpStatusCode)error.Status, error.Message, pause);
        }
#pragma warning disable CA1031 // What the library throws where there is no answer is not told; it is tried again in every case.
        catch (Exception error) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            string reason = error is OperationCanceledException
                ? FormattableString.Invariant($"no answer within {options.AnswerTimeout.TotalSeconds:0.###} s") : error.Message;
            return new InfluxWriteResult(InfluxOutcome.TryLater) { Reason = $"{options.Url.GetLeftPart(UriPartial.Authority)}: {reason}" };
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
