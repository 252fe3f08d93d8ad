using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Journal;

/// <summary>
/// One frame (or one piece of quarantine) on its way into the journal. The caller pools and reuses entries; the journal
/// owns an entry, its buffer included, from a successful append until <see cref="OnCommitted"/> is called.
/// </summary>
public abstract class JournalEntry
{
    /// <summary>Most bytes one entry may carry.</summary>
    public const int MaximumBytes = 1024 * 1024;

    /// <summary>Most characters of a reason or of a topic that are kept.</summary>
    public const int MaximumTextLength = 1024;

    /// <summary>Holds the raw bytes as they came.</summary>
    public byte[] Buffer = [];

    /// <summary>Where the raw bytes start in <see cref="Buffer"/>.</summary>
    public int Offset;

    /// <summary>Number of raw bytes.</summary>
    public int Length;

    /// <summary>Stream of the frame.</summary>
    public StreamId Stream;

    /// <summary>Number of the first sample (Unix microseconds for boot 0).</summary>
    public long FirstSampleNumber;

    /// <summary>Samples in the frame, 1 or more; exactly 1 for boot 0.</summary>
    public int Count;

    /// <summary>Samples declared lost just before the first.</summary>
    public long DroppedBeforeCount;

    /// <summary>Uptime of the first sample in microseconds (Unix microseconds for boot 0).</summary>
    public long FirstTimeMicroseconds;

    /// <summary>Uptime of the last sample in microseconds (Unix microseconds for boot 0).</summary>
    public long LastTimeMicroseconds;

    /// <summary>True when <see cref="AnchorUnixMicroseconds"/> is known.</summary>
    public bool HasAnchor;

    /// <summary>Unix microseconds at uptime zero of this boot.</summary>
    public long AnchorUnixMicroseconds;

    /// <summary>Unix microseconds at which the gateway received it.</summary>
    public long ReceivedAtMicroseconds;

    /// <summary>True when sent as it was measured, false for backlog.</summary>
    public bool IsLive;

    /// <summary>True when the test ends with the last sample of this frame.</summary>
    public bool EndsTest;

    /// <summary>Where it came from; kept with quarantined and conflicting entries.</summary>
    public string Topic = "";

    /// <summary>
    /// Null for a frame. Otherwise a short name of why the bytes were not understood: the entry then goes to the quarantine
    /// and nothing but <see cref="Topic"/>, <see cref="ReceivedAtMicroseconds"/> and the bytes is looked at.
    /// </summary>
    public string? QuarantineReason;

    /// <summary>The raw bytes.</summary>
    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(Offset, Length);

    /// <summary>
    /// Called once, on the journal's own thread, in the order of appending, after the commit to stable storage. Must be
    /// quick and must not wait for the journal.
    /// </summary>
    /// <param name="outcome">What became of it.</param>
    /// <param name="position">
    /// Position in commit order when stored; of the first copy when a duplicate; in the quarantine's own order when
    /// quarantined or conflicting; -1 when failed.
    /// </param>
    /// <param name="failure">Why it failed, conflicts or was quarantined; null when stored or a duplicate.</param>
    public abstract void OnCommitted(AppendOutcome outcome, long position, string? failure);

    /// <summary>Fills the facts that a decoded frame states.</summary>
    public void Describe(SampleFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Stream = new StreamId(frame.Node, frame.Channel, frame.Boot, frame.Kind);
        FirstSampleNumber = frame.FirstSampleNumber;
        Count = frame.Count;
        DroppedBeforeCount = frame.DroppedBeforeCount;
        FirstTimeMicroseconds = frame.UptimeMicroseconds[0];
        LastTimeMicroseconds = frame.UptimeMicroseconds[frame.Count - 1];
        HasAnchor = frame.HasBootAnchor;
        AnchorUnixMicroseconds = frame.BootAnchorUnixMicroseconds;
        IsLive = frame.IsLive;
        EndsTest = frame.EndsTest;
        QuarantineReason = null;
    }
}
