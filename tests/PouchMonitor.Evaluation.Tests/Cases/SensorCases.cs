using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;
using PouchMonitor.Simulation;

namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>Sensors that fail: in a healthy cell, which is a fault of the sensor alone, and in a runaway, which they must not hide.</summary>
internal static class SensorCases
{
    private const double HourS = 3600;

    private static readonly (string Name, SensorState State)[] States =
        [("open", SensorState.Open), ("shorted", SensorState.Short), ("frozen", SensorState.Frozen), ("saturated", SensorState.Saturated)];

    public static IEnumerable<CaseKind> All =>
    [
        .. States.Select(state => new CaseKind(CaseSet.Emulated, $"sensor-{state.Name}", seed => Healthy(seed, state.State))),
        new CaseKind(CaseSet.Emulated, "infrared-shifted", Shifted),
        .. Masks.Select(mask => new CaseKind(CaseSet.Emulated, mask.Name, mask.Make)),
    ];

    /// <summary>What must never hide a runaway: the thermistor lost on the way up, with and without the infrared beside it.</summary>
    public static IReadOnlyList<(string Name, Func<ulong, EvaluationCase> Make)> Masks { get; } =
    [
        ("masked-open", seed => Masked(seed, SensorState.Open, infraredToo: false)),
        ("masked-saturated", seed => Masked(seed, SensorState.Saturated, infraredToo: false)),
        ("masked-frozen", seed => Masked(seed, SensorState.Frozen, infraredToo: false)),
        ("masked-open-alone", seed => Masked(seed, SensorState.Open, infraredToo: true)),
        ("masked-saturated-alone", seed => Masked(seed, SensorState.Saturated, infraredToo: true)),
        ("masked-frozen-alone", seed => Masked(seed, SensorState.Frozen, infraredToo: true)),
    ];

    private static EvaluationCase Healthy(ulong seed, SensorState state)
    {
        SeededNoise dice = Bench.Dice(seed, 41);
        EmulatedCellProfile cell = Bench.Steady(seed);
        double atS = dice.Between(1, 9) * HourS;
        int column = dice.NextUnit() < 0.7 ? SampleColumns.Surface : SampleColumns.Infrared;
        var recording = new NodeRecording { Cell = cell, Seed = seed, Cycles = 3, StepS = 1, IntervalS = 2, UntilS = atS + HourS };
        return new EvaluationCase
        {
            Name = "sensor",
            Profile = Bench.ProfileOf(cell.Name),
            Samples = recording.Samples(new CaseTruth()).Lose(column, state, sample => sample.TimeMicroseconds / 1e6 >= atS),
            Expected = () => [new Expectation([RuleNames.SensorFault], atS, atS + 30, atS)],
        };
    }

    /// <summary>A lens that fogs or a probe that comes off: one of the two reads 7 to 15 K lower or higher within ten minutes.</summary>
    private static EvaluationCase Shifted(ulong seed)
    {
        SeededNoise dice = Bench.Dice(seed, 43);
        EmulatedCellProfile cell = Bench.Steady(seed);
        double atS = dice.Between(2, 9) * HourS;
        double shiftK = dice.Between(7, 15) * (dice.NextUnit() < 0.5 ? -1 : 1);
        int column = dice.NextUnit() < 0.5 ? SampleColumns.Surface : SampleColumns.Infrared;
        var recording = new NodeRecording { Cell = cell, Seed = seed, Cycles = 3, StepS = 2, IntervalS = 2, UntilS = atS + HourS };
        return new EvaluationCase
        {
            Name = "shifted",
            Profile = Bench.ProfileOf(cell.Name),
            Samples = recording.Samples(new CaseTruth()).Add(column, timeS => shiftK * Math.Clamp((timeS - atS) / 600, 0, 1)),
            Expected = () => [new Expectation([RuleNames.SensorFault], atS, atS + 1800, atS)],
        };
    }

    /// <summary>Lost between the first second after the short and 130 C, where thermistors end.</summary>
    private static EvaluationCase Masked(ulong seed, SensorState state, bool infraredToo)
    {
        SeededNoise dice = Bench.Dice(seed, 42);
        NodeRecording recording = HeatCases.RunawayRecording(seed, HeatCases.Kinetics[(int)(seed % 3)], 1, 1);
        double lostC = dice.Between(30, 130);
        double faultS = recording.Fault!.AtS;
        var truth = new CaseTruth();
        bool IsGone(Sample sample) =>
            sample.TimeMicroseconds / 1e6 >= faultS + 2 && sample.Values[SampleColumns.Surface] >= lostC;
        IEnumerable<Sample> samples = recording.Samples(truth).Lose(SampleColumns.Surface, state, IsGone);
        if (infraredToo)
        {
            // The infrared thermometer was never there.
            samples = samples.Lose(SampleColumns.Infrared, SensorState.Absent, _ => true);
        }

        return new EvaluationCase
        {
            Name = "masked",
            Profile = Bench.ProfileOf(recording.Cell.Name),
            Samples = samples,
            DangerFromS = () => truth.FaultS,
            Expected = () =>
            [
                new Expectation(
                    [RuleNames.ThermalRunaway, RuleNames.SensorFault], truth.FaultS, truth.EndS,
                    double.IsFinite(truth.RunawayS) ? truth.RunawayS : truth.EndS) { SensorMustLatch = true },
            ],
        };
    }
}
