using System.Globalization;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>
/// <c>thermal-runaway</c> by GB 38031-2025: dT/dt of 1 C/s or more for more than 3 s, and the voltage more than 25 % below
/// its initial value or the temperature at or above the maker's maximum. Reported as the standard states it, with the
/// maximum since and a proposed hazard level beside it, since a mild outcome can meet it. Latches.
/// </summary>
internal sealed class ThermalRunaway(CellProfile profile, IFindingSink sink)
{
    private const double StepC = 2;

    private readonly double maximumC = profile.MaximumWorkingTemperatureC ?? double.PositiveInfinity;
    private Memory state;

    public bool IsRaised => state.IsRaised;

    /// <summary>
    /// Takes a sample: the sensor whose rate meets the criterion (-1 where none), and what is judged beside the rate.
    /// </summary>
    public void Add(long timeMicroseconds, HeatingRate heating, in RunawayBasis basis)
    {
        if (state.IsRaised)
        {
            if (state.Maximum.Add(basis.HighestC, StepC))
            {
                Tell();
            }

            return;
        }

        if (heating.RunawayColumn < 0)
        {
            return;
        }

        if (basis.HasSecondCondition(maximumC))
        {
            state.IsRaised = true;
            state.OnsetMicroseconds = timeMicroseconds;
            state.Column = heating.RunawayColumn;
            state.RateCPerS = heating.RateOf(heating.RunawayColumn);
            state.HasDropped = basis.HasDropped;
            state.VoltageV = basis.VoltageV;
            state.InitialV = basis.InitialV;
            state.OnsetC = basis.HighestC;
            state.Maximum.Start(basis.HighestC);
            Tell();
        }
    }

    public void Complete()
    {
        if (state.IsRaised && state.Maximum.HasUntold)
        {
            Tell();
        }
    }

    public void Save(BinaryWriter writer) => RawState.Write(writer, in state);

    public void Load(BinaryReader reader) => RawState.Read(reader, ref state);

    private void Tell()
    {
        state.Maximum.MarkTold();
        double? highest = state.Maximum.HighestC;
        string second = state.HasDropped
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"voltage {state.VoltageV:0.###} V is more than {100 * LimitTable.RunawayVoltageDrop.Raise} % below the initial {state.InitialV:0.###} V")
            : string.Create(CultureInfo.InvariantCulture, $"{state.OnsetC:0.#} C is at or above the maximum of {maximumC:0.#} C");
        sink.OnFinding(new Finding
        {
            Rule = RuleNames.ThermalRunaway,
            OnsetMicroseconds = state.OnsetMicroseconds,
            Severity = LimitTable.RunawayRate.Severity,
            Measure = "heatingRate",
            Observed = state.RateCPerS,
            Limit = LimitTable.RunawayRate.Raise,
            Unit = "C/s",
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"{ColumnText.Words(state.Column)} rises by {state.RateCPerS:0.##} C/s, 1 C/s or more for more than 3 s, and {second} (GB 38031-2025); highest since {highest:0.0} C; {HazardProposal.Describe(highest)}"),
            Latches = true,
            MaximumTemperatureC = highest,
            ProposedHazardLevel = HazardProposal.LevelOf(highest),
        });
    }

    private struct Memory
    {
        public bool IsRaised;
        public bool HasDropped;
        public int Column;
        public long OnsetMicroseconds;
        public double RateCPerS;
        public double VoltageV;
        public double InitialV;
        public double OnsetC;
        public LatchedMaximum Maximum;
    }
}
