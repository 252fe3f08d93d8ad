using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Tests.Support;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Series;

/// <summary>The gate: what cannot be true is reported and believed by nothing, and what is dangerous passes.</summary>
public sealed class BadReadingTests
{
    private static readonly CellProfile Guarded = new()
    {
        Name = "guarded", MinimumVoltageV = 2.8, MaximumVoltageV = 4.2, WarningTemperatureC = 45, MaximumWorkingTemperatureC = 60,
    };

    [Fact]
    public void Nasa_GlitchAndLastRecordsAreReportedAndBelievedByNoRule()
    {
        ReportCollector report = Runs.Whole(RealSeries.Load("nasa_b0005"), Guarded with { MaximumVoltageV = 4.35, MinimumVoltageV = 2.0 });

        (double Time, double Observed)[] bad = [.. Bad(report).Select(f => (f.OnsetMicroseconds / 1e6, f.Observed!.Value))];
        Assert.Equal(
            [(1732043.266, 8.393141181), (4831284.125, 0.2363561842), (4831286.672, 0.003365244224), (4831289.625, 4.985136966), (4831292.437, 4.984720451)],
            bad);
        Assert.DoesNotContain(report.Findings, f => f.Rule is RuleNames.VoltageLimit or RuleNames.HardShort or RuleNames.SensorFault);
    }

    [Theory]
    [InlineData(0.299, false)]
    [InlineData(0.301, true)]
    public void SpikeAtRest_IsDisbelievedBeyondThreeTenthsOfAVoltOutsideAllSeen(double aboveV, bool disbelieved)
    {
        CellTrace trace = new CellTrace().Rest(60).Charge(1, 600).Rest(600);
        double highest = trace.Samples.Max(s => s.Values[SampleColumns.Voltage]);
        trace.Spoil(900, SampleColumns.Voltage, highest + aboveV);

        ReportCollector report = Runs.Whole(trace.ToArray());

        Assert.Equal(disbelieved ? 1 : 0, Bad(report).Length);
    }

