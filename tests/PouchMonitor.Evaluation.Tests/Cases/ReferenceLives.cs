using PouchMonitor.Analysis.Detection;
using PouchMonitor.Simulation;

namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>The lives of the reference cells as the papers ran them: Ah-class ones at the node's noise, coins at a cycler's.</summary>
internal static class ReferenceLives
{
    private const double EndOfLife = 0.8;
    private const double Resolution = 0.005;

    /// <summary>Improved cells, and the cycles of which the papers tell, with some more where they end near 80 %.</summary>
    public static IReadOnlyList<(string Name, int Cycles)> Improved { get; } =
    [
        ("dne-pouch", 100), ("dne-4v7", 200), ("dne-60c", 260), ("dne-60c-4v5", 300), ("dne-4v5", 300), ("dne-5c", 500), ("dne-dqdv", 100),
        ("tve-pouch", 100), ("tve-4v6", 320), ("tve-50c", 310), ("tve-cold", 1000), ("tve-cold-40c", 160), ("tve-6c", 100),
        ("ispn-622-5c", 165), ("ispn-622-2c", 445), ("ispn-622-1c", 600), ("ispn-622-rate", 50), ("ispn-811", 150), ("ispn-811-thick", 90),
        ("ispn-lfp-10c", 890), ("ispn-lfp-2c", 1300), ("ispn-lfp-rate", 60), ("pota-lco", 1440), ("pota-lco-lean", 100),
        ("pota-lco-rate", 20), ("pota-811", 1000), ("pota-811-eis", 100), ("copc-anode-free", 205), ("copc-lfp", 1000), ("copc-lfp-thick", 350),
        ("copc-lfp-3c", 600), ("copc-lfp-20c", 2000), ("copc-lfp-rate", 30),
    ];

    /// <summary>Baselines with a figure, and the cycle at which the paper calls them failed.</summary>
    public static IReadOnlyList<(string Name, int FailedCycle, string[] Rules)> Baselines { get; } =
    [
        ("dne-4v7-baseline", 100, [RuleNames.CapacityFade]),
        ("dne-60c-baseline", 250, [RuleNames.CapacityFade]),
        ("dne-5c-baseline", 331, [RuleNames.CapacityFade]),
        ("tve-4v6-baseline", 119, [RuleNames.CapacityFade]),
        ("ispn-622-1c-baseline", 185, [RuleNames.CapacityFade]),
        ("ispn-622-rate-baseline", 50, [RuleNames.CapacityFade]),
        ("ispn-lfp-10c-baseline", 300, [RuleNames.CapacityFade]),
        ("pota-lco-baseline", 220, [RuleNames.CapacityFade]),
        ("pota-lco-lean-baseline", 100, [RuleNames.CapacityFade]),
        ("pota-811-eis-baseline", 100, [RuleNames.ResistanceRise, RuleNames.PolarizationRise]),
    ];

    /// <summary>
    /// Nothing before 80 % of the reference is crossed, the crossing itself by <c>capacity-fade</c>; afterwards what follows
    /// of age may be told as well.
    /// </summary>
    public static CaseKind Whole((string Name, int Cycles) life) => new(CaseSet.Emulated, $"life-{life.Name}", seed =>
    {
        var truth = new CaseTruth();

        // Capacities at other rates are no fade.
        bool crosses = EmulatedCells.Create(life.Name).Protocol.Blocks is null || life.Name is "ispn-lfp-10c";
        return new EvaluationCase
        {
            Name = life.Name,
            Profile = Bench.ProfileOf(life.Name),
            Samples = Recording(life.Name, life.Cycles, seed).Samples(truth),
            Expected = () =>
            {
                if (!crosses || truth.CrossingOf(EndOfLife) is not { } crossing)
                {
                    return [];
                }

                double fromS = truth.StartOf(Math.Max(1, crossing - 1));

                // A record every 9 s resolves some 0.25 % of a capacity at 1 C; a slow fade takes many cycles to fall by as much.
                double untilS = truth.CrossingOf(EndOfLife - Resolution) is { } clear ? truth.StartOf(clear + 5) : truth.EndS;
                Expectation fade = new([RuleNames.CapacityFade], fromS, untilS, truth.StartOf(crossing + 1));
                string[] ofAge = [RuleNames.PolarizationRise, RuleNames.ResistanceRise];
                return [fade, .. ofAge.Select(rule => fade with { Rules = [RuleNames.CapacityFade, rule] })];
            },
        };
    });

    public static CaseKind Baseline((string Name, int FailedCycle, string[] Rules) life) => new(CaseSet.Emulated, $"baseline-{life.Name}", seed =>
    {
        var truth = new CaseTruth();
        string[] ofAge = [RuleNames.CapacityFade, RuleNames.PolarizationRise, RuleNames.ResistanceRise, RuleNames.CoulombicEfficiencyCollapse];
        return new EvaluationCase
        {
            Name = life.Name,
            Profile = Bench.ProfileOf(life.Name),
            Samples = Recording(life.Name, life.FailedCycle + 3, seed).Samples(truth),
            Allowed = ofAge,
            DangerFromS = () => truth.FaultS,
            Expected = () => [new Expectation(life.Rules, 0, truth.StartOf(life.FailedCycle), truth.StartOf(life.FailedCycle))],
        };
    });

    private static NodeRecording Recording(string name, int cycles, ulong seed)
    {
        EmulatedCellProfile cell = EmulatedCells.Create(name);
        double stepS = cell.NominalCapacityAh < 0.05 ? cell.Protocol.CoarseStepS : 10;
        return new NodeRecording { Cell = cell, Seed = seed, Cycles = cycles, StepS = stepS, IntervalS = stepS };
    }
}
