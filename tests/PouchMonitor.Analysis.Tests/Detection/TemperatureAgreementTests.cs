using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Detection.Heat;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Detection;

/// <summary>Contact and infrared thermometer must agree, and the ambient stay what it was.</summary>
public sealed class TemperatureAgreementTests
{
    private const int HourS = 3600;

    [Theory]
    [InlineData(4.8, false)]
    [InlineData(5.3, true)]
    [InlineData(-5.3, true)]
    public void AShiftAgainstTheUsualDifference_IsTold(double shiftK, bool isTold)
    {
        Finding[] found = Judge(2 * HourS, t => 25, t => 26.5 + (t < HourS ? 0 : shiftK), t => 25);

        Assert.Equal(isTold ? 1 : 0, found.Length);
        Assert.All(found, finding =>
        {
            Assert.Equal((RuleNames.SensorFault, "contactAgainstInfrared"), (finding.Rule, finding.Measure));
            Assert.Equal(shiftK, finding.Observed!.Value, 0.1);
            Assert.InRange(finding.OnsetMicroseconds / 1e6, HourS, HourS + 130);
        });
    }

    [Fact]
    public void ACellThatHeatsFast_OrStaysHot_IsNoDisagreement()
    {
        // The infrared is 20 % of the rise above the contact, and 60 s ahead of it.
        static double Rise(double t) => t < HourS ? 0 : Math.Min(60, 10 * (t - HourS) / 60);
        Assert.Empty(Judge(2 * HourS, t => 25 + Rise(t - 60), t => 25 + (1.2 * Rise(t)), t => 25));
    }

    [Fact]
    public void WhatAgreesAgain_Clears()
    {
        Finding finding = Assert.Single(Judge(3 * HourS, t => 25, t => t is > HourS and < 2 * HourS ? 18 : 25, t => 25));
        Assert.InRange(finding.ClearedMicroseconds!.Value / 1e6, 2 * HourS, (2 * HourS) + 400);
    }

    [Theory]
    [InlineData(4.5, 0)]
    [InlineData(6, 1)]
    public void AnAmbientThatMoves_IsAnAdvisory(double stepK, int count)
    {
        double Ambient(double t) => t < 6 * HourS ? 25 : 25 + stepK;
        Finding[] found = Judge(20 * HourS, Ambient, Ambient, Ambient);

        Assert.Equal(count, found.Length);
        Assert.All(found, finding =>
        {
            Assert.Equal((RuleNames.HeatResidual, FindingSeverity.Advisory), (finding.Rule, finding.Severity));
            Assert.NotNull(finding.ClearedMicroseconds);
        });
    }

    [Fact]
    public void EveryRow_GivesItsReason() => Assert.All(AgreementTable.All, row => Assert.True(row.Reason.Length > 20 && row.Hold > 0, row.Measure));

    private static Finding[] Judge(int seconds, Func<double, double> contactC, Func<double, double> infraredC, Func<double, double> ambientC)
    {
        ReportCollector report = new();
        TemperatureAgreement rule = new(report);
        for (int t = 0; t <= seconds; t += 2)
        {
            Sample sample = new() { Number = t, TimeMicroseconds = t * 1_000_000L, States = SensorStates.AllAbsent };
            Set(ref sample, SampleColumns.Surface, contactC(t));
            Set(ref sample, SampleColumns.Infrared, infraredC(t));
            Set(ref sample, SampleColumns.Ambient, ambientC(t));
            rule.Take(sample);
        }

        return [.. report.Findings];
    }

    private static void Set(ref Sample sample, int column, double value)
    {
        sample.Values[column] = value;
        sample.States = SensorStates.With(sample.States, column, SensorState.Good);
    }
}
