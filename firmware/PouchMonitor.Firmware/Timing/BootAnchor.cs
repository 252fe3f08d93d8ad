namespace PouchMonitor.Firmware.Timing;

/// <summary>
/// Where uptime zero of this boot lies on the clock. The network's time comes late, may be wrong at first and may be set
/// again; samples need one answer that never moves. So a reading of the clock counts once it lies in a plausible year and
/// every reading for some time after agrees with it, and the answer is then kept for the whole boot, whatever the clock
/// does. Until then there is none, and the gateway gives the samples of before their times from a later frame.
/// Used by the sampling and the publishing thread.
/// </summary>
public sealed class BootAnchor
{
    /// <summary>First microsecond of 2021: before the network has told it the date is that of the runtime's epoch.</summary>
    public const long FirstPlausibleMicroseconds = 1609459200L * 1000000;

    /// <summary>First microsecond of 2100.</summary>
    public const long EndOfPlausibleMicroseconds = 4102444800L * 1000000;

    /// <summary>Readings that differ by more contradict each other: the clock was set. Half a second; network time is good to tens of ms.</summary>
    public const long AgreementMicroseconds = 500000;

    private readonly object gate = new object();
    private readonly IBoard board;
    private readonly long confirmMicroseconds;
    private bool hasCandidate;
    private long candidateUnixMicroseconds;
    private long candidateSinceMicroseconds;

    public BootAnchor(IBoard board, long confirmMicroseconds)
    {
        this.board = board;
        this.confirmMicroseconds = confirmMicroseconds;
    }

    /// <summary>True once the answer is known.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Unix microseconds at uptime zero; 0 while not known.</summary>
    public long UnixMicroseconds { get; private set; }

    /// <summary>Readings before the answer that contradicted the one before them.</summary>
    public int ContradictionCount { get; private set; }

    /// <summary>Looks at the clock; true when the answer is known.</summary>
    public bool TryGet(out long unixMicroseconds)
    {
        lock (gate)
        {
            if (!IsKnown)
            {
                Observe();
            }

            unixMicroseconds = UnixMicroseconds;
            return IsKnown;
        }
    }

    /// <summary>
    /// By how much the clock is ahead of anchor and uptime now: what the crystal has lost since, and every step of the
    /// clock. False while one of them is not known.
    /// </summary>
    public bool TryGetOffset(out long microseconds)
    {
        microseconds = 0;
        if (!IsKnown || !board.TryGetBootAnchor(out long reading) || !IsPlausible(reading))
        {
            return false;
        }

        microseconds = reading - UnixMicroseconds;
        return true;
    }

    private static bool IsPlausible(long unixMicroseconds) =>
        unixMicroseconds >= FirstPlausibleMicroseconds && unixMicroseconds < EndOfPlausibleMicroseconds;

    private void Observe()
    {
        if (!board.TryGetBootAnchor(out long reading) || !IsPlausible(reading + board.Clock.UptimeMicroseconds))
        {
            hasCandidate = false;
            return;
        }

        long now = board.Clock.UptimeMicroseconds;
        long difference = reading - candidateUnixMicroseconds;
        if (!hasCandidate || difference > AgreementMicroseconds || difference < -AgreementMicroseconds)
        {
            ContradictionCount += hasCandidate ? 1 : 0;
            hasCandidate = true;
            candidateUnixMicroseconds = reading;
            candidateSinceMicroseconds = now;
        }

        if (now - candidateSinceMicroseconds >= confirmMicroseconds)
        {
            IsKnown = true;
            UnixMicroseconds = candidateUnixMicroseconds;
        }
    }
}
