using System.Buffers.Text;

namespace PouchMonitor.Gateway.Influx;

/// <summary>
/// Writes to VictoriaMetrics. It is asked how long it keeps points, at the start and after every new connection; lines that are
/// older are refused here, by name and with the reason, since the server drops them without a word.
/// </summary>
/// <param name="options">Where to.</param>
/// <param name="time">Clock that the age of a point is taken by.</param>
internal sealed class VictoriaWriter(InfluxOptions options, TimeProvider time) : IInfluxWriter
{
    private readonly HttpInfluxWriter server = new(options, time);
    private byte[] young = [];
    private long askedAt = -1;

    public long Connections => server.Connections;

    public TimeSpan? ServerRetention { get; private set; }

    public async Task<InfluxWriteResult> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellation)
    {
        if (askedAt != server.Connections)
        {
            (string? flags, InfluxWriteResult? failure) = await server.GetAsync("flags", cancellation);
            if (failure is not null)
            {
                return failure;
            }

            ServerRetention = flags is null ? null : VictoriaRetention.Read(flags);
            askedAt = server.Connections;
        }

        if (ServerRetention is not { } retention)
        {
            return await server.WriteAsync(lines, cancellation);
        }

        long oldest = (time.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks - retention.Ticks) / TimeSpan.TicksPerMicrosecond;
        List<RefusedLine> refused = [];
        int length = TakeYoung(lines.Span, oldest, retention, refused);
        if (refused.Count == 0)
        {
            return await server.WriteAsync(lines, cancellation);
        }

        InfluxWriteResult result = length == 0 ? InfluxWriteResult.Accepted : await server.WriteAsync(young.AsMemory(0, length), cancellation);
        return result.Outcome == InfluxOutcome.Accepted
            ? new InfluxWriteResult(InfluxOutcome.LinesRefused) { Reason = refused[0].Reason, Lines = refused }
            : result;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    // Copies the lines that the server keeps and returns their length; names the others.
    private int TakeYoung(ReadOnlySpan<byte> lines, long oldestMicroseconds, TimeSpan retention, List<RefusedLine> refused)
    {
        young = young.Length < lines.Length ? new byte[lines.Length] : young;
        int length = 0;
        for (int index = 0; !lines.IsEmpty; index++)
        {
            ReadOnlySpan<byte> line = lines[..(lines.IndexOf((byte)'\n') + 1)];
            ReadOnlySpan<byte> at = line[(line.LastIndexOf((byte)' ') + 1)..];
            if (Utf8Parser.TryParse(at, out long microseconds, out _) && microseconds < oldestMicroseconds)
            {
                refused.Add(new RefusedLine(index, FormattableString.Invariant(
                    $"older than the {retention.TotalDays:0.##} days that the server keeps (-retentionPeriod); it would drop it without a word")));
            }
            else
            {
                line.CopyTo(young.AsSpan(length));
                length += line.Length;
            }

            lines = lines[line.Length..];
        }

        return length;
    }
}
