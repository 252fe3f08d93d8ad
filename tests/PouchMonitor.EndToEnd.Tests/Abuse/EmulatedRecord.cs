using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Simulation.Abuse;

namespace PouchMonitor.EndToEnd.Tests.Abuse;

/// <summary>What came of one emulated abuse, to be judged by several plans, with the truth beside it.</summary>
internal sealed class EmulatedRecord
{
    private readonly Sample[] samples;
    private readonly AbuseImage[] images;
    private readonly JsonElement? edge;

    public EmulatedRecord(AbuseScript script, double lengthS, AbuseTruth truth, bool hasTriggerInput = true)
    {
        Truth = truth;
        LengthS = lengthS;
        AbuseBench bench = new(script, hasTriggerInput);
        bench.RunUntilAfterEvent(lengthS);
        EventS = bench.EventS;
        samples = [.. bench.Samples()];
        images = [.. bench.Images()];
        edge = bench.TriggerEvent();
    }

    public AbuseTruth Truth { get; }

    /// <summary>Time after the event that was recorded, s.</summary>
    public double LengthS { get; }

    /// <summary>Unix time of the event, s.</summary>
    public double EventS { get; }

    /// <summary>The plans the product brings for a kind of abuse.</summary>
    public static IEnumerable<AbusePlan> PlansOf(EmulatedAbuseKind kind) =>
        AbusePlans.BuiltIn.Where(plan => KindOf(plan) == kind);

    /// <summary>The emulated kind of a plan's: that of the same name.</summary>
    public static EmulatedAbuseKind KindOf(AbusePlan plan) => Enum.Parse<EmulatedAbuseKind>(plan.Kind.ToString());

    /// <summary>What a plan makes of it.</summary>
    public AbuseFigures By(AbusePlan plan)
    {
        AbuseWatch watch = new(plan, CellProfiles.Default);
        if (edge is { } happened)
        {
            watch.Trigger(
                TriggerSource.Input, AbuseBench.StartS + (happened.GetProperty("uptimeUs").GetInt64() / 1e6),
                Math.Max(1e-6, happened.GetProperty("uncertaintyUs").GetInt64() / 1e6), "the trigger input");
        }

        int image = 0;
        foreach (Sample sample in samples)
        {
            watch.Add(sample);
            for (; image < images.Length && images[image].At * 1e6 <= sample.TimeMicroseconds; image++)
            {
                watch.AddImage(images[image]);
            }
        }

        return watch.Figures();
    }
}
