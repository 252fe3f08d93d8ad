using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.NamedTests;

/// <summary>What is watched within steps: bounded, counted, true means; and it changes nothing of the analysis.</summary>
public sealed class CollectorTests
{
    [Fact]
    public void Bins_AreTrueMeans_HoweverLongTheStep()
    {
        var collector = new NamedTestCollector();
        var trace = new CellTrace();
        Run(trace.Rest(600).Discharge(0.1, 20_000).Rest(600).ToArray(), collector);
        StepTransient step = collector.Steps[1];
        Assert.InRange(step.Bins.Count, 16, NamedTestCollector.BinsOfStep);
        Assert.Equal(20_000, step.Seconds, 1e-6);
        Assert.Equal(20_000 - 1, step.Bins.Sum(bin => bin.Seconds), 1e-6);
        Assert.All(step.Bins, bin => Assert.Equal(-0.1, bin.CurrentA, 1e-9));
        Assert.All(step.Bins, bin => Assert.Equal(3.0 - (0.1 * bin.MeanSeconds / 3600) - 0.01, bin.VoltageV, 1e-9));
        Assert.All(step.Bins, bin => Assert.InRange(bin.MeanRootSeconds, 0.98 * Math.Sqrt(bin.MeanSeconds) - 2, Math.Sqrt(bin.MeanSeconds)));
    }

    [Fact]
    public void ManySteps_AreBoundedAndWhatIsLeftOutIsCounted()
    {
        var collector = new NamedTestCollector();
        var trace = new CellTrace { TemperatureC = null };
        const int Cycles = 6000;
        for (int i = 0; i < Cycles; i++)
        {
            trace.Charge(1, 32).Discharge(1, 32);
        }

        Run(trace.ToArray(), collector);
        int bins = collector.Steps.Sum(step => step.Bins.Count);
        Assert.InRange(bins, NamedTestCollector.MostBins - NamedTestCollector.BinsOfStep, NamedTestCollector.MostBins);
        Assert.Equal(2 * Cycles, collector.Steps.Count + collector.DroppedCount);
        Assert.InRange(collector.DroppedCount, 1, Cycles);
    }

    [Fact]
    public void Watching_ChangesNothing()
    {
        Sample[] samples = new CellTrace().Cycle().Cycle().Rest(600).ToArray();
        ReportCollector plain = Runs.Whole(samples);
        ReportCollector watched = Run(samples, new NamedTestCollector());
        Assert.Equal(plain.Steps, watched.Steps);
        Assert.Equal(plain.Cycles, watched.Cycles);
    }

    [Fact]
    public void AStepIsFoundAgainByItsSummary()
    {
        var collector = new NamedTestCollector();
        ReportCollector report = Run(new CellTrace().Cycle().Cycle().Rest(600).ToArray(), collector);
        foreach (StepSummary step in report.Steps.Where(step => step.EndMicroseconds - step.StartMicroseconds > 60_000_000))
        {
            Assert.Equal(step.StartMicroseconds, collector.Find(step)!.StartMicroseconds);
            Assert.Equal(step.EndMicroseconds, collector.Find(step)!.EndMicroseconds);
        }
    }

    /// <summary>The last half of a symmetric cell is as whole as the others, although its voltage is level; a short one is not.</summary>
    [Theory]
    [InlineData(3600, CycleQuality.Complete)]
    [InlineData(1800, CycleQuality.Partial)]
    public void ASymmetricCellsLastCycle_IsJudgedByItsCharge(double lastSeconds, CycleQuality expected)
    {
        var trace = new CellTrace { CapacityAh = 1e6, ResistanceOhm = 30, TemperatureC = null };
        for (int i = 0; i < 4; i++)
        {
            trace.Charge(1e-3, 3600).Discharge(1e-3, i < 3 ? 3600 : lastSeconds);
        }

        CycleSummary[] cycles = [.. Runs.Whole(trace.ToArray(), new CellProfile { Name = "s", Kind = CellKind.Symmetric }).Cycles];
        Assert.Equal(4, cycles.Length);
        Assert.Equal(CycleQuality.Complete, cycles[2].Quality);
        Assert.Contains("symmetric", cycles[2].QualityReason, StringComparison.Ordinal);
        Assert.Equal(expected, cycles[3].Quality);
    }

    private static ReportCollector Run(Sample[] samples, NamedTestCollector collector)
    {
        var report = new ReportCollector();
        var analysis = new ChannelAnalysis(Runs.Unknown, report);
        analysis.Watch(collector);
        foreach (ref readonly Sample sample in samples.AsSpan())
        {
            analysis.Add(sample);
        }

        analysis.Complete();
        return report;
    }
}
