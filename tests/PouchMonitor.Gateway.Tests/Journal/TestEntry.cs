using System.Buffers.Binary;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Journal;

/// <summary>An entry that remembers what became of it.</summary>
internal sealed class TestEntry : JournalEntry
{
    private readonly TaskCompletionSource reported = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AppendOutcome? Outcome { get; private set; }

    public long Position { get; private set; } = -2;

    public string? Failure { get; private set; }

    public int Reports { get; private set; }

    public Action<TestEntry>? Then { get; init; }

    public Task Reported => reported.Task;

    public override void OnCommitted(AppendOutcome outcome, long position, string? failure)
    {
        Outcome = outcome;
        Position = position;
        Failure = failure;
        Reports++;
        Then?.Invoke(this);
        reported.TrySetResult();
    }

    /// <summary>A frame whose bytes are made from its identity and a variant, so that every reader can check them.</summary>
    public static TestEntry Frame(
        long first, int count, string channel = "1", ulong boot = 7, int variant = 0, int bytes = 60, long dropped = 0,
        FrameKind kind = FrameKind.Samples, long? anchor = null, Action<TestEntry>? then = null) =>
        new()
        {
            Stream = new StreamId("n1", channel, boot, kind),
            FirstSampleNumber = first,
            Count = count,
            DroppedBeforeCount = dropped,
            FirstTimeMicroseconds = boot == 0 ? first : first * 1000,
            LastTimeMicroseconds = boot == 0 ? first : (first + count - 1) * 1000,
            HasAnchor = anchor.HasValue,
            AnchorUnixMicroseconds = anchor.GetValueOrDefault(),
            ReceivedAtMicroseconds = 1_763_700_000_000_000 + first,
            IsLive = variant == 0,
            Topic = $"pouch/v1/n1/{channel}/frame",
            Buffer = BytesOf(channel, boot, first, count, variant, bytes),
            Length = bytes,
            Then = then,
        };

    public static TestEntry Poison(string reason, int bytes = 40, byte fill = 9) =>
        new() { QuarantineReason = reason, Topic = "pouch/v1/n1/1/frame", Buffer = [.. Enumerable.Repeat(fill, bytes)], Length = bytes };

    public static byte[] BytesOf(string channel, ulong boot, long first, int count, int variant, int bytes)
    {
        var made = new byte[bytes];
        var random = new Random(unchecked(((((int)boot * 31) + (int)first) * 31) + (count * 31) + variant));
        random.NextBytes(made);
        if (bytes >= 16)
        {
            BinaryPrimitives.WriteInt64LittleEndian(made, first);
            BinaryPrimitives.WriteInt32LittleEndian(made.AsSpan(8), count);
            BinaryPrimitives.WriteInt32LittleEndian(made.AsSpan(12), variant + (1000 * channel[0]));
        }

        return made;
    }
}
