using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;

namespace PouchMonitor.Analysis.Tests.Detection;

/// <summary>The rules over closed cycles, each level at less, equal and more.</summary>
public sealed class CycleRulesTests
{
    private readonly ReportCollector findings = new();
    private readonly CycleRules rules;
    private int index;

    public CycleRulesTests() => rules = new CycleRules(new CellProfile { Name = "cell" }, findings);

    [Theory]
    [InlineData(0.801, 0.79, 0.79, 3)]
    [InlineData(0.800, 0.79, 0.79, 3)]
    [InlineData(0.799, 0.79, 0.79, 2)]
    [InlineData(0.799, 0.85, 0.79, 2)]
    public void Crossing_IsDatedAtItsCycleOnceOneOfTheNextTwoConfirmsIt(double second, double third, double fourth, int cycle)
    {
        Capacities(1, second, third, fourth);

        Finding finding = Assert.Single(findings.Findings);
        Assert.Equal(cycle, finding.Cycle);
        Assert.Equal(cycle * 1_000_000L, finding.OnsetMicroseconds);
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
    }

    [Fact]
    public void SingleLowCycle_IsNoCrossing()
    {
        Capacities(1, 0.99, 0.6, 0.98, 0.97, 0.99);

        Assert.Empty(findings.Findings);
    }

    [Fact]
    public void LowLastCycle_IsNotClaimed()
    {
        Capacities(1, 0.99, 0.98, 0.79);

        Assert.Empty(findings.Findings);
    }

    [Theory]
    [InlineData(0.0029, 1)]
    [InlineData(0.0031, 0)]
    public void RetentionNearerToTheLimitThanItsUncertainty_GivesNoVerdict(double uncertaintyAh, int count)
    {
        Take(Like(1));
        Take(Like(0.797) with { MainCapacityUncertaintyAh = uncertaintyAh });
        Take(Like(0.797) with { MainCapacityUncertaintyAh = uncertaintyAh });

        Assert.Equal(count, findings.Findings.Count);
    }

    [Fact]
    public void GappedAndUnlikeCycles_TakeNoPart()
    {
        Take(Like(1));
        for (int i = 0; i < 5; i++)
        {
            Take(Like(0.5) with { MainHalfUsable = false, Quality = CycleQuality.Gapped });
            Take(Like(0.5) with { MainLevelA = 3 });
            Take(Like(0.5) with { MainEndVoltageV = 3.4 });
            Take(Like(0.5) with { MainMeanTemperatureC = 5 });
        }

        Assert.Empty(findings.Findings);
        Assert.Equal(1, rules.Retention);
    }

    [Fact]
    public void ReferenceIsTheNamedCycle_OrTheFirstUsableAfterIt()
    {
        var named = new CycleRules(new CellProfile { Name = "cell", ReferenceCycle = 3 }, findings);
        foreach (double capacity in (double[])[2, 2, 1, 0.79, 0.79])
        {
            index++;
            CycleMeasures cycle = Like(capacity) with { Index = index, EndMicroseconds = index, MainHalfUsable = index != 3 };
            named.Take(cycle);
        }

        // Cycle 3 cannot serve, so cycle 4 is the reference and nothing has faded.
        Assert.Equal(1, named.Retention);
        Assert.Empty(findings.Findings);
    }

    [Fact]
    public void SteadyFade_IsFlaggedAheadAndTheFlagEndsWithTheCrossing()
    {
        for (int i = 0; i < 120; i++)
        {
            Take(Like(1 - (0.002 * i)));
        }

        Finding[] all = [.. findings.Findings];
        Assert.Equal(2, all.Length);
        Assert.Equal(FindingSeverity.Advisory, all[0].Severity);

        // 0.8 is reached at cycle 101, so within 50 cycles from cycle 52 on.
        Assert.Equal(52, all[0].Cycle);
        Assert.Equal(102, all[1].Cycle);
        Assert.Equal(all[1].OnsetMicroseconds, all[0].ClearedMicroseconds);
    }

    [Fact]
    public void SlowFade_IsQuiet()
    {
        for (int i = 0; i < 100; i++)
        {
            Take(Like(1 - (0.0009 * i)));
        }

        Assert.Empty(findings.Findings);
    }

    [Fact]
    public void EarlyLossOfFormation_IsQuiet()
    {
        for (int i = 0; i < 100; i++)
        {
            Take(Like(1 - (0.04 * (1 - Math.Exp(-i / 5.0)))));
        }

        Assert.Empty(findings.Findings);
    }

