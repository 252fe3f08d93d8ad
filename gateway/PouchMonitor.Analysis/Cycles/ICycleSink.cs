using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Cycles;

/// <summary>Takes each cycle as it closes, with the figures that detection compares, and each step once its cycle is known.</summary>
internal interface ICycleSink
{
    void OnCycle(CycleSummary summary, in CycleMeasures measures);

    void OnStep(StepSummary step);
}
