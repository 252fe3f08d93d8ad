using System.Collections.Concurrent;
using System.Diagnostics;

namespace PouchMonitor.Benchmarks.Api;

/// <summary>Times from the publish of a limit's violation to the alarm at each client.</summary>
internal sealed class AlarmTimes
{
    private readonly ConcurrentDictionary<string, long> sent = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<double> milliseconds = [];

    public int Count => milliseconds.Count;

    public void Sent(string cell, long timestamp) => sent.TryAdd(cell, timestamp);

    /// <summary>Takes an alarm at one client; <paramref name="seen"/> is that client's own, since only the first of a cell counts.</summary>
    public void Seen(HashSet<string> seen, string cell, long timestamp)
    {
        if (sent.TryGetValue(cell, out long start) && seen.Add(cell))
        {
            milliseconds.Add(Stopwatch.GetElapsedTime(start, timestamp).TotalMilliseconds);
        }
    }

    public double Percentile(double share) => Percentiles.Of([.. milliseconds], share);
}

/// <summary>Percentiles by nearest rank.</summary>
internal static class Percentiles
{
    public static double Of(double[] values, double share)
    {
        Array.Sort(values);
        return values.Length == 0 ? double.NaN : values[Math.Min(values.Length - 1, (int)(share * values.Length))];
    }
}
