using System.Globalization;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.State;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Series;

/// <summary>
/// Reports each reading that is not believed as a finding of its own, up to <see cref="MostFindings"/> in a test; all are
/// counted. Times that run backwards make one finding for each run of them.
/// </summary>
internal sealed class BadReadingReporter(IFindingSink findings, ReadingDoubt doubt)
{
    /// <summary>Most bad readings of one test that are findings of their own.</summary>
    public const int MostFindings = 100;

    /// <summary>So many samples in a row with a wrong time, and the cell is no longer watched: that is a warning.</summary>
    private const int BlindCount = 5;

    private Memory state;

    public long Count => state.Count;

    /// <summary>True while a run of wrong times is not over.</summary>
    public bool IsInRun => state.TimeRunCount > 0;

    /// <summary>A voltage or temperature that was refuted.</summary>
    public void NotBelieved(in Sample sample, int column, long provenMicroseconds)
    {
        double value = sample.Values[column];
        bool voltage = column == SampleColumns.Voltage;
        string unit = UnitOf(column);
        bool high = voltage && value > doubt.HighestV;
        bool low = voltage && value < doubt.LowestV;
        double? limit = high ? doubt.HighestV : low ? doubt.LowestV : null;
        string reason = high
            ? string.Create(CultureInfo.InvariantCulture, $"the highest believed before is {doubt.HighestV:0.####} V")
            : low
                ? string.Create(CultureInfo.InvariantCulture, $"the lowest believed before is {doubt.LowestV:0.####} V")
                : "an isolated jump that the current does not explain";
        string message = string.Create(
            CultureInfo.InvariantCulture, $"{NameOf(column)} of {value:0.####} {unit} is not believed: {reason}, and it did not last.");
        Report(sample.TimeMicroseconds, NameOf(column), value, limit, unit, message, provenMicroseconds);
    }

    public void NotFinite(in Sample sample, int column) => Report(
        sample.TimeMicroseconds, NameOf(column), null, null, UnitOf(column), $"{NameOf(column)} is not a number.", sample.TimeMicroseconds);

    /// <summary>A sample whose time lies before, or too often at, that of the last.</summary>
    public void TimeNotBelieved(in Sample sample, long lastMicroseconds)
    {
        state.Count++;
        state.TimeRunCount++;
        if (state.TimeRunCount == 1)
        {
            state.TimeRunOnset = lastMicroseconds;
            state.TimeRunSeconds = sample.TimeMicroseconds / 1e6;
            state.TimeRunReported = TakePlace();
        }

        if (state.TimeRunReported && state.TimeRunCount is 1 or BlindCount)
        {
            ReportTime(null);
        }
    }

    /// <summary>A sample passed: a run of wrong times is over.</summary>
    public void Passed(long timeMicroseconds)
    {
        if (state.TimeRunCount > 0)
        {
            if (state.TimeRunReported)
            {
                ReportTime(timeMicroseconds);
            }

            state.TimeRunCount = 0;
        }
    }

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    private static string NameOf(int column) => column switch
    {
        SampleColumns.Voltage => "voltage",
        SampleColumns.Current => "current",
        SampleColumns.Surface => "surfaceTemperature",
        SampleColumns.Infrared => "infraredTemperature",
        SampleColumns.Ambient => "ambientTemperature",
        _ => string.Create(CultureInfo.InvariantCulture, $"extraSurfaceTemperature{column - SampleColumns.FirstExtraSurface + 1}"),
    };

    private static string UnitOf(int column) =>
        column == SampleColumns.Voltage ? "V" : column == SampleColumns.Current ? "A" : "C";

    private bool TakePlace() => ++state.FindingCount <= MostFindings;

    private void Report(
        long onset, string measure, double? observed, double? limit, string unit, string message, long clearedMicroseconds)
    {
        state.Count++;
        if (!TakePlace())
        {
            return;
        }

        findings.OnFinding(new Finding
        {
            Rule = RuleNames.BadReading,
            OnsetMicroseconds = onset,
            Severity = FindingSeverity.Advisory,
            Measure = measure,
            Observed = observed,
            Limit = limit,
            Unit = unit,
            Message = message,
            ClearedMicroseconds = clearedMicroseconds,
        });
    }

    private void ReportTime(long? clearedMicroseconds) => findings.OnFinding(new Finding
    {
        Rule = RuleNames.BadReading,
        OnsetMicroseconds = state.TimeRunOnset,
        Severity = state.TimeRunCount >= BlindCount ? FindingSeverity.Warning : FindingSeverity.Advisory,
        Measure = "time",
        Observed = state.TimeRunSeconds,
        Limit = state.TimeRunOnset / 1e6,
        Unit = "s",
        Message = string.Create(
            CultureInfo.InvariantCulture,
            $"time {state.TimeRunSeconds:0.######} s does not follow {state.TimeRunOnset / 1e6:0.######} s; {state.TimeRunCount} samples not believed."),
        ClearedMicroseconds = clearedMicroseconds,
    });

    private struct Memory
    {
        public long Count;
        public long FindingCount;
        public long TimeRunCount;
        public long TimeRunOnset;
        public double TimeRunSeconds;
        public bool TimeRunReported;
    }
}
