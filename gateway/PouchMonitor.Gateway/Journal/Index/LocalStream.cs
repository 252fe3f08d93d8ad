using System.Runtime.InteropServices;
using PouchMonitor.Gateway.Journal.Format;

namespace PouchMonitor.Gateway.Journal.Index;

/// <summary>What one segment holds of one stream.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct LocalFacts
{
    public long Frames;
    public long Samples;
    public long LowestFirst;
    public long HighestFirst;
    public long HighestEnd;
    public long LowestTime;
    public long HighestTime;
    public long FirstArrival;
    public long LastArrival;
    public long? Anchor;
    public bool EndsTest;

    public static LocalFacts Of(in FrameFacts frame, long? anchor) => new()
    {
        Frames = 1,
        Samples = frame.Count,
        LowestFirst = frame.First,
        HighestFirst = frame.First,
        HighestEnd = frame.First + frame.Count,
        LowestTime = frame.FirstTime,
        HighestTime = frame.LastTime,
        FirstArrival = frame.ReceivedAt,
        LastArrival = frame.ReceivedAt,
        Anchor = anchor,
        EndsTest = (frame.Flags & RecordFlags.EndsTest) != 0,
    };

    public void Add(in LocalFacts more)
    {
        if (Frames == 0)
        {
            this = more;
            return;
        }

        Frames += more.Frames;
        Samples += more.Samples;
        LowestFirst = Math.Min(LowestFirst, more.LowestFirst);
        HighestFirst = Math.Max(HighestFirst, more.HighestFirst);
        HighestEnd = Math.Max(HighestEnd, more.HighestEnd);
        LowestTime = Math.Min(LowestTime, more.LowestTime);
        HighestTime = Math.Max(HighestTime, more.HighestTime);
        FirstArrival = Math.Min(FirstArrival, more.FirstArrival);
        LastArrival = Math.Max(LastArrival, more.LastArrival);
        Anchor = more.Anchor ?? Anchor;
        EndsTest |= more.EndsTest;
    }
}

/// <summary>A stream's place in the index of a segment that is in memory.</summary>
internal sealed class LocalStream(MemoryIndex owner, StreamDefinition definition)
{
    private volatile int committedHead = -1;

    public MemoryIndex Owner { get; } = owner;

    public StreamDefinition Definition { get; } = definition;

    /// <summary>Facts including the group under way.</summary>
    public LocalFacts Facts;

    /// <summary>Index entry last added.</summary>
    public int Head { get; set; } = -1;

    /// <summary>Index entry last made durable.</summary>
    public int CommittedHead => committedHead;

    public LocalFacts Committed;

    public bool IsTouched { get; set; }

    public void Commit()
    {
        Committed = Facts;
        committedHead = Head;
        IsTouched = false;
    }

    public void RollBack()
    {
        Facts = Committed;
        Head = committedHead;
        IsTouched = false;
    }
}