    [Fact]
    public void NoisyHealthyCell_IsQuietWhateverTheSeed()
    {
        int seed = Environment.TickCount & 0xffff;
        var random = new Random(seed);
        for (int i = 0; i < 300; i++)
        {
            double noise = (random.NextDouble() - 0.5) * 0.01;
            Take(Like(1 - (0.0001 * i) + noise) with { PolarizationV = 0.3 + noise, CoulombicEfficiency = 0.995 + noise });
        }

        Assert.True(findings.Findings.Count == 0, $"seed {seed}: {findings.Findings.FirstOrDefault()?.Message}");
    }

    [Theory]
    [InlineData(0.3599, 3, 0)]
    [InlineData(0.3601, 2, 0)]
    [InlineData(0.3601, 3, 1)]
    public void Polarization_RaisesAfterThreeCyclesAFifthAboveTheReference(double polarizationV, int cycles, int count)
    {
        Take(Like(1));
        for (int i = 0; i < cycles; i++)
        {
            Take(Like(1) with { PolarizationV = polarizationV });
        }

        Assert.Equal(count, findings.Findings.Count);
    }

    [Fact]
    public void Polarization_OfASmallReferenceNeedsThirtyMillivolts()
    {
        Take(Like(1) with { PolarizationV = 0.02 });
        for (int i = 0; i < 3; i++)
        {
            Take(Like(1) with { PolarizationV = 0.0499 });
        }

        Assert.Empty(findings.Findings);
        for (int i = 0; i < 3; i++)
        {
            Take(Like(1) with { PolarizationV = 0.0501 });
        }

        Assert.Single(findings.Findings);
    }

    [Fact]
    public void Polarization_HoldsBetweenItsLevelsAndClearsBelowTheLower()
    {
        Take(Like(1));
        foreach (double polarizationV in (double[])[0.37, 0.37, 0.37, 0.35, 0.35, 0.35, 0.35])
        {
            Take(Like(1) with { PolarizationV = polarizationV });
        }

        Assert.Null(Assert.Single(findings.Findings).ClearedMicroseconds);
        for (int i = 0; i < 3; i++)
        {
            Take(Like(1) with { PolarizationV = 0.344 });
        }

        Assert.Equal(11_000_000, Assert.Single(findings.Findings).ClearedMicroseconds);
    }

    [Theory]
    [InlineData(0.941, 2, 0)]
    [InlineData(0.939, 1, 0)]
    [InlineData(0.939, 2, 1)]
    public void Efficiency_CollapsesFivePointsBelowTheMedianTwiceInARow(double efficiency, int cycles, int count)
    {
        for (int i = 0; i < 10; i++)
        {
            Take(Like(1));
        }

        for (int i = 0; i < cycles; i++)
        {
            Take(Like(1) with { CoulombicEfficiency = efficiency });
        }

        Assert.Equal(count, findings.Findings.Count);
        Assert.All(findings.Findings, f => Assert.Equal(RuleNames.CoulombicEfficiencyCollapse, f.Rule));
    }

    [Fact]
    public void SymmetricCell_HasNoCapacityToFade()
    {
        var symmetric = new CycleRules(new CellProfile { Name = "cell", Kind = CellKind.Symmetric }, findings);
        for (int i = 1; i < 30; i++)
        {
            symmetric.Take(Like(1.0 / i) with { Index = i, EndMicroseconds = i });
        }

        Assert.Empty(findings.Findings);
    }

    [Theory]
    [InlineData(0.0011)]
    [InlineData(0.0009)]
    public void AKindOfCyclesAtAnotherRate_HasItsOwnReference(double formationA)
    {
        Take(Like(0.001) with { MainLevelA = formationA, OtherLevelA = formationA });
        for (int i = 0; i < 7; i++)
        {
            Take(Like(i < 4 ? 1 : 0.7) with { PolarizationV = i < 4 ? 0.1 : 0.2 });
        }

        Assert.Equal(["capacity-fade", "polarization-rise"], findings.Findings.Select(finding => finding.Rule).Order(StringComparer.Ordinal));
        Assert.All(findings.Findings, finding => Assert.Equal(6, finding.Cycle));
    }

