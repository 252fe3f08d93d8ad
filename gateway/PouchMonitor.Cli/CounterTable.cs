using System.Globalization;
using PouchMonitor.Analysis.Report;

namespace PouchMonitor.Cli;

/// <summary>The instrument's counters beside what is counted here, for a person at a terminal.</summary>
internal static class CounterTable
{
    private const int MostReasons = 3;

    public static void Print(InstrumentCounters? counters, TextWriter output)
    {
        if (counters is null)
        {
            return;
        }

        output.WriteLine();
        if (counters.Worst is { } worst)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Instrument's counters: half cycles compared: {counters.Compared.Count}; median difference {counters.MedianPercent:F4} %, largest {worst.DifferencePercent:F4} % ({(worst.IsCharge ? "charge" : "discharge")} of cycle {worst.Cycle}: {worst.CountedAh:G6} Ah counted here, {worst.CounterAh:G6} Ah by the instrument)."));
        }
        else
        {
            output.WriteLine("Instrument's counters: no half cycle can be compared.");
        }

        foreach (IGrouping<string, CounterException> reason in counters.Excepted.GroupBy(half => half.Reason, StringComparer.Ordinal).Take(MostReasons))
        {
            output.WriteLine($"  left out, {reason.Count()} half cycle{(reason.Count() == 1 ? "" : "s")}, the first in cycle {reason.First().Cycle}: {reason.Key}");
        }

        if (counters.DroppedRunCount > 0)
        {
            output.WriteLine($"  {counters.DroppedRunCount} changes of direction were too many to follow; what comes after them is not compared.");
        }
    }
}
