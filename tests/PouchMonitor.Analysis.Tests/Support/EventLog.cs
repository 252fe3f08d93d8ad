using System.Text;
using System.Text.Json;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Tests.Support;

/// <summary>Everything an analysis told, in order, as text: two runs are equal when their logs are, digit for digit.</summary>
internal sealed class EventLog : IAnalysisSink
{
    public List<string> Lines { get; } = [];

    public void OnCycle(CycleSummary cycle) => Lines.Add(Text(writer => AnalysisJson.Write(writer, cycle)));

    public void OnStep(StepSummary step) => Lines.Add(Text(writer => AnalysisJson.Write(writer, step)));

    public void OnPulse(PulseResistance pulse) => Lines.Add(Text(writer => AnalysisJson.Write(writer, pulse)));

    public void OnFinding(Finding finding) => Lines.Add(Text(writer => AnalysisJson.Write(writer, finding)));

    private static string Text(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
