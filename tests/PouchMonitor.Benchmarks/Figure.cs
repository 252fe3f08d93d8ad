using System.Diagnostics;

namespace PouchMonitor.Benchmarks;

/// <summary>One measured figure.</summary>
internal sealed record Figure(string Name, double Value, string Unit, double? Target = null);

/// <summary>Repeats a piece of work and takes the median of the rates.</summary>
internal static class Rate
{
    private const int Rounds = 5;

    /// <param name="seconds">Time for all rounds together.</param>
    /// <param name="work">Does some work and returns how many things it did.</param>
    /// <returns>Things a second: median of five rounds after one to warm up.</returns>
    public static double Median(double seconds, Func<long> work)
    {
        List<double> rates = [];
        for (int round = -1; round < Rounds; round++)
        {
            long done = 0;
            Stopwatch clock = Stopwatch.StartNew();
            while (clock.Elapsed.TotalSeconds < seconds / Rounds)
            {
                done += work();
            }

            if (round >= 0)
            {
                rates.Add(done / clock.Elapsed.TotalSeconds);
            }
        }

        rates.Sort();
        return rates[rates.Count / 2];
    }
}
