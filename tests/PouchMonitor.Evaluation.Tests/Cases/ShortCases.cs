using PouchMonitor.Analysis.Detection;
using PouchMonitor.Simulation;

namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>Shorts: leaks of 10 to 1000 ohms, dendrites that touch and burn off, and hard ones.</summary>
internal static class ShortCases
{
    private const double HourS = 3600;

    public static IEnumerable<CaseKind> All =>
    [
        Soft("10", 10, 30),
        Soft("30", 30, 100),
        Soft("100", 100, 300),
        Soft("300", 300, 1000),
        new CaseKind(CaseSet.Emulated, "soft-short-dips", Dips),
        new CaseKind(CaseSet.Emulated, "hard-short", seed => Hard(seed, 1, 1)),
    ];

    /// <summary>
    /// A leak from some time in the second to fourth day on. A 1 Ah pouch loses 0.4 to 40 C-hundredths through it; told
    /// within three days.
    /// </summary>
    private static CaseKind Soft(string name, double lowOhm, double highOhm) => new(CaseSet.Emulated, $"soft-short-{name}-ohm", seed =>
    {
        SeededNoise dice = Bench.Dice(seed, 21);
        double ohm = dice.LogBetween(lowOhm, highOhm);
        double atS = dice.Between(36, 84) * HourS;
        EmulatedCellProfile cell = Bench.Steady(seed);
        var truth = new CaseTruth();
        var recording = new NodeRecording
        {
            Cell = cell, Seed = seed, Cycles = 60, StepS = 5, IntervalS = 10, UntilS = atS + (72 * HourS),
            Fault = new EmulatedFault { Kind = EmulatedFaultKind.SoftShort, AtS = atS, ShortOhm = ohm },
        };
        return new EvaluationCase
        {
            Name = name,
            Profile = Bench.ProfileOf(cell.Name),
            Samples = recording.Samples(truth),
            DangerFromS = () => truth.FaultS,
            Expected = () =>
            [
                new Expectation(
                    [RuleNames.SoftShort, RuleNames.CoulombicEfficiencyCollapse, RuleNames.HeatResidual],
                    truth.FaultS, truth.FaultS + (72 * HourS), truth.FaultS + (72 * HourS)),
            ],
        };
    });

    private static EvaluationCase Dips(ulong seed)
    {
        SeededNoise dice = Bench.Dice(seed, 22);
        double atS = dice.Between(10, 16) * HourS;
        double perHour = dice.Between(4, 15);
        EmulatedCellProfile cell = Bench.Steady(seed);
        var recording = new NodeRecording { Cell = cell, Seed = seed, Cycles = 8, StepS = 1, IntervalS = 1, UntilS = atS + (20 * HourS) };
        return new EvaluationCase
        {
            Name = "dips",
            Profile = Bench.ProfileOf(cell.Name),
            Samples = recording.Samples(new CaseTruth()).Dips(atS, perHour, seed),
            DangerFromS = () => atS,
            Expected = () => [new Expectation([RuleNames.SoftShort], atS, atS + (20 * HourS), atS + (20 * HourS))],
        };
    }

    /// <summary>Ohms of a fifth to four fifths of the cell's own: the terminals fall below half.</summary>
    public static EvaluationCase Hard(ulong seed, double intervalS, double noiseFactor)
    {
        SeededNoise dice = Bench.Dice(seed, 23);
        EmulatedCellProfile cell = Bench.Steady(seed);
        double atS = dice.Between(0.5, 8) * HourS;
        var truth = new CaseTruth();
        var recording = new NodeRecording
        {
            Cell = cell, Seed = seed, Cycles = 3, StepS = Math.Min(1, intervalS), IntervalS = intervalS, NoiseFactor = noiseFactor, WatchS = 120,
            Fault = new EmulatedFault
            {
                Kind = EmulatedFaultKind.HardShort, AtS = atS, ShortOhm = dice.Between(0.2, 0.8) * cell.OhmicResistanceOhm,
            },
        };
        double slack = 10 + (4 * intervalS);
        return new EvaluationCase
        {
            Name = "hard-short",
            Profile = Bench.ProfileOf(cell.Name),
            Samples = recording.Samples(truth),
            DangerFromS = () => truth.FaultS,
            Expected = () => [new Expectation([RuleNames.HardShort], truth.FaultS, truth.FaultS + slack, truth.FaultS)],
        };
    }
}
