using System.Collections.Concurrent;
using PouchMonitor.Evaluation.Tests.Cases;

namespace PouchMonitor.Evaluation.Tests.Scoring;

/// <summary>Runs all cases of a set once and keeps the verdicts.</summary>
internal static class CaseRuns
{
    private const int SeedsOfASoak = 200;
    private const int SeedsOfAChange = 20;
    private const ulong FirstSeed = 60_001;

    private static readonly ConcurrentDictionary<CaseSet, Lazy<CaseVerdict[]>> Done = new();

    public static bool IsSoak => Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1";

    public static int Seeds => IsSoak ? SeedsOfASoak : SeedsOfAChange;

    public static CaseVerdict[] Of(CaseSet set) => Done.GetOrAdd(set, static each => new Lazy<CaseVerdict[]>(() => Run(each))).Value;

    public static CaseVerdict[] Run(IEnumerable<(CaseKind Kind, ulong Seed)> cases)
    {
        (CaseKind Kind, ulong Seed)[] all = [.. cases];
        var verdicts = new CaseVerdict[all.Length];
        Parallel.For(
            0, all.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            i => verdicts[i] = CaseVerdict.Of(all[i].Kind, all[i].Seed));
        return verdicts;
    }

    private static CaseVerdict[] Run(CaseSet set) => Run(CaseKinds.All
        .Where(kind => kind.Set == set)
        .SelectMany(kind => Enumerable.Range(0, set == CaseSet.Measured ? 1 : Seeds), (kind, i) => (kind, FirstSeed + (ulong)i)));
}
