using System.Globalization;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>
/// <c>hard-short</c>: half of the voltage is gone within a second and does not come back, and no step of the current
/// explains it (or it is so near zero that none could). Latches. How it tells others apart: the knee of a discharge is
/// slower; a load step shows in the current, where that is known, and recovers with it; a voltage that is zero from its
/// first reading on while the cell stays cool is a lead that came off, and is given to <c>sensor-fault</c> instead.
/// </summary>
internal sealed class HardShort(CellProfile profile, IFindingSink sink)
{
    private const double StepC = 5;

    private readonly bool isFullCell = profile.Kind is CellKind.Full or CellKind.AnodeFree;
    private readonly double leastStepA = (profile.NominalCapacityAh ?? 0) / 50;
    private readonly RecentReadings readings = new();
    private Memory state = new() { BeforeC = double.NaN };

    public bool IsRaised => state.IsRaised;

    /// <summary>True when the voltage reads zero as a lead that came off does.</summary>
    public bool LeadSeemsOff => state.LeadSeemsOff;

    /// <summary>True when, at this sample and the one before, the voltage is 25 % below its level a second before and no load explains it.</summary>
    public bool IsAnomalous { get; private set; }

    /// <summary>Takes a believed voltage, the current beside it (NaN where none is believed) and the cell's temperatures.</summary>
    public void Add(long timeMicroseconds, double voltageV, double currentA, CellTemperatures temperatures)
    {
        readings.Add(timeMicroseconds, voltageV, currentA);
        state.LargestCurrentA = double.IsNaN(currentA) ? state.LargestCurrentA : Math.Max(state.LargestCurrentA, Math.Abs(currentA));
        state.LeadSeemsOff &= voltageV <= LimitTable.NothingConnectedV;
        if (!state.IsFalling && state.DropSamples == 0 && StandsLevel(voltageV))
        {
            IsAnomalous = false;
            return;
        }

        LookForDrop(timeMicroseconds, voltageV, currentA);
        if (state.IsRaised)
        {
            return;
        }

        if (!state.IsFalling)
        {
            LookForFall(timeMicroseconds, voltageV);
        }

        if (state.IsFalling)
        {
            Judge(timeMicroseconds, voltageV, currentA, temperatures);
        }
    }

    /// <summary>Takes the temperatures of a sample, with or without a voltage.</summary>
    public void Follow(CellTemperatures temperatures)
    {
        if (!state.IsRaised)
        {
            state.BeforeC = temperatures.HighestWithLost();
            return;
        }

        bool tell = state.Maximum.Add(temperatures.Highest, StepC);
        if (!state.IsHot && temperatures.Highest - state.LevelC >= LimitTable.HardShortHot.Raise)
        {
            state.IsHot = true;
            tell = true;
        }

        if (tell)
        {
            Tell();
        }
    }

    public void RestartHolds()
    {
        readings.Clear();
        state.IsFalling = false;
        state.DropSamples = 0;
        IsAnomalous = false;
    }

    public void Complete()
    {
        if (state.IsRaised && state.Maximum.HasUntold)
        {
            Tell();
        }
    }

    public void Save(BinaryWriter writer)
    {
        readings.Save(writer);
        RawState.Write(writer, in state);
    }

    public void Load(BinaryReader reader)
    {
        readings.Load(reader);
        RawState.Read(reader, ref state);
        IsAnomalous = false;
    }

    /// <summary>Level before, volts: the lower of two readings, so that one spike upwards is no level. NaN where too old.</summary>
    private double Level(long timeMicroseconds) =>
        readings.HasOld(timeMicroseconds) && timeMicroseconds - readings.Old.TimeMicroseconds <= LimitTable.OldestLevelMicroseconds
            ? Math.Min(readings.Old.Value, readings.BeforeOld)
            : double.NaN;

    /// <summary>True when the voltage lies below none of the readings before by what makes a drop or a fall.</summary>
    private bool StandsLevel(double voltageV) => voltageV >= readings.Old.Value * (1 - LimitTable.AnomalousDrop);