    [Theory]
    [InlineData(-0.499, false)]
    [InlineData(-0.501, true)]
    public void JumpWithinTheBand_IsDisbelievedBeyondHalfAVolt(double jumpV, bool disbelieved)
    {
        CellTrace trace = new CellTrace().Rest(60).Charge(1, 3600).Rest(600);
        trace.Spoil(4000, SampleColumns.Voltage, 4.0 + jumpV);

        Assert.Equal(disbelieved ? 1 : 0, Bad(Runs.Whole(trace.ToArray())).Length);
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 2, 0)]
    [InlineData(3, 0, 1)]
    [InlineData(60, 0, 1)]
    public void CollapseToZero_PassesOnceThreeSamplesAgree(int samples, int bad, int passes)
    {
        CellTrace trace = new CellTrace().Rest(60).Charge(1, 3000).Rest(120);
        for (int i = 0; i < samples; i++)
        {
            trace.Spoil(3100 + i, SampleColumns.Voltage, 0);
        }

        var seen = new LowestVoltage();
        ReportCollector report = Runs.Whole(trace.ToArray());
        Assert.Equal(bad, Bad(report).Length);
        Assert.Equal(passes, seen.Of(trace.ToArray()) < 1 ? 1 : 0);
    }

    [Fact]
    public void CollapseAtTenSecondSampling_PassesWithTheSecondSample()
    {
        CellTrace trace = new CellTrace { IntervalSeconds = 10 }.Rest(600).Charge(1, 3000).Rest(600);
        trace.Spoil(380, SampleColumns.Voltage, 0).Spoil(381, SampleColumns.Voltage, 0);

        Assert.Empty(Bad(Runs.Whole(trace.ToArray())));
    }

    [Fact]
    public void LastingOvervoltage_RaisesTheVoltageLimit()
    {
        CellTrace trace = new CellTrace().Rest(60).Charge(1, 3600).Rest(120);
        for (int i = 3700; i < trace.Count; i++)
        {
            trace.Spoil(i, SampleColumns.Voltage, 5.1);
        }

        ReportCollector report = Runs.Whole(trace.ToArray(), Guarded);

        Assert.Empty(Bad(report));
        Assert.Contains(report.Findings, f => f.Rule == RuleNames.VoltageLimit);
    }

    [Fact]
    public void SingleOvervoltage_RaisesNoVoltageLimit()
    {
        CellTrace trace = new CellTrace().Rest(60).Charge(1, 3600).Rest(120).Spoil(3700, SampleColumns.Voltage, 5.1);

        ReportCollector report = Runs.Whole(trace.ToArray(), Guarded);

        Assert.Single(Bad(report));
        Assert.Single(report.Findings);
    }

    [Fact]
    public void GlitchUnderCurrent_LeavesChargeAndEnergyAsTheyWere()
    {
        CellTrace clean = new CellTrace().Cycle().Rest(60);
        CellTrace spoiled = new CellTrace().Cycle().Rest(60);
        spoiled.Spoil(1000, SampleColumns.Voltage, 8.39).Spoil(5000, SampleColumns.Voltage, 0);

        var expected = Runs.Whole(clean.ToArray()).Cycles.First();
        ReportCollector report = Runs.Whole(spoiled.ToArray());
        var actual = report.Cycles.First();

        Assert.Equal(2, Bad(report).Length);
        Assert.Equal(expected.ChargeCapacityAh!.Value, actual.ChargeCapacityAh!.Value, 1e-12);
        Assert.Equal(expected.DischargeCapacityAh!.Value, actual.DischargeCapacityAh!.Value, 1e-12);
        Assert.Equal(expected.ChargeEnergyWh!.Value, actual.ChargeEnergyWh!.Value, 1e-6);
    }

    [Theory]
    [InlineData(SampleColumns.Voltage)]
    [InlineData(SampleColumns.Current)]
    [InlineData(SampleColumns.Surface)]
    public void NotANumber_IsReportedAndNotCounted(int column)
    {
        CellTrace trace = new CellTrace().Cycle().Spoil(1000, column, double.NaN).Spoil(1500, column, double.PositiveInfinity);

        ReportCollector report = Runs.Whole(trace.ToArray());

        Assert.Equal(2, Bad(report).Length);
        Assert.Equal(1, report.Cycles.First().ChargeCapacityAh!.Value, 1e-9);
        Assert.Equal(25, report.Cycles.First().MaxTemperatureC);
    }

    [Fact]
    public void TimeRunningBackwards_IsReportedOnceAndItsSamplesAreDropped()
    {
        CellTrace trace = new CellTrace().Cycle();
        Sample[] samples = trace.ToArray();
        for (int i = 1000; i < 1004; i++)
        {
            samples[i].TimeMicroseconds -= 500_000_000;
        }

        ReportCollector report = Runs.Whole(samples);

        Finding finding = Assert.Single(Bad(report));
        Assert.Equal("time", finding.Measure);
        Assert.Contains("4 samples", finding.Message, StringComparison.Ordinal);
        Assert.NotNull(finding.ClearedMicroseconds);
        Assert.Equal(1, report.Cycles.First().ChargeCapacityAh!.Value, 1e-9);
    }

    [Fact]
    public void ClockSetBack_DoesNotBlindTheRulesForGood()
    {
        CellTrace trace = new CellTrace().Rest(4000);
        Sample[] samples = trace.ToArray();
        for (int i = 2000; i < samples.Length; i++)
        {
            samples[i].TimeMicroseconds -= 1_500_000_000;
        }

        for (int i = 3000; i < samples.Length; i++)
        {
            samples[i].Values[SampleColumns.Surface] = 55;
        }

        ReportCollector report = Runs.Whole(samples, Guarded);

        Assert.Contains(report.Findings, f => f.Rule == RuleNames.ThermalLimit);
    }

    [Fact]
    public void OneTimeFarAhead_IsDroppedAndTheRestGoesOn()
    {
        CellTrace trace = new CellTrace().Cycle();
        Sample[] samples = trace.ToArray();
        samples[1000].TimeMicroseconds += 3_000_000_000_000;

        ReportCollector report = Runs.Whole(samples);

        Assert.Single(Bad(report));
        Assert.Equal(1, report.Cycles.First().ChargeCapacityAh!.Value, 1e-9);
    }

    [Fact]
    public void TemperatureSpike_RaisesNoThermalLimitButALastingOneDoes()
    {
        CellTrace spike = new CellTrace().Rest(300).Spoil(100, SampleColumns.Surface, 85);
        CellTrace lasting = new CellTrace().Rest(300);
        for (int i = 100; i < 300; i++)
        {
            lasting.Spoil(i, SampleColumns.Surface, 85);
        }

        Finding only = Assert.Single(Runs.Whole(spike.ToArray(), Guarded).Findings);
        Assert.Equal(RuleNames.BadReading, only.Rule);
        IReadOnlyList<Finding> real = Runs.Whole(lasting.ToArray(), Guarded).Findings;
        Assert.Contains(real, f => f.Rule == RuleNames.ThermalLimit);
        Assert.DoesNotContain(real, f => f.Rule == RuleNames.BadReading);
    }

    [Fact]
    public void SensorThatOnlyTalksNonsense_BecomesASensorFault()
    {
        CellTrace trace = new CellTrace().Rest(300);
        for (int i = 100; i < 300; i++)
        {
            trace.Spoil(i, SampleColumns.Voltage, i % 2 == 0 ? 0 : 9);
        }

        ReportCollector report = Runs.Whole(trace.ToArray(), Guarded);

        Assert.Contains(report.Findings, f => f.Rule == RuleNames.SensorFault);
    }

    [Fact]
    public void BadReadings_AreBoundedAsFindingsAndCountedInFull()
    {
        CellTrace trace = new CellTrace().Rest(4000);
        for (int i = 100; i < 4000; i += 10)
        {
            trace.Spoil(i, SampleColumns.Voltage, 9);
        }

        var collector = new ReportCollector();
        var analysis = new ChannelAnalysis(Runs.Unknown, collector);
        foreach (Sample sample in trace.Samples)
        {
            analysis.Add(sample);
        }

        analysis.Complete();
        Assert.Equal(390, analysis.Progress.BadReadingCount);
        Assert.Equal(100, Bad(collector).Length);
    }

    [Fact]
    public void LiveWay_BelievesNoGlitchEither()
    {
        CellTrace trace = new CellTrace().Rest(300).Spoil(100, SampleColumns.Voltage, 9).Spoil(200, SampleColumns.Surface, 85);
        var collector = new ReportCollector();
        var live = new LiveLimits(Guarded, collector);
        foreach (Sample sample in trace.Samples)
        {
            live.Add(sample);
        }

        live.Complete();
        Assert.Empty(collector.Findings);
    }

    private static Finding[] Bad(ReportCollector report) => [.. report.ToReport("", "").Findings.Where(f => f.Rule == RuleNames.BadReading)];

    /// <summary>The lowest voltage that comes through the gate.</summary>
    private sealed class LowestVoltage : IFindingSink
    {
        public void OnFinding(Finding finding)
        {
        }

        public double Of(ReadOnlySpan<Sample> samples)
        {
            var gate = new SampleGate(Runs.Unknown, this);
            double lowest = double.MaxValue;
            foreach (ref readonly Sample sample in samples)
            {
                if (gate.Admit(sample))
                {
                    lowest = Math.Min(lowest, sample.Values[SampleColumns.Voltage]);
                }

                while (gate.TryRelease(out Sample released, out _))
                {
                    lowest = released.IsGood(SampleColumns.Voltage) ? Math.Min(lowest, released.Values[SampleColumns.Voltage]) : lowest;
                }
            }

            return lowest;
        }
    }
}
