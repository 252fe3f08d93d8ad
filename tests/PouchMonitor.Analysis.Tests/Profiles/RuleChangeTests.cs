using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Profiles;

/// <summary>A profile's <c>rules</c> change levels, holds and severities; what is not possible is refused with its reason.</summary>
public sealed class RuleChangeTests
{
    [Fact]
    public void AChangedLevel_JudgesByIt()
    {
        Assert.Equal(11, Polarization("{}").Cycle);
        Assert.Equal(21, Polarization("""{ "polarization-rise/polarization": { "raise": 0.4, "clear": 0.3 } }""").Cycle);
        Finding late = Polarization("""{ "polarization-rise/polarization": { "hold": 5, "severity": "critical" } }""");
        Assert.Equal(11, late.Cycle);
        Assert.Equal(FindingSeverity.Critical, late.Severity);
    }

    [Fact]
    public void AChangedLevelOfASoftShort_JudgesByIt()
    {
        Assert.True(Dips("{}"));
        Assert.False(Dips("""{ "soft-short/voltageDips": { "raise": 0.03 } }"""));
        Assert.False(Dips("""{ "soft-short/voltageDips": { "hold": 4 } }"""));
    }

    [Theory]
    [InlineData("""{ "hard-short/voltage": { "raise": 0.9 } }""", "hard-short/voltage is no row that can be changed; there are capacity-fade/")]
    [InlineData("""{ "polarization-rise/polarization": { "raise": 20 } }""", "polarization-rise/polarization: raise is 20, between 0.02 and 2 of the reference is possible")]
    [InlineData("""{ "polarization-rise/polarization": { "clear": 0.5 } }""", "clear is 0.5, it must not lie above raise of 0.2")]
    [InlineData("""{ "polarization-rise/polarization": { "hold": 0 } }""", "hold is 0, between 1 and 100 is possible")]
    [InlineData("""{ "polarization-rise/polarization": { "severity": "emergency" } }""", "is 'emergency', one of advisory, warning, critical is needed")]
    [InlineData("""{ "polarization-rise/polarization": { "level": 1 } }""", "level is not a field of a rule")]
    [InlineData("""{ "polarization-rise/polarization": 1 }""", "an object with raise, clear, hold or severity is needed")]
    [InlineData("""{ "heat-residual/residualHeat": { "hold": 2 } }""", "hold cannot be set, its evidence is summed")]
    [InlineData("""{ "capacity-fade/projectedRetention": { "raise": 0.7 } }""", "raise cannot be set")]
    [InlineData("""{ "heat-residual/residualHeat": {}, "heat-residual/residualHeat": {} }""", "heat-residual/residualHeat is there twice")]
    [InlineData("3", "an object of rows is needed")]
    public void WhatIsNotPossible_IsRefusedWithItsReason(string rules, string reason)
    {
        ProfileFileException refused = Assert.Throws<ProfileFileException>(() => Profile(rules));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("here: profile cell: rules", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryRow_HasANameOfItsOwnAndAReason()
    {
        Assert.Equal(EditableRules.All.Count, EditableRules.All.Select(rule => rule.Row).Distinct().Count());
        Assert.All(EditableRules.All, rule => Assert.True(rule.Reason.Length > 20, rule.Row));
    }

    private static Finding Polarization(string rules)
    {
        ReportCollector findings = new();
        CycleRules judged = new(Profile(rules), findings);
        for (int cycle = 1; cycle <= 40; cycle++)
        {
            judged.Take(new CycleMeasures
            {
                Index = cycle, EndMicroseconds = cycle * 1_000_000L, Quality = CycleQuality.Complete, MainHalfUsable = true,
                MainCapacityAh = 1, MainLevelA = 1, OtherLevelA = 1, MainEndVoltageV = 3, MainVoltageSpanV = 1,
                MainMeanTemperatureC = 25, CoulombicEfficiency = 0.999, PolarizationV = 0.5 * (1 + (0.0201 * (cycle - 1))),
            });
        }

        return Assert.Single(findings.Findings);
    }

    private static bool Dips(string rules)
    {
        CellTrace trace = new();
        trace.Rest(300).Charge(0.5, 3000);
        for (int i = 0; i < 9; i++)
        {
            int at = 1000 + (300 * (i / 3)) + (i % 3);
            trace.Spoil(at, 0, trace.Samples[at].Values[0] - 0.020);
        }

        return Runs.Whole(trace.ToArray(), Profile(rules)).Findings.Any(finding => finding.Rule == RuleNames.SoftShort);
    }

    private static CellProfile Profile(string rules) => CellProfile.Parse($$"""{ "name": "cell", "rules": {{rules}} }""", "here");
}
