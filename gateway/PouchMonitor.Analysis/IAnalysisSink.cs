using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis;

/// <summary>What comes out of a <see cref="ChannelAnalysis"/>, in sample order.</summary>
public interface IAnalysisSink : IFindingSink
{
    /// <summary>A cycle is complete (or the test ended inside it).</summary>
    void OnCycle(CycleSummary cycle);

    /// <summary>A step is complete and it is known to which cycle it belongs, which the first cycle shows when it closes.</summary>
    void OnStep(StepSummary step);

    /// <summary>A current step gave a resistance.</summary>
    void OnPulse(PulseResistance pulse);
}
