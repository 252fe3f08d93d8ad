using PouchMonitor.Simulation;

namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>Cells of which nothing is to be told: the papers' pouches over a good part of their life, at the node's noise.</summary>
internal static class HealthyCases
{
    public static IEnumerable<CaseKind> All =>
    [
        .. Bench.Pouches.Select(name => new CaseKind(CaseSet.Emulated, $"healthy-{name}", seed => Life(name, seed))),
        new CaseKind(CaseSet.Emulated, "healthy-one-hertz", OneHertz),
    ];

    private static EvaluationCase Life(string name, ulong seed) => Case(name, seed, new NodeRecording
    {
        Cell = EmulatedCells.Varied(EmulatedCells.Create(name), seed), Seed = seed, Cycles = 40, StepS = 10, IntervalS = 10,
    });

    private static EvaluationCase OneHertz(ulong seed)
    {
        EmulatedCellProfile cell = Bench.Steady(seed);
        return Case(cell.Name, seed, new NodeRecording { Cell = cell, Seed = seed, Cycles = 5, StepS = 1, IntervalS = 1 });
    }

    private static EvaluationCase Case(string name, ulong seed, NodeRecording recording) => new()
    {
        Name = $"{name}/{seed}", Profile = Bench.ProfileOf(name), Samples = recording.Samples(new CaseTruth()),
    };
}
