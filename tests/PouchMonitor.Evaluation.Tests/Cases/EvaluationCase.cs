using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;

namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>Where the samples of a case come from; the sets are never mixed in a figure.</summary>
internal enum CaseSet
{
    Measured = 0,

    /// <summary>Known truth, the node's stated noise.</summary>
    Emulated = 1,

    /// <summary>Emulated, and something else is wrong or unusual.</summary>
    Adversarial = 2,
}

/// <summary>What must be told.</summary>
/// <param name="Rules">Rules that are right for it. Its sensitivity is counted for the first; the overall one for any of them.</param>
/// <param name="FromS">Earliest time at which telling is right, seconds of the samples; earlier is a false alarm.</param>
/// <param name="UntilS">Latest time at which it is not yet missed.</param>
/// <param name="FailureS">What it warns of: the lead time counts back from here.</param>
internal sealed record Expectation(IReadOnlyList<string> Rules, double FromS, double UntilS, double FailureS)
{
    /// <summary>True where a sensor's alarm counts only when it latches.</summary>
    public bool SensorMustLatch { get; init; }
}

/// <summary>One labelled series.</summary>
internal sealed record EvaluationCase
{
    /// <summary>Kind of case and seed; a kind and a seed make the same series anywhere.</summary>
    public required string Name { get; init; }

    public required CellProfile Profile { get; init; }

    /// <summary>The samples, made as they are read. What is true of them is known once they have been read.</summary>
    public required IEnumerable<Sample> Samples { get; init; }

    /// <summary>What must be told; asked for after the samples have been read.</summary>
    public Func<IReadOnlyList<Expectation>> Expected { get; init; } = () => [];

    /// <summary>Rules that may speak at any time without being wrong.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>Time from which any rule may speak, since the cell is in danger then; asked for after the samples have been read.</summary>
    public Func<double> DangerFromS { get; init; } = () => double.PositiveInfinity;
}

/// <summary>A way to make cases, by seed.</summary>
internal sealed record CaseKind(CaseSet Set, string Name, Func<ulong, EvaluationCase> Make)
{
    public string CaseName(ulong seed) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name}/{seed}");
}
