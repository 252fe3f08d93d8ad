using System.Runtime.InteropServices;
using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Gateway.Journal.Index;

namespace PouchMonitor.Gateway.Journal;

/// <summary>What is known of a stream over all segments.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct StreamFacts
{
    public RangeSet Stored;
    public RangeSet Accounted;
    public long Frames;
    public long Samples;
    public long LowestFirst;
    public long HighestFirst;
    public long LowestTime;
    public long HighestTime;
    public long FirstArrival;
    public long LastArrival;
    public long FirstSegment;
    public long LastSegment;
    public long? Anchor;
    public bool EndsTest;

    public void Add(bool isKeyed, in FrameFacts frame, long? anchor, long segment)
    {
        var one = LocalFacts.Of(frame, anchor);
        Add(one, segment);
        if (!isKeyed)
        {
            Stored.Add(frame.First, frame.First + frame.Count);
            Accounted.Add(frame.First - frame.Dropped, frame.First + frame.Count);
        }
    }

    public void Add(in LocalFacts facts, long segment)
    {
        bool isFirst = Frames == 0;
        LowestFirst = isFirst ? facts.LowestFirst : Math.Min(LowestFirst, facts.LowestFirst);
        HighestFirst = isFirst ? facts.HighestFirst : Math.Max(HighestFirst, facts.HighestFirst);
        LowestTime = isFirst ? facts.LowestTime : Math.Min(LowestTime, facts.LowestTime);
        HighestTime = isFirst ? facts.HighestTime : Math.Max(HighestTime, facts.HighestTime);
        FirstArrival = isFirst ? facts.FirstArrival : Math.Min(FirstArrival, facts.FirstArrival);
        LastArrival = isFirst ? facts.LastArrival : Math.Max(LastArrival, facts.LastArrival);
        FirstSegment = isFirst ? segment : FirstSegment;
        LastSegment = segment;
        Frames += facts.Frames;
        Samples += facts.Samples;
        Anchor = facts.Anchor ?? Anchor;
        EndsTest |= facts.EndsTest;
    }
}

/// <summary>
/// A stream: what the writer has taken of it (<see cref="Working"/>, touched by the journal's thread alone) and what is
/// durable (<see cref="committed"/>, under a lock).
/// </summary>
internal sealed class StreamState(StreamId id)
{
    private readonly Lock gate = new();
    private StreamFacts committed;

    public StreamId Id { get; } = id;

    /// <summary>Kept here since it is asked for with every frame.</summary>
    public bool IsKeyed { get; } = id.IsKeyed;

    /// <summary>State including the group under way.</summary>
    public StreamFacts Working;

    /// <summary>Number of the group that last touched it.</summary>
    public long TouchedByGroup { get; set; }

    /// <summary>Its place in the newest segment it was written to; may be an older one than is now written.</summary>
    public LocalStream? Local { get; set; }

    public void Commit()
    {
        Working.Stored.Freeze();
        Working.Accounted.Freeze();
        lock (gate)
        {
            committed = Working;
        }
    }

    public void RollBack()
    {
        Working = Committed();
        Local = null;
    }

    public StreamFacts Committed()
    {
        lock (gate)
        {
            return committed;
        }
    }

    public StreamSummary? Summarize()
    {
        var facts = Committed();
        if (facts.Frames == 0)
        {
            return null;
        }

        return new StreamSummary
        {
            Id = Id,
            AnchorUnixMicroseconds = facts.Anchor,
            FirstArrivalMicroseconds = facts.FirstArrival,
            LastArrivalMicroseconds = facts.LastArrival,
            FirstTimeMicroseconds = facts.LowestTime,
            LastTimeMicroseconds = facts.HighestTime,
            FrameCount = facts.Frames,
            SampleCount = facts.Samples,
            CommittedBelow = facts.Accounted.ReachFromZero,
            EndsTest = facts.EndsTest,
            Stored = Id.IsKeyed ? [new SampleRange(facts.LowestFirst, facts.HighestFirst + 1)] : facts.Stored.ToArray(),
            Accounted = facts.Accounted.ToArray(),
        };
    }
}
