using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;

namespace PouchMonitor.Analysis.Tests.Support;

/// <summary>A test read twice, as dQ/dV needs it.</summary>
internal sealed class DifferentialRun
{
    public DifferentialRun(Sample[] samples)
    {
        Report = Runs.Whole(samples);
        var pass = new DifferentialPass(Runs.Unknown, Report.Steps, (half, curve) =>
        {
            Halves.Add(half);
            Curves.Add(curve);
        });
        foreach (ref readonly Sample sample in samples.AsSpan())
        {
            pass.Add(sample);
        }

        pass.Complete();
    }

    public ReportCollector Report { get; }

    public List<DifferentialCapacity> Halves { get; } = [];

    public List<DifferentialCurve?> Curves { get; } = [];
}
