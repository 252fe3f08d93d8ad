using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Simulation.Abuse;

namespace PouchMonitor.EndToEnd.Tests.Abuse;

/// <summary>
/// What is computed of emulated abuses, by every plan the product brings, held against the exact curves: each value within the
/// uncertainty it states, which is about 95 %: hence every run has the same seeds, and the soak others, which are printed.
/// </summary>
public sealed class AbuseTruthTests(ITestOutputHelper output)
{
    /// <summary>An emulated cell is followed for so long at most, s.</summary>
    private const double LongestS = 1500;

    public static TheoryData<EmulatedAbuseKind> Kinds => [.. AbusePlans.BuiltIn.Select(EmulatedRecord.KindOf).Distinct()];

    public static TheoryData<string> Plans => [.. AbusePlans.BuiltIn.Select(plan => plan.Name)];

    [Fact]
    public void EveryKind_CanBeEmulated() => Assert.Equal(Enum.GetNames<AbuseKind>(), Enum.GetNames<EmulatedAbuseKind>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Values_HoldWithinTheirUncertainty_ByEveryPlan(EmulatedAbuseKind kind)
    {
        AbusePlan[] plans = [.. EmulatedRecord.PlansOf(kind)];
        foreach (EmulatedAbuseOutcome outcome in Enum.GetValues<EmulatedAbuseOutcome>())
        {
            AbuseScript script = AbuseScript.Create(kind, outcome, seed: Seed($"{kind} {outcome}"), ovenCPerMinute: 30);
            AbuseTruth truth = AbuseTruth.Of(script, LongestS);
            double lengthS = Math.Max(60, truth.MaximumAtS + 10);
            foreach (AbusePlan plan in plans.Where(plan => plan.Observation.BelowC is not null))
            {
                lengthS = Math.Max(lengthS, truth.CooledAtS(plan.Observation.BelowC!.Value) + 10 ?? 0);
            }

            EmulatedRecord record = new(script, Math.Min(lengthS, LongestS - 10), truth);
            foreach (AbusePlan plan in plans)
            {
                TruthJudge judge = new(record, plan, $"{kind} {outcome} seed {script.Seed} by {plan.Name}", output);
                judge.JudgeAll();
            }
        }
    }

    /// <summary>Where no input tells, the plan's rule finds the event when one of its conditions holds in truth, within what it states.</summary>
    [Theory]
    [MemberData(nameof(Plans))]
    public void TheRule_FindsTheEvent(string name)
    {
        AbusePlan plan = AbusePlans.Find(name)!;
        EmulatedAbuseKind kind = EmulatedRecord.KindOf(plan);
        AbuseScript script = AbuseScript.Create(kind, EmulatedAbuseOutcome.Runaway, seed: Seed(name), ovenCPerMinute: 10);
        AbuseTruth truth = AbuseTruth.Of(script, LongestS);
        (double early, double late) = (EarliestS(plan.Trigger, truth, 0.98, 0.7), EarliestS(plan.Trigger, truth, 1.02, 1.3));
        EmulatedRecord record = new(script, late + 3, truth, hasTriggerInput: false);
        AbuseTrigger trigger = record.By(plan).Trigger ?? throw new InvalidOperationException("The rule found nothing.");
        output.WriteLine($"{name}: {trigger.At - record.EventS:F3} +- {trigger.UncertaintyS:F3} s, in truth {early:F3} to {late:F3} s: {trigger.Reason}");
        Assert.Equal(TriggerSource.Rule, trigger.Source);
        Assert.InRange(trigger.UncertaintyS, 0.001, 1.05);
        double slack = trigger.UncertaintyS + AbuseTruth.GridS;
        Assert.InRange(trigger.At - record.EventS, early - slack, late + slack);
    }

    /// <summary>Thermistor and thermocouple go at the worst moment: the losses are told, the runaway all the same, and the maximum is a bound, not a value.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void LostSensors_AreToldWithTheirTimes_ByEveryPlan(EmulatedAbuseKind kind)
    {
        AbuseScript script = AbuseScript.Create(kind, EmulatedAbuseOutcome.Runaway, EmulatedAbuseFault.SensorLoss, Seed($"{kind}"), 30);
        AbuseTruth truth = AbuseTruth.Of(script, LongestS);
        EmulatedRecord record = new(script, truth.MaximumAtS + 10, truth);
        foreach (AbusePlan plan in EmulatedRecord.PlansOf(kind))
        {
            AbuseFigures figures = record.By(plan);
            foreach ((string sensor, double lostC) in (ReadOnlySpan<(string, double)>)[("surface temperature", 150), ("extra surface temperature 1", 300)])
            {
                SensorLoss loss = figures.SensorLosses.First(one => one.Sensor == sensor);
                Assert.Equal(record.EventS + truth.HotAtS(lostC)!.Value, loss.At, 0.15);
                Assert.InRange(loss.LastGood!.Value, lostC - 15, lostC + 5);
                Assert.Contains("heat may have taken it", loss.Fault, StringComparison.Ordinal);
            }

            Assert.Equal(CriterionState.Met, figures.Criteria.Single(criterion => criterion.Id == "thermal-runaway").State);
            Assert.All(figures.Values.Where(value => value.Id.StartsWith("maximum", StringComparison.Ordinal)), value => Assert.True(value.Value < truth.MaximumSurfaceC + 1));
            Assert.True(figures.Hazard.Level >= 4, $"{plan.Name}: level {figures.Hazard.Level}");
        }
    }

    private ulong Seed(string of)
    {
        ulong seed = Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1" ? (ulong)Random.Shared.Next(1, 1_000_000) : (ulong)of.Length;
        output.WriteLine($"{of}: seed {seed}");
        return seed;
    }

    /// <summary>When a condition of a rule first holds by the exact curves, with its levels and its rate taken so many times.</summary>
    private static double EarliestS(TriggerRule rule, AbuseTruth truth, double level, double rate)
    {
        double initial = truth.InitialVoltageV;
        double?[] moments =
        [
            rule.VoltageDropV is { } drop ? truth.DroppedAtS(level * drop / initial) : null,
            rule.VoltageRiseV is { } rise ? truth.RoseAtS(level * rise) : null,
            rule.HeatingCPerS is { } heating ? truth.HeatsItselfFromS(rate * heating * 60, 1, 0) : null,
            rule.TemperatureC is { } hot ? truth.HotAtS(hot + (100 * (level - 1))) : null,
            rule.CurrentA is { } current && Math.Max(Math.Abs(truth.Script.ForcedA), initial / (truth.Script.ExternalOhm + truth.Script.OhmicOhm)) >= current ? 0 : null,
        ];
        return moments.Min() ?? throw new InvalidOperationException("No condition of the rule ever holds.");
    }
}
