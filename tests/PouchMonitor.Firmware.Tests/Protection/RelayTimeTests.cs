using System.Globalization;

namespace PouchMonitor.Firmware.Tests.Protection;

/// <summary>
/// How long after the true quantity crossed its limit the relay's contacts are apart, over 10,000 seeded cases of the whole
/// firmware on the emulated board, one seed a case: kind of limit, distance beyond it, phase, channels and stalls are drawn.
/// </summary>
public sealed class RelayTimeTests(ITestOutputHelper output)
{
    private const int Cases = 10_000;
    private const ulong FirstSeed = 40_000;
    private const long BoundMicroseconds = 100_000;

    [Fact]
    public void RelayIsOpen_Within100MillisecondsInWhichTheProgramCouldRun()
    {
        RelayOutcome[] outcomes = new RelayOutcome[Cases];
        Parallel.For(0, Cases, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i => outcomes[i] = RelayCase.Play(FirstSeed + (ulong)i));
        output.WriteLine($"{Cases} cases, seeds {FirstSeed} to {FirstSeed + Cases - 1}; ms from the crossing to open contacts");
        output.WriteLine("stall      cases | from crossing: p50 p99 max | without stalls: p50 p99 max | after the last stall: p50 p99 max");
        foreach (IGrouping<Stall, RelayOutcome> group in outcomes.GroupBy(outcome => outcome.Stall).OrderBy(group => group.Key))
        {
            output.WriteLine(
                $"{group.Key,-10} {group.Count(),5} | {Spread(group, outcome => outcome.DelayMicroseconds)} | "
                + $"{Spread(group, outcome => outcome.RunningMicroseconds)} | {Spread(group, outcome => outcome.AfterStallMicroseconds)}");
        }

        Assert.Equal("", Text(outcomes.Where(outcome => !outcome.IsRightCause)));
        Assert.Equal("", Text(outcomes.Where(outcome => outcome.Stall == Stall.None && outcome.DelayMicroseconds > BoundMicroseconds)));
        Assert.Equal("", Text(outcomes.Where(outcome => outcome.RunningMicroseconds > BoundMicroseconds)));
        Assert.Equal("", Text(outcomes.Where(outcome => outcome.Stall is not (Stall.Quantum or Stall.All)
            && outcome.AfterStallMicroseconds > BoundMicroseconds)));

        // The stalls were really there, also across the onset.
        foreach (Stall stall in (Stall[])[Stall.Handshake, Stall.StuckBus, Stall.Flash, Stall.All])
        {
            Assert.True(outcomes.Count(outcome => outcome.Stall == stall && outcome.DelayMicroseconds > 300_000) > 100, $"{stall}");
        }
    }

    private static string Text(IEnumerable<RelayOutcome> outcomes) => string.Join('\n', outcomes.Take(10));

    private static string Spread(IEnumerable<RelayOutcome> outcomes, Func<RelayOutcome, long> of)
    {
        long[] sorted = [.. outcomes.Select(of).Order()];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sorted[sorted.Length / 2] / 1e3,7:F1} {sorted[sorted.Length * 99 / 100] / 1e3,7:F1} {sorted[^1] / 1e3,7:F1}");
    }
}
