using System.Globalization;
using System.Text.RegularExpressions;

namespace PouchMonitor.EndToEnd.Tests.Durability;

/// <summary>
/// Reads what <c>strace -f -xx</c> wrote of writes and syncs: one event for the start and one for the end of each call, in
/// the order in which the tracer saw them.
/// </summary>
internal sealed partial class SystemCallTrace
{
    private readonly List<Event> events = [];

    public static readonly string[] Tracer =
        ["strace", "-f", "-xx", "-s", "8388608", "-e", "trace=fdatasync,fsync,pwrite64,pwritev,write,writev,sendto,sendmsg", "-o"];

    /// <summary>What precedes its proof: frames whose acknowledgement was sent without their sync having returned before.</summary>
    /// <param name="frames">Bytes and packet id of each frame that was acknowledged.</param>
    public List<string> Violations(IReadOnlyList<(byte[] Bytes, ushort PacketId)> frames)
    {
        var violations = new List<string>();
        var acknowledged = Acknowledgements();
        foreach (var (bytes, packetId) in frames)
        {
            int written = events.FindIndex(each => each is { IsEnd: true, Name: "pwrite64" or "pwritev" } && Holds(each.Data, bytes));
            int syncStart = written < 0 ? -1 : events.FindIndex(
                written, each => each is { IsEnd: false, Name: "fdatasync" or "fsync" } && each.Descriptor == events[written].Descriptor);
            int synced = syncStart < 0 ? -1 : events.FindIndex(
                syncStart, each => each is { IsEnd: true, Name: "fdatasync" or "fsync" } && each.Thread == events[syncStart].Thread);
            bool isSent = acknowledged.TryGetValue(packetId, out int sent);
            if (written < 0 || synced < 0 || !events[synced].IsSuccess || !isSent || sent < synced)
            {
                violations.Add($"packet {packetId}: written {written}, sync from {syncStart} to {synced}, acknowledged {(isSent ? sent : -1)}");
            }
        }

        return violations;
    }

    /// <summary>Where each packet id was first acknowledged, taking sends apart into MQTT packets.</summary>
    private Dictionary<ushort, int> Acknowledgements()
    {
        var first = new Dictionary<ushort, int>();
        for (int at = 0; at < events.Count; at++)
        {
            var each = events[at];
            if (each.IsEnd || each.Name is not ("sendto" or "sendmsg" or "write" or "writev"))
            {
                continue;
            }

            var data = each.Data;
            for (int offset = 0; offset + 4 <= data.Length && data[offset] is 0x20 or 0x40 && data[offset + 1] == 2; offset += 4)
            {
                if (data[offset] == 0x40)
                {
                    first.TryAdd((ushort)((data[offset + 2] << 8) | data[offset + 3]), at);
                }
            }
        }

        return first;
    }

    public static SystemCallTrace Parse(IEnumerable<string> lines)
    {
        var trace = new SystemCallTrace();
        var open = new Dictionary<int, Event>();
        foreach (string line in lines)
        {
            var match = Line().Match(line);
            if (!match.Success)
            {
                continue;
            }

            int thread = int.Parse(match.Groups["thread"].Value, CultureInfo.InvariantCulture);
            string rest = match.Groups["rest"].Value;
            bool isUnfinished = rest.EndsWith("<unfinished ...>", StringComparison.Ordinal);
            Event call;
            if (match.Groups["resumed"].Success)
            {
                if (!open.Remove(thread, out call!))
                {
                    continue;
                }
            }
            else
            {
                string name = match.Groups["name"].Value;
                int comma = rest.AsSpan().IndexOfAny(',', ')', ' ');
                int descriptor = int.Parse(rest.AsSpan(0, comma), CultureInfo.InvariantCulture);
                call = new Event(thread, name, descriptor, BytesOf(rest), false, false);
                trace.events.Add(call);
            }

            if (isUnfinished)
            {
                open[thread] = call;
            }
            else
            {
                int result = rest.LastIndexOf(" = ", StringComparison.Ordinal);
                bool isSuccess = result >= 0 && result + 3 < rest.Length && char.IsAsciiDigit(rest[result + 3]);
                trace.events.Add(call with { IsEnd = true, IsSuccess = isSuccess });
            }
        }

        return trace;
    }

    private static bool Holds(byte[] data, byte[] wanted) => data.AsSpan().IndexOf(wanted) >= 0;

    // All quoted hexadecimal strings of a call, one after the other.
    private static byte[] BytesOf(string text)
    {
        using var bytes = new MemoryStream();
        bool isInside = false;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                isInside = !isInside;
            }
            else if (isInside && text[at] == '\\' && text[at + 1] == 'x')
            {
                bytes.WriteByte(Convert.ToByte(text.Substring(at + 2, 2), 16));
                at += 3;
            }
        }

        return bytes.ToArray();
    }

    [GeneratedRegex(
        @"^(?<thread>\d+)\s+(?:(?<resumed><\.\.\. )(?<name>\w+) resumed>|(?<name>\w+)\()(?<rest>.*)$", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Line();

    private sealed record Event(int Thread, string Name, int Descriptor, byte[] Data, bool IsEnd, bool IsSuccess);
}
