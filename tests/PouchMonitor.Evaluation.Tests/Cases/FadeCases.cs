using PouchMonitor.Analysis.Detection;
using PouchMonitor.Simulation;

namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>
/// Cells that lose capacity along shapes that no paper's cell has, or that polarize: when 80 % is crossed is counted from
/// the cell's true charge, cycle by cycle.
/// </summary>
internal static class FadeCases
{
    private const double EndOfLife = 0.8;

    public static IEnumerable<CaseKind> All =>
    [
        Shape("straight", (n, life) => 1 - (0.2 * n / life)),
        Shape("concave", (n, life) => 1 - (0.2 * Math.Pow(n / life, 3))),
        Shape("convex", (n, life) => 1 - (0.2 * Math.Sqrt(n / life))),
        Shape("knee", (n, life) => n < 0.8 * life ? 1 - (0.03 * n / life) : 0.976 - (0.88 * ((n / life) - 0.8))),
        Shape("step", (n, life) => n < life ? 1 - (0.04 * n / life) : 0.74),
        Shape("saw-tooth", (n, life) => 1 - (0.2 * n / life) + (0.015 * (1 - (n % 9 / 9)))),
        new CaseKind(CaseSet.Emulated, "polarizing", Polarizing),
    ];

    private static CaseKind Shape(string name, Func<double, double, double> share) => new(CaseSet.Emulated, $"fade-{name}", seed =>
    {
        SeededNoise dice = Bench.Dice(seed, 11);
        int life = (int)dice.Between(25, 70);
        (double, double)[] points = new (double, double)[life + 12];
        points[0] = (1, 1);
        for (int n = 1; n < points.Length; n++)
        {
            points[n] = (n + 1, Math.Max(0.05, share(n, life)));
        }

        EmulatedCellProfile cell = Bench.Steady(seed) with { Retention = new Simulation.RetentionCurve(points) };
        var truth = new CaseTruth();
        var recording = new NodeRecording { Cell = cell, Seed = seed, Cycles = life + 10, StepS = 10, IntervalS = 10 };
        return new EvaluationCase
        {
            Name = name, Profile = Bench.ProfileOf(cell.Name), Samples = recording.Samples(truth), Expected = () => Crossing(truth),

            // A fifth of the capacity gone within one cycle is also a cycle that gave back less than it took.
            Allowed = [RuleNames.CoulombicEfficiencyCollapse],
        };
    });

    /// <summary>Crossing and confirmation: the two cycles after it, and one to spare; noise may move it by one cycle to the front.</summary>
    public static IReadOnlyList<Expectation> Crossing(CaseTruth truth) => truth.CrossingOf(EndOfLife) is not { } crossing
        ? []
        : [new Expectation(
            [RuleNames.CapacityFade], truth.StartOf(Math.Max(1, crossing - 1)), truth.StartOf(crossing + 5), truth.StartOf(crossing + 1))];

    /// <summary>All resistances double within some tens of cycles at unchanged capacity: told before they have, not before they grew by a tenth.</summary>
    private static EvaluationCase Polarizing(ulong seed)
    {
        SeededNoise dice = Bench.Dice(seed, 12);
        double growth = dice.LogBetween(0.02, 0.08);

        // Above the least rise that can count, 30 mV of gap: twice the sum of polarizations at half a C.
        EmulatedCellProfile steady = Bench.Steady(seed);
        EmulatedCellProfile cell = steady with
        {
            ResistanceGrowthPerCycle = growth,
            OhmicResistanceOhm = 2 * steady.OhmicResistanceOhm,
            FastResistanceOhm = 2 * steady.FastResistanceOhm,
            SlowResistanceOhm = 2 * steady.SlowResistanceOhm,
        };
        var truth = new CaseTruth();
        int doubled = (int)Math.Ceiling(1 / growth) + 1;
        var recording = new NodeRecording { Cell = cell, Seed = seed, Cycles = doubled + 2, StepS = 10, IntervalS = 10 };
        return new EvaluationCase
        {
            Name = "polarizing",
            Profile = Bench.ProfileOf(cell.Name),
            Samples = recording.Samples(truth),
            Allowed = [RuleNames.ResistanceRise],
            Expected = () =>
            [
                new Expectation(
                    [RuleNames.PolarizationRise, RuleNames.ResistanceRise],
                    truth.StartOf((int)(0.1 / growth) + 1), truth.StartOf(doubled), truth.StartOf(doubled)),
            ],
        };
    }
}
