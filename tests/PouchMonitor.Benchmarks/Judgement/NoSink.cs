using PouchMonitor.Analysis;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Benchmarks.Judgement;

/// <summary>Adds up the charge of the cycles, to be held against the peers', and forgets the rest.</summary>
internal sealed class NoSink : IAnalysisSink, ICycleSink
{
    public double ChargeAh { get; private set; }

    public void OnCycle(CycleSummary cycle) => ChargeAh += (cycle.ChargeCapacityAh ?? 0) + (cycle.DischargeCapacityAh ?? 0);

    public void OnFinding(Finding finding)
    {
    }

    public void OnStep(StepSummary step)
    {
    }

    public void OnPulse(PulseResistance pulse)
    {
    }

    void ICycleSink.OnCycle(CycleSummary summary, in CycleMeasures measures) => OnCycle(summary);
}
