using System.Text;

namespace PouchMonitor.Gateway.Influx;

/// <summary>A line that a server refused for good.</summary>
public sealed record RejectedLine(string Line, string Reason);

/// <summary>
/// Brings one batch to a server so that nothing but the offending lines is left out. Where the server does not name them the
/// batch is halved until each stands alone; sending the good ones again does no harm, since points are idempotent.
/// </summary>
internal sealed class BatchDelivery(IInfluxWriter writer)
{
    /// <param name="lines">Whole lines.</param>
    /// <param name="rejected">Receives what the server refuses for good.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>Accepted when each line is stored or rejected; otherwise why it has to be tried again.</returns>
    public async Task<InfluxWriteResult> DeliverAsync(ReadOnlyMemory<byte> lines, List<RejectedLine> rejected, CancellationToken cancellation)
    {
        // The parts that are still to be sent, the first on top.
        Stack<ReadOnlyMemory<byte>> parts = new([lines]);
        while (parts.TryPop(out ReadOnlyMemory<byte> part))
        {
            InfluxWriteResult result = await writer.WriteAsync(part, cancellation);
            switch (result.Outcome)
            {
                case InfluxOutcome.Accepted:
                    break;
                case InfluxOutcome.LinesRefused:
                    RejectNamed(part, result, rejected);
                    break;
                case InfluxOutcome.SomethingRefused:
                    Isolate(part, result, rejected, parts);
                    break;
                default:
                    return result;
            }
        }

        return InfluxWriteResult.Accepted;
    }

    private static void Isolate(
        ReadOnlyMemory<byte> part, InfluxWriteResult result, List<RejectedLine> rejected, Stack<ReadOnlyMemory<byte>> parts)
    {
        int count = part.Span.Count((byte)'\n');
        if (count <= 1 || result.RefusedCount == count)
        {
            for (int at = 0; at < count; at++)
            {
                rejected.Add(new RejectedLine(TextOf(part, at), result.Reason));
            }

            return;
        }

        int cut = EndOfLine(part.Span, (count / 2) - 1);
        parts.Push(part[cut..]);
        parts.Push(part[..cut]);
    }

    private static void RejectNamed(ReadOnlyMemory<byte> part, InfluxWriteResult result, List<RejectedLine> rejected)
    {
        int count = part.Span.Count((byte)'\n');
        foreach (RefusedLine line in result.Lines.Where(line => line.Index < count))
        {
            rejected.Add(new RejectedLine(TextOf(part, line.Index), line.Reason));
        }
    }

    private static string TextOf(ReadOnlyMemory<byte> part, int index)
    {
        int start = index == 0 ? 0 : EndOfLine(part.Span, index - 1);
        return Encoding.UTF8.GetString(part.Span[start..(EndOfLine(part.Span, index) - 1)]);
    }

    private static int EndOfLine(ReadOnlySpan<byte> lines, int index)
    {
        int at = 0;
        for (int line = 0; line <= index; line++)
        {
            at += lines[at..].IndexOf((byte)'\n') + 1;
        }

        return at;
    }
}
