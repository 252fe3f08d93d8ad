using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Simulation.Abuse;

namespace PouchMonitor.EndToEnd.Tests.Abuse;

/// <summary>Holds the figures of one plan against the truth of one emulated abuse, and names all that lie outside.</summary>
internal sealed class TruthJudge
{
    // How long a fall below the end temperature has to last, with the readings around it, s.
    private const double LastsS = 12;

    // What a voltage may be off where it crosses a level: the converter's step, its noise and the level's own.
    private const double LevelShare = 0.0005;

    // What the hottest of four noisy sensors may be off where a temperature crosses a level.
    private const double LevelK = 2;

    // What a slow rate may be off, as a part of it: no half width speaks of it, since that of the onset is its window's.
    private const double SlowRateShare = 0.25;

    private static readonly double MaximumC = CellProfiles.Default.MaximumWorkingTemperatureC ?? double.PositiveInfinity;

    private readonly EmulatedRecord record;
    private readonly AbusePlan plan;
    private readonly AbuseFigures figures;
    private readonly string name;
    private readonly ITestOutputHelper output;
    private readonly List<string> wrong = [];

    public TruthJudge(EmulatedRecord record, AbusePlan plan, string name, ITestOutputHelper output)
    {
        this.record = record;
        this.plan = plan;
        this.name = name;
        this.output = output;
        figures = record.By(plan);
    }

    private AbuseTruth Truth => record.Truth;

    public void JudgeAll()
    {
        foreach (AbuseValue value in figures.Values)
        {
            output.WriteLine($"{name}: {value.Id} {value.Value:F4} +- {value.Uncertainty:F4} {value.Unit} {value.Absence}");
        }

        Within("initialVoltageV", Truth.InitialVoltageV, Truth.InitialVoltageV);
        Reached("timeToDrop25S", Truth.DroppedAtS(0.25 - LevelShare), Truth.DroppedAtS(0.25 + LevelShare));
        Reached("timeToDrop50S", Truth.DroppedAtS(0.5 - LevelShare), Truth.DroppedAtS(0.5 + LevelShare));
        double rate = plan.SelfHeating.RateCPerMinute;
        (double window, double hold) = (plan.SelfHeating.WindowS, plan.SelfHeating.HoldS);
        Reached("selfHeatingOnsetS",
            Truth.HeatsItselfFromS(rate * (1 - SlowRateShare), window, hold), Truth.HeatsItselfFromS(rate * (1 + SlowRateShare), window, hold), hold);
        JudgeRunaway();
        JudgeMaxima();
        JudgeRates();
        if (plan.Observation.BelowC is { } below)
        {
            // It counts once it has lasted, and all sensors, read one after another, have it.
            Reached("fallBackS", Truth.CooledAtS(below), Truth.CooledAtS(below), knownAfterS: LastsS);
        }

        foreach (CriterionRule rule in plan.Criteria)
        {
            JudgeCriterion(rule);
        }

        Assert.True(wrong.Count == 0, $"{name} over {record.LengthS:F0} s:\n{string.Join('\n', wrong)}");
    }

    private void JudgeRunaway()
    {
        double? runsAway = Truth.RunsAwayAtS(maximumC: MaximumC);
        AbuseValue value = Of("timeToRunawayS");
        if (value is { Value: not null, Uncertainty: null })
        {
            // So near to the criterion that the readings cannot tell.
            Expect(Truth.RunsAwayAtS(0.5, maximumC: MaximumC) is not null, value, "far from it");
            return;
        }

        Reached(value.Id, runsAway, runsAway);
        if (value.Value is not null && runsAway is { } truth)
        {
            output.WriteLine($"{name}: width {value.Uncertainty:F3} off {value.At - record.EventS - truth:F3}");
        }
    }

