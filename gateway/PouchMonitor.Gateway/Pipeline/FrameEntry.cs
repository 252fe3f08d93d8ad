using System.Collections.Concurrent;
using PouchMonitor.Gateway.Journal;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// One publish on its way: from the socket into the journal, then (acknowledged) to its worker, then back to the pool.
/// </summary>
internal sealed class FrameEntry : JournalEntry
{
    private readonly FrameEntryPool pool;

    public FrameEntry(FrameEntryPool pool) => this.pool = pool;

    /// <summary>Acknowledges the publish; meaningless where <see cref="IsAcknowledgeable"/> is false.</summary>
    public MessageReceipt Receipt { get; set; }

    /// <summary>True when a publisher waits for the acknowledgement.</summary>
    public bool IsAcknowledgeable { get; set; }

    /// <summary>The samples that came in the same message, where it had several; null for a frame.</summary>
    public MessageGroup? Group { get; set; }

    /// <summary>Worker that owns the channel.</summary>
    public ChannelWorker? Worker { get; set; }

    /// <summary>True once durable.</summary>
    public bool IsStored { get; set; }

    /// <summary>Position in the journal's commit order, once durable.</summary>
    public long Position { get; private set; }

    /// <summary>True once the limit rules have seen it, so that a retried frame is not judged twice.</summary>
    public bool IsLiveJudged { get; set; }

    /// <summary>Copies the bytes in, growing the buffer only when it has never been this large.</summary>
    public void Fill(ReadOnlySpan<byte> bytes)
    {
        if (Buffer.Length < bytes.Length)
        {
            Buffer = new byte[Math.Max(512, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)bytes.Length))];
        }

        bytes.CopyTo(Buffer);
        Offset = 0;
        Length = bytes.Length;
    }

    public override void OnCommitted(AppendOutcome outcome, long position, string? failure)
    {
        Position = position;
        pool.Owner.Committed(this, outcome, failure);
    }

    public void Recycle() => pool.Return(this);
}

/// <summary>One message of several samples: acknowledged when the last of them is durable, whichever that is.</summary>
internal sealed class MessageGroup(int count)
{
    private int left = count;

    /// <returns>True for the one call that completes the message.</returns>
    public bool CompletesWithThis() => Interlocked.Decrement(ref left) == 0;
}

/// <summary>Bounded pool of entries.</summary>
internal sealed class FrameEntryPool(SamplePipeline owner)
{
    private const int Most = 16384;
    private const int LargestKeptBytes = 8192;
    private readonly ConcurrentQueue<FrameEntry> free = [];

    public SamplePipeline Owner { get; } = owner;

    public FrameEntry Rent()
    {
        if (!free.TryDequeue(out FrameEntry? entry))
        {
            entry = new FrameEntry(this);
        }

        entry.IsStored = false;
        entry.IsLiveJudged = false;
        entry.IsAcknowledgeable = false;
        entry.Group = null;
        entry.QuarantineReason = null;
        entry.Worker = null;
        return entry;
    }

    public void Return(FrameEntry entry)
    {
        if (entry.Buffer.Length <= LargestKeptBytes && free.Count < Most)
        {
            free.Enqueue(entry);
        }
    }
}
