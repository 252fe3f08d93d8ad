using PouchMonitor.Analysis.Detection.Limits;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// Since when something about the temperature has held: at two readings in a row or more and for the 10 s after which a temperature limit
/// clears (<see cref="LimitTable.ThermalWarning"/>), so that one low reading, or an interference of seconds, ends no observation.
/// </summary>
internal struct SteadySince
{
    private long sinceMicroseconds;
    private bool holds;

    /// <summary>First reading of the run, microseconds; null where it does not hold, or not yet for so long.</summary>
    public long? Microseconds { get; private set; }

    /// <summary>Takes a reading; true where a run begins with it.</summary>
    public bool Add(long timeMicroseconds, bool nowHolds)
    {
        bool begins = nowHolds && !holds;
        sinceMicroseconds = begins ? timeMicroseconds : sinceMicroseconds;
        holds = nowHolds;
        bool isSteady = holds && timeMicroseconds - sinceMicroseconds >= Hold.Microseconds(LimitTable.ThermalWarning.ClearHoldS);
        Microseconds = isSteady ? sinceMicroseconds : null;
        return begins;
    }
}
