namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>What a sample changed about an alarm.</summary>
internal enum AlarmChange
{
    None = 0,
    Raised = 1,

    /// <summary>A new extreme by a whole step, or the severe level reached.</summary>
    Grown = 2,
    Cleared = 3,
}

/// <summary>The two levels of an alarm, in a quantity that is worse the larger it is; infinite where not judged.</summary>
internal readonly record struct AlarmLevels(LimitRow Row, double Raise, LimitRow SevereRow, double Severe, double Clear, double Step)
{
    public bool IsJudged => double.IsFinite(Raise) || double.IsFinite(Severe);
}

/// <summary>
/// Hold, hysteresis and extreme of one level-type alarm with two severities. Once severe it stays so until it clears.
/// A missing reading changes nothing: it neither raises nor clears.
/// </summary>
internal sealed class LevelAlarm
{
    /// <summary>Samples in a row that must lie inside to clear.</summary>
    private const int ClearSamples = 2;

    private Memory state = Fresh();

    public bool IsRaised => state.IsRaised;

    /// <summary>True when a reading inside both levels changes nothing.</summary>
    public bool IsQuiet => !state.IsRaised && state.Hold.Samples == 0 && state.SevereHold.Samples == 0
        && double.IsNegativeInfinity(state.Extreme);

    public bool IsSevere => state.IsSevere;

    public long OnsetMicroseconds => state.OnsetMicroseconds;

    /// <summary>The reading at the worst level since the condition began.</summary>
    public double ExtremeReading => state.ExtremeReading;

    /// <summary>Column of that reading.</summary>
    public int ExtremeColumn => state.ExtremeColumn;

    /// <summary>True when the extreme is worse than when the finding was last told.</summary>
    public bool HasUntoldExtreme => state.IsRaised && state.Extreme > state.ToldExtreme;

    /// <summary>
    /// Takes a believed reading. <paramref name="level"/> is compared; <paramref name="reading"/> is what a person reads;
    /// <paramref name="clearLevel"/> is what must have come back (the level itself, or the worst a lost sensor last said).
    /// </summary>
    public AlarmChange Update(
        long timeMicroseconds, in AlarmLevels levels, bool isOver, bool isSeverelyOver, double level, double clearLevel, double reading, int column)
    {
        bool held = state.Hold.For(isOver, timeMicroseconds, levels.Row);
        bool severe = state.SevereHold.For(isSeverelyOver, timeMicroseconds, levels.SevereRow);
        if (!state.IsRaised && state.Hold.Samples == 0 && state.SevereHold.Samples == 0)
        {
            state.Extreme = double.NegativeInfinity;
            return AlarmChange.None;
        }

        if (level > state.Extreme)
        {
            state.Extreme = level;
            state.ExtremeReading = reading;
            state.ExtremeColumn = column;
        }

        if (!state.IsRaised)
        {
            return held || severe ? Raise(timeMicroseconds, severe) : AlarmChange.None;
        }

        if (state.ClearHold.ForClearing(clearLevel <= levels.Clear, timeMicroseconds, levels.Row, ClearSamples))
        {
            state.IsRaised = false;
            return AlarmChange.Cleared;
        }

        if ((severe && !state.IsSevere) || state.Extreme >= state.ToldExtreme + levels.Step)
        {
            state.IsSevere |= severe;
            state.ToldExtreme = state.Extreme;
            return AlarmChange.Grown;
        }

        return AlarmChange.None;
    }

    /// <summary>The time base changed: what was holding starts anew, what is raised stays.</summary>
    public void RestartHolds()
    {
        state.Hold = default;
        state.SevereHold = default;
        state.ClearHold = default;
    }

    public void MarkTold() => state.ToldExtreme = state.Extreme;

    public void Save(BinaryWriter writer) => RawState.Write(writer, in state);

    public void Load(BinaryReader reader) => RawState.Read(reader, ref state);

    private static Memory Fresh() => new() { Extreme = double.NegativeInfinity };

    private AlarmChange Raise(long timeMicroseconds, bool severe)
    {
        state.IsRaised = true;
        state.IsSevere = severe;
        state.OnsetMicroseconds = timeMicroseconds;
        state.ToldExtreme = state.Extreme;
        state.ClearHold = default;
        return AlarmChange.Raised;
    }

    private struct Memory
    {
        public bool IsRaised;
        public bool IsSevere;
        public int ExtremeColumn;
        public long OnsetMicroseconds;
        public Hold Hold;
        public Hold SevereHold;
        public Hold ClearHold;
        public double Extreme;
        public double ExtremeReading;
        public double ToldExtreme;
    }
}