    private void JudgeMaxima()
    {
        foreach (AbuseValue maximum in figures.Values.Where(value => value.Id.StartsWith("maximum", StringComparison.Ordinal)))
        {
            if (maximum.Uncertainty is null)
            {
                Expect(maximum.Value <= Truth.MaximumSurfaceC + 1, maximum, $"at most {Truth.MaximumSurfaceC:F2}");
            }
            else
            {
                Within(maximum.Id, Truth.MaximumSurfaceC, Truth.MaximumSurfaceC);
            }
        }
    }

    private void JudgeRates()
    {
        foreach (double span in plan.RateWindowsS)
        {
            // In an oven the array's hottest spot is what stands around the cell, which heats as the oven does.
            string id = $"largestRate{span:0}sCPerS";
            double rate = Truth.LargestRateCPerS(span);
            double around = Of(id).Sensor == "extra surface temperature 2" ? Truth.Script.OvenCPerMinute / 60 : 0;
            Within(id, rate, Math.Max(rate, around));
        }
    }

    private void JudgeCriterion(CriterionRule rule)
    {
        AbuseCriterion criterion = figures.Criteria.Single(one => one.Id == rule.Id);
        (double? early, double? late) = rule.Measure switch
        {
            CriterionMeasure.VoltageDrop => (Truth.DroppedAtS(rule.Limit!.Value - LevelShare), Truth.DroppedAtS(rule.Limit.Value + LevelShare)),
            CriterionMeasure.Temperature => (Truth.HotAtS(rule.Limit!.Value - LevelK), Truth.HotAtS(rule.Limit.Value + LevelK)),
            CriterionMeasure.Voltage when rule.IsBelow => (Falls(rule.Limit!.Value + (5 * LevelShare)), Falls(rule.Limit.Value - (5 * LevelShare))),
            _ => (double.NaN, double.NaN),
        };
        if (double.IsNaN(early ?? 0))
        {
            return;
        }

        output.WriteLine($"{name}: criterion {rule.Id} {criterion.State} {criterion.MetAt - record.EventS:F3}, in truth {early:F3} to {late:F3}");
        bool isMet = criterion.State == CriterionState.Met;
        double at = (criterion.MetAt ?? double.NaN) - record.EventS;
        bool isRight = late is { } surely && surely < record.LengthS - 1
            ? isMet && at >= early!.Value - 0.05 && at <= surely + rule.HoldS + 0.15
            : !isMet || early is not null;
        if (!isRight)
        {
            wrong.Add($"  criterion {rule.Id} is {criterion.State} at {at:F3} s, in truth {early:F3} to {late:F3}");
        }

        double? Falls(double volts) => Truth.DroppedAtS(1 - (volts / Truth.InitialVoltageV));
    }

    private AbuseValue Of(string id) => figures.Values.Single(one => one.Id == id);

    private void Within(string id, double low, double high)
    {
        AbuseValue value = Of(id);
        double half = value.Uncertainty ?? double.NaN;
        Expect(value.Value >= low - half && value.Value <= high + half, value, low.ToString("F4"));
    }

    /// <summary>A moment lies between two of the truth; what needs so long to be known is not asked for where the record ends before.</summary>
    private void Reached(string id, double? early, double? late, double knownAfterS = 0)
    {
        AbuseValue value = Of(id);
        if (early is null || late is null || late + knownAfterS > record.LengthS)
        {
            Expect(value.Value is null || early is not null, value, "nothing");
            return;
        }

        double half = (value.Uncertainty ?? double.NaN) + (2 * AbuseTruth.GridS);
        Expect(value.At >= record.EventS + early - half && value.At <= record.EventS + late + half, value, $"{early:F3} to {late:F3}");
    }

    private void Expect(bool isRight, AbuseValue value, string should)
    {
        if (!isRight)
        {
            wrong.Add($"  {value.Id} is {value.Value:F4} +- {value.Uncertainty:F4} {value.Unit} (at {value.At - record.EventS:F3} s), in truth {should} {value.Absence}");
        }
    }
}