    private void LookForDrop(long timeMicroseconds, double voltageV, double currentA)
    {
        double level = Level(timeMicroseconds);
        if (state.DropSamples == 1)
        {
            // Read once a second, the level before the drop lies one reading further back by now.
            level = Math.Max(level, readings.BeforeOld);
        }

        bool dropped = level >= LimitTable.LeastLevelV
            && voltageV < level * (1 - LimitTable.AnomalousDrop)
            && !IsLoadStep(readings.Old.Current, currentA);
        state.DropSamples = dropped ? Math.Min(state.DropSamples + 1, 2) : 0;
        IsAnomalous = state.DropSamples == 2;
    }

    private void LookForFall(long timeMicroseconds, double voltageV)
    {
        double level = Level(timeMicroseconds);
        if (!(level >= LimitTable.LeastLevelV && voltageV <= level * LimitTable.HardShort.Raise))
        {
            return;
        }

        state.IsFalling = true;
        state.IsZero = true;
        state.FallMicroseconds = timeMicroseconds;
        state.LevelV = level;
        state.LevelA = readings.Old.Current;
        state.LevelC = state.BeforeC;
        state.Low = default;
        state.NearZero = default;
    }

    private void Judge(long timeMicroseconds, double voltageV, double currentA, CellTemperatures temperatures)
    {
        bool recovered = voltageV > state.LevelV * (1 - LimitTable.HardShort.ClearBelow);
        if (recovered || timeMicroseconds - state.FallMicroseconds > LimitTable.LongestFallMicroseconds)
        {
            state.IsFalling = false;
            return;
        }

        state.IsZero &= voltageV <= LimitTable.NothingConnectedV;
        bool low = voltageV <= state.LevelV * LimitTable.HardShort.Raise && !IsLoadStep(state.LevelA, currentA);
        bool nearZero = isFullCell && voltageV <= state.LevelV * LimitTable.HardShortNearZero.Raise;
        bool held = state.Low.For(low, timeMicroseconds, LimitTable.HardShort);
        held |= state.NearZero.For(nearZero, timeMicroseconds, LimitTable.HardShortNearZero);
        if (!held)
        {
            return;
        }

        if (state.IsZero && !(temperatures.Highest - state.LevelC >= LimitTable.ConnectedRiseC))
        {
            state.LeadSeemsOff = true;
            return;
        }

        state.IsFalling = false;
        state.IsRaised = true;
        state.LeadSeemsOff = false;
        state.OnsetMicroseconds = timeMicroseconds;
        state.VoltageV = voltageV;
        state.HasCurrent = !double.IsNaN(currentA);
        state.IsHot = temperatures.Highest - state.LevelC >= LimitTable.HardShortHot.Raise;
        state.Maximum.Start(temperatures.Highest);
        Tell();
    }

    /// <summary>True when the cell is discharged so much harder than before that the load may explain the voltage.</summary>
    private bool IsLoadStep(double beforeA, double nowA)
    {
        double least = Math.Max(leastStepA, LimitTable.LeastCurrentStep * state.LargestCurrentA);
        return nowA < -least && beforeA - nowA >= least;
    }

    private void Tell()
    {
        state.Maximum.MarkTold();
        double? highest = state.Maximum.HighestC;
        sink.OnFinding(new Finding
        {
            Rule = RuleNames.HardShort,
            OnsetMicroseconds = state.OnsetMicroseconds,
            Severity = state.IsHot ? LimitTable.HardShortHot.Severity : LimitTable.HardShort.Severity,
            Measure = "voltage",
            Observed = state.VoltageV,
            Limit = state.LevelV * LimitTable.HardShort.Raise,
            Unit = "V",
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"voltage fell from {state.LevelV:0.###} V to {state.VoltageV:0.###} V and stays below {100 * LimitTable.HardShort.Raise} %, {(state.HasCurrent ? "which the current does not explain" : "no current is measured")}{(highest is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; highest since {highest:0.0} C"))}"),
            Latches = true,
            MaximumTemperatureC = highest,
            ProposedHazardLevel = HazardProposal.LevelOf(highest),
        });
    }

    private struct Memory
    {
        public bool IsRaised;
        public bool IsHot;
        public bool IsFalling;
        public bool IsZero;
        public bool HasCurrent;
        public bool LeadSeemsOff;
        public int DropSamples;
        public long OnsetMicroseconds;
        public long FallMicroseconds;
        public double VoltageV;
        public double LevelV;
        public double LevelA;
        public double LevelC;
        public double BeforeC;
        public double LargestCurrentA;
        public Hold Low;
        public Hold NearZero;
        public LatchedMaximum Maximum;
    }
}
