namespace PouchMonitor.Analysis.Cycles;

/// <summary>Takes each cycle as it closes, with the figures that detection compares.</summary>
internal interface ICycleSink
{
    void OnCycle(CycleSummary summary, in CycleMeasures measures);
}