    [Fact]
    public void ARateChangedLate_GoesOnFromTheRetentionReached()
    {
        Capacities([.. Enumerable.Range(0, 20).Select(i => 1 - (0.005 * i))]);
        Assert.Equal(0.905, rules.Retention!.Value, 1e-9);
        for (int i = 0; i < 12; i++)
        {
            Take(Like(0.8) with { MainLevelA = 3, OtherLevelA = 3 });
        }

        Assert.Equal(0.905, rules.Retention!.Value, 1e-9);
        Assert.DoesNotContain(findings.Findings, finding => finding.Severity >= FindingSeverity.Warning);
        for (int i = 0; i < 2; i++)
        {
            Take(Like(0.8 * 0.79 / 0.905) with { MainLevelA = 3, OtherLevelA = 3 });
        }

        Finding crossing = Assert.Single(findings.Findings, finding => finding.Severity == FindingSeverity.Warning);
        Assert.Equal(0.79, crossing.Observed!.Value, 1e-9);
        Assert.Contains("of cycle 21 (0.8 Ah), the first of its kind after others had fallen to 90.5 %: 79 % in all", crossing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFirstCycleAtANewRate_IsNoReferenceOfMeanVoltages()
    {
        Take(Like(1));
        Take(Like(1));
        Take(Like(0.8) with { MainLevelA = 3, OtherLevelA = 3, PolarizationV = 0.10 });
        for (int i = 0; i < 8; i++)
        {
            Take(Like(0.8) with { MainLevelA = 3, OtherLevelA = 3, PolarizationV = 0.2 });
        }

        Assert.Empty(findings.Findings);
    }

    [Fact]
    public void SingleChecksBetweenBlocks_AreHeldAgainstEachOther()
    {
        for (int block = 0; block < 6; block++)
        {
            Take(Like(1) with { PolarizationV = block < 3 ? 0.1 : 0.2 });
            for (int i = 0; i < 5; i++)
            {
                Take(Like(0.8) with { MainLevelA = 3, OtherLevelA = 3, PolarizationV = 0.2 });
            }
        }

        Finding rise = Assert.Single(findings.Findings);
        Assert.Equal(19, rise.Cycle);
        Assert.Contains("cycle 7 had 0.1 V", rise.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFifthKind_TakesThePlaceOfTheOneNotSeenForLongest()
    {
        foreach (double rate in (double[])[1, 2, 3, 4, 5, 5])
        {
            Take(Like(1) with { MainLevelA = rate, OtherLevelA = rate });
        }

        // The first kind begins anew; the second kept its reference.
        Take(Like(0.5));
        Take(Like(0.5));
        Assert.Empty(findings.Findings);
        Take(Like(0.5) with { MainLevelA = 4, OtherLevelA = 4 });
        Take(Like(0.5) with { MainLevelA = 4, OtherLevelA = 4 });
        Assert.Single(findings.Findings);
    }

    [Fact]
    public void TheilSen_FindsTheLineThroughOutliers()
    {
        double[] x = [.. Enumerable.Range(0, 30).Select(i => (double)i)];
        double[] y = [.. x.Select(v => 3 - (0.25 * v) + (v % 5 == 0 ? 100 : 0))];

        (double intercept, double slope) = TheilSen.Fit(x, y, new double[435]);

        Assert.Equal(3, intercept, 1e-9);
        Assert.Equal(-0.25, slope, 1e-9);
    }

    [Fact]
    public void EveryRuleOfTheTable_GivesItsReason() =>
        Assert.All(CycleRule.All, rule => Assert.True(rule.Reason.Length > 20 && rule.HoldCycles > 0, rule.Name));

    private void Capacities(params double[] capacities)
    {
        foreach (double capacity in capacities)
        {
            Take(Like(capacity));
        }
    }

    private void Take(CycleMeasures cycle)
    {
        index++;
        cycle.Index = index;
        cycle.EndMicroseconds = index * 1_000_000L;
        rules.Take(cycle);
    }

    private static CycleMeasures Like(double capacityAh) => new()
    {
        Quality = CycleQuality.Complete,
        MainHalfUsable = true,
        MainCapacityAh = capacityAh,
        MainLevelA = 1,
        OtherLevelA = 0.5,
        MainEndVoltageV = 2.8,
        MainVoltageSpanV = 1.4,
        MainMeanTemperatureC = 25,
        CoulombicEfficiency = 0.99,
        PolarizationV = 0.3,
    };
}
