using System.Text.Json;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Report.Comparison;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Report;

/// <summary>What one test gave, as <c>analyze --json</c> prints it.</summary>
public sealed record AnalysisReport
{
    /// <summary>Where the samples came from, such as a file's path.</summary>
    public required string Source { get; init; }

    public required string Cell { get; init; }

    public required IReadOnlyList<CycleSummary> Cycles { get; init; }

    public required IReadOnlyList<PulseResistance> Pulses { get; init; }

    public required IReadOnlyList<StepSummary> Steps { get; init; }

    /// <summary>Findings as last changed, in order of onset.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Tests of the papers that were recognised in the series or declared for it.</summary>
    public IReadOnlyList<NamedTest> NamedTests { get; init; } = [];

    /// <summary>What the voltage did at each rest.</summary>
    public IReadOnlyList<RestRelaxation> Rests { get; init; } = [];

    /// <summary>Steps and holds whose inside was not kept, since there were too many: their plateaus and transients are not known.</summary>
    public long DroppedTransientCount { get; init; }

    /// <summary>The instrument's counters beside what is counted here; null where the source carries none.</summary>
    public InstrumentCounters? Counters { get; init; }

    /// <summary>By what it was judged, its extent and where it stood at its end; null where that is not known.</summary>
    public TestStanding? Standing { get; init; }

    /// <summary>What a second reading of the samples gave; null where there was none.</summary>
    public TestDetail? Detail { get; init; }

    /// <summary>The cell beside a reference cohort; null where none was named.</summary>
    public CellComparison? Comparison { get; init; }

    /// <summary>Writes the report as one JSON object.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("source", Source);
        writer.WriteString("cell", Cell);
        writer.WriteStartArray("cycles");
        foreach (CycleSummary cycle in Cycles)
        {
            AnalysisJson.Write(writer, cycle);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("steps");
        foreach (StepSummary step in Steps)
        {
            AnalysisJson.Write(writer, step);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("pulses");
        foreach (PulseResistance pulse in Pulses)
        {
            AnalysisJson.Write(writer, pulse);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("findings");
        foreach (Finding finding in Findings)
        {
            AnalysisJson.Write(writer, finding);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("rests");
        foreach (RestRelaxation rest in Rests)
        {
            RestJson.Write(writer, rest);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("namedTests");
        foreach (NamedTest test in NamedTests)
        {
            NamedTestJson.Write(writer, test);
        }

        writer.WriteEndArray();
        writer.WriteNumber("droppedTransients", DroppedTransientCount);
        if (Counters is not null)
        {
            writer.WritePropertyName("counters");
            Counters.Write(writer);
        }

        if (Standing is not null)
        {
            DetailJson.Write(writer, Standing, ComparableCycles.Of(Standing.Profile, Cycles, Steps));
        }

        if (Detail is not null)
        {
            writer.WritePropertyName("dqdv");
            DetailJson.Write(writer, Detail);
        }

        if (Comparison is not null)
        {
            writer.WritePropertyName("comparison");
            ComparisonJson.Write(writer, Comparison);
        }

        writer.WriteEndObject();
    }
}
