using PouchMonitor.Analysis.Detection;
using PouchMonitor.Measurement;
using PouchMonitor.Simulation;

namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>Heat: runaways of several kinetics, heat that the current does not explain, hot rooms, and voltages outside the window.</summary>
internal static class HeatCases
{
    private const double HourS = 3600;

    public static IEnumerable<CaseKind> All =>
    [
        .. Kinetics.Select(kinetics => new CaseKind(CaseSet.Emulated, $"runaway-{kinetics.Name}", seed => Runaway(seed, kinetics, 1, 1))),
        new CaseKind(CaseSet.Emulated, "heat-unexplained", Unexplained),
        new CaseKind(CaseSet.Emulated, "hot-room", HotRoom),
        new CaseKind(CaseSet.Emulated, "overcharge", seed => Outside(seed, upper: true)),
        new CaseKind(CaseSet.Emulated, "over-discharge", seed => Outside(seed, upper: false)),
    ];

    /// <summary>Usual; slower and cooler to begin; sharp at a higher temperature.</summary>
    public static IReadOnlyList<(string Name, double RatePerS, double ActivationK)> Kinetics { get; } =
        [("usual", 3e11, 12_500), ("early", 2e9, 9_800), ("sharp", 4e17, 18_500)];

    /// <summary>
    /// A short that sets off decomposition. When the criterion of GB 38031 is met is computed from the cell itself; told
    /// within some samples of it.
    /// </summary>
    public static EvaluationCase Runaway(ulong seed, (string Name, double RatePerS, double ActivationK) kinetics, double intervalS, double noiseFactor)
    {
        var truth = new CaseTruth();
        NodeRecording recording = RunawayRecording(seed, kinetics, intervalS, noiseFactor);
        return new EvaluationCase
        {
            Name = kinetics.Name,
            Profile = Bench.ProfileOf(recording.Cell.Name),
            Samples = recording.Samples(truth),
            DangerFromS = () => truth.FaultS,
            Expected = () => double.IsFinite(truth.RunawayS)
                ? [new Expectation([RuleNames.ThermalRunaway], truth.FaultS, truth.RunawayS + 5 + (3 * intervalS), truth.RunawayS)]
                : [new Expectation([RuleNames.ThermalLimit, RuleNames.HardShort], truth.FaultS, truth.EndS, truth.EndS)],
        };
    }

    public static NodeRecording RunawayRecording(
        ulong seed, (string Name, double RatePerS, double ActivationK) kinetics, double intervalS, double noiseFactor)
    {
        SeededNoise dice = Bench.Dice(seed, 31);
        EmulatedCellProfile cell = Bench.Steady(seed) with
        {
            DecompositionRatePerS = kinetics.RatePerS,
            DecompositionActivationK = kinetics.ActivationK,
        };
        return new NodeRecording
        {
            Cell = cell, Seed = seed, Cycles = 2, StepS = Math.Min(0.5, intervalS), IntervalS = intervalS, NoiseFactor = noiseFactor, WatchS = 600,
            Fault = new EmulatedFault
            {
                Kind = EmulatedFaultKind.ThermalEvent,
                AtS = dice.Between(1.2, 2.4) * HourS,
                ShortOhm = dice.LogBetween(0.4, 2.5) * cell.OhmicResistanceOhm,
                DecompositionHeatJ = dice.Between(700, 2500) * cell.NominalCapacityAh,
            },
        };
    }

    /// <summary>A side reaction of 80 to 300 mW for each ampere-hour, several times what such a cell makes by itself.</summary>
    private static EvaluationCase Unexplained(ulong seed)
    {
        SeededNoise dice = Bench.Dice(seed, 32);
        EmulatedCellProfile cell = Bench.Steady(seed);
        double watts = dice.LogBetween(0.08, 0.3) * cell.NominalCapacityAh;
        double atS = dice.Between(50, 70) * HourS;
        double timeConstantS = cell.HeatCapacityJPerK / cell.HeatLossWPerK;
        double RiseK(double timeS) => timeS < atS ? 0 : watts / cell.HeatLossWPerK * (1 - Math.Exp(-(timeS - atS) / timeConstantS));
        var recording = new NodeRecording { Cell = cell, Seed = seed, Cycles = 40, StepS = 5, IntervalS = 10, UntilS = atS + (12 * HourS) };
        return new EvaluationCase
        {
            Name = "heat",
            Profile = Bench.ProfileOf(cell.Name),
            Samples = recording.Samples(new CaseTruth()).Add(SampleColumns.Surface, RiseK).Add(SampleColumns.Infrared, RiseK),
            DangerFromS = () => atS,
            Expected = () => [new Expectation([RuleNames.HeatResidual], atS, atS + (12 * HourS), atS + (12 * HourS))],
        };
    }

    /// <summary>The chamber drifts to 8 K above the profile's warning.</summary>
    private static EvaluationCase HotRoom(ulong seed)
    {
        SeededNoise dice = Bench.Dice(seed, 33);
        EmulatedCellProfile cell = Bench.Steady(seed);
        Analysis.Profiles.CellProfile profile = Bench.ProfileOf(cell.Name);
        double atS = dice.Between(6, 12) * HourS;
        double perHourK = dice.Between(5, 40);
        double endK = profile.WarningTemperatureC!.Value + 8 - cell.AmbientC;
        double RiseK(double timeS) => Math.Clamp((timeS - atS) / HourS * perHourK, 0, endK);
        double warningS = atS + ((profile.WarningTemperatureC.Value - cell.AmbientC) / perHourK * HourS);
        var recording = new NodeRecording { Cell = cell, Seed = seed, Cycles = 20, StepS = 5, IntervalS = 10, UntilS = warningS + HourS };
        return new EvaluationCase
        {
            Name = "hot-room",
            Profile = profile,
            Samples = recording.Samples(new CaseTruth())
                .Add(SampleColumns.Surface, RiseK).Add(SampleColumns.Infrared, RiseK).Add(SampleColumns.Ambient, RiseK),

            // The cell's own heat and the room's wander take it there a little earlier.
            Expected = () => [new Expectation([RuleNames.ThermalLimit], warningS - (3 * HourS / perHourK), warningS + 300, warningS)],
        };
    }

    /// <summary>A cycler that is set 60 to 300 mV past the profile's window.</summary>
    private static EvaluationCase Outside(ulong seed, bool upper)
    {
        SeededNoise dice = Bench.Dice(seed, 34);
        EmulatedCellProfile cell = Bench.SteadyWithWindow(seed);
        double byV = dice.LogBetween(0.06, 0.3);
        CyclerProtocol protocol = upper
            ? cell.Protocol with { UpperVoltageV = cell.Protocol.UpperVoltageV + byV }
            : cell.Protocol with { LowerVoltageV = cell.Protocol.LowerVoltageV - byV };
        var recording = new NodeRecording
        {
            Cell = cell with { OpenCircuit = OpenCircuitCurves.Ncm(2.2, cell.Protocol.UpperVoltageV) }, Protocol = protocol, Seed = seed,
            Cycles = 2, StepS = 1, IntervalS = 2,
        };
        var truth = new CaseTruth();
        return new EvaluationCase
        {
            Name = "outside",
            Profile = Bench.ProfileOf(cell.Name),
            Samples = recording.Samples(truth),
            Expected = () => [new Expectation([RuleNames.VoltageLimit], 0, truth.EndS, truth.EndS)],
        };
    }
}
