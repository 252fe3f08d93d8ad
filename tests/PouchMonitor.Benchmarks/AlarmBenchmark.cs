using System.Globalization;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Benchmarks;

/// <summary>What alarms cost the rules that raise them: the book with its incidents, without the disk.</summary>
internal static class AlarmBenchmark
{
    private const int Channels = 500;

    public static IEnumerable<Figure> Run(double seconds)
    {
        string[] cells = [.. Enumerable.Range(0, Channels).Select(channel => string.Create(CultureInfo.InvariantCulture, $"c{channel}"))];
        yield return new Figure("alarms: 500 at once, raised and grouped", Rate.Median(seconds, () => Raised(cells).ActiveCount), "alarms/s");
        yield return new Figure("alarms: 500 at once, raised, grouped and acknowledged", Rate.Median(seconds, () =>
        {
            AlarmBook book = Raised(cells);
            foreach (string cell in cells)
            {
                book.Acknowledge(cell, Finding.Rule, "ada", null, 2_000_000, out _);
            }

            return book.ActiveCount;
        }), "alarms/s");
    }

    private static AlarmBook Raised(string[] cells)
    {
        AlarmBook book = new([], _ => { });
        book.GroupIntoIncidents(new AlarmOptions(), node => node, []);
        foreach (string cell in cells)
        {
            book.Raise(cell, cell + "@1", Finding, 1_000_000, cell);
        }

        return book;
    }

    private static Finding Finding { get; } = new()
    {
        Rule = RuleNames.VoltageLimit,
        OnsetMicroseconds = 1,
        Severity = FindingSeverity.Critical,
        Measure = "cellVoltage",
        Observed = 4.9,
        Limit = 4.3,
        Unit = "V",
        Message = "4.9 V is above 4.3 V",
    };
}
