using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PouchMonitor.Firmware.Tests;

/// <summary>
/// Three days of bad weather: every sample that was taken is at the collector once, but for those of the last ten seconds
/// before a loss of power; what is missing across a restart is counted exactly; the charge counters tell the truth.
/// </summary>
public sealed class SeventyTwoHoursTests(ITestOutputHelper output)
{
    // A loss of power loses what was taken in its last ten seconds at most.
    private const long LossMicroseconds = 10 * LongRun.Second;

    private const double AmperesPerCount = 7.8125e-6 / 0.1;

    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(3, -20, true)]
    public void EverySampleArrivesOnce(ulong seed, double driftPpm, bool freesOnStored) => Judge(seed, driftPpm, freesOnStored);

    /// <summary>One more seed; forty with <c>POUCHMONITOR_SOAK=1</c>, which takes minutes.</summary>
    [Fact]
    public void ManySeeds()
    {
        ulong count = Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") is "1" ? 40UL : 1;
        for (ulong seed = 100; seed < 100 + count; seed++)
        {
            Judge(seed, (seed % 3 * 20.0) - 20, seed % 2 == 0);
        }
    }

    private void Judge(ulong seed, double driftPpm, bool freesOnStored)
    {
        var watch = Stopwatch.StartNew();
        var run = new LongRun(seed, driftPpm, freesOnStored);
        run.Run(72 * LongRun.Hour);
        FrameCollector got = run.Collector;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {driftPpm} ppm: {run.Boots.Count} boots, {run.CutCount} cuts of {run.CutMicroseconds / 3.6e9:F1} h, {run.Link.ConnectionCount} connections, {got.FrameCount} frames ({got.LiveFrames} live), {got.RepeatedFrames} repeated, flash at most {run.WorstFlashBytes / 1024} KB, {run.Flash.ErasedSectors} sectors erased, {watch.Elapsed.TotalSeconds:F1} s"));
        Assert.True(run.Node.Store.IsEmpty);
        Assert.Equal(0, run.DroppedSamples);
        Assert.Equal(0, run.Node.Store.Flash!.FailedWriteCount);
        JudgeSamples(run);
        JudgeRestarts(run);
        JudgeGaps(run, driftPpm);
        JudgeCharge(run, driftPpm);
    }

    private void JudgeSamples(LongRun run)
    {
        long taken = 0;
        long lost = 0;
        foreach (LongRun.BootTruth boot in run.Boots)
        {
            for (int channel = 0; channel < LongRun.ChannelCount; channel++)
            {
                List<long> truth = boot.TakenAt[channel];
                IReadOnlyList<long> received = Received(run, boot, channel);
                Assert.True(received.Count <= truth.Count, $"boot {boot.Boot:x16} channel {channel + 1}: more samples than were taken");
                taken += truth.Count;
                for (int i = 0; i < truth.Count; i++)
                {
                    if (i >= received.Count || received[i] < 0)
                    {
                        lost++;
                        Assert.False(boot.IsInOrder, $"boot {boot.Boot:x16} channel {channel + 1}: sample {i} of {truth.Count} is missing though the boot ended in order");
                        long before = boot.EndedAt!.Value - truth[i];
                        Assert.True(before <= LossMicroseconds, $"boot {boot.Boot:x16} channel {channel + 1}: sample {i} of {truth.Count}, lost {before / 1e6} s before the loss of power");
                    }
                }
            }
        }

        output.WriteLine($"{taken} samples taken, {lost} lost with the power in {run.Boots.Count(boot => !boot.IsInOrder)} losses");
        Assert.True(taken > 900_000);
    }

    /// <summary>Each restart says which boot it followed, whether that ended in order, and then exactly how much it sampled.</summary>
    private static void JudgeRestarts(LongRun run)
    {
        var restarts = run.Collector.Events.Where(e => e.GetProperty("event").ValueEquals("restarted"))
            .ToLookup(e => e.GetProperty("boot").GetString());
        for (int k = 1; k < run.Boots.Count; k++)
        {
            LongRun.BootTruth before = run.Boots[k - 1];
            string name = run.Boots[k].Boot.ToString("x16", CultureInfo.InvariantCulture);
            Assert.True(restarts[name].Any() || run.Boots[k].ConnectionCount == 0, $"boot {k + 1} was connected and did not tell of its restart");
            foreach (JsonElement restart in restarts[name])
            {
                JsonElement previous = restart.GetProperty("previous");
                Assert.Equal(k + 1, restart.GetProperty("value").GetInt32());
                Assert.Equal(before.Boot.ToString("x16", CultureInfo.InvariantCulture), previous.GetProperty("boot").GetString());
                Assert.Equal(before.IsInOrder, previous.GetProperty("inOrder").GetBoolean());
                if (before.IsInOrder)
                {
                    Assert.Equal(
                        before.TakenAt.Select(times => (long)times.Count),
                        previous.GetProperty("samples").EnumerateArray().Select(count => count.GetInt64()));
                }
            }
        }
    }

    /// <summary>
    /// From the last sample of one boot to the first of the next, by what arrived alone (anchor and uptime), against the
    /// world's time. The error is the crystal's over the boot; without one the missing samples are counted exactly.
    /// </summary>
    private void JudgeGaps(LongRun run, double driftPpm)
    {
        long missing = 0;
        int gaps = 0;
        double worstS = 0;
        for (int channel = 0; channel < LongRun.ChannelCount; channel++)
        {
            (double SeenS, double TrueS, double UptimeS)? last = null;
            foreach (LongRun.BootTruth boot in run.Boots)
            {
                IReadOnlyList<long> received = Received(run, boot, channel);
                if (received.Count == 0 || !run.Collector.Anchors.TryGetValue(boot.Boot, out long anchor))
                {
                    last = null;
                    continue;
                }

                int end = Enumerable.Range(0, received.Count).Last(i => received[i] >= 0);
                if (last is { } from)
                {
                    double seenS = ((anchor + received[0]) / 1e6) - from.SeenS;
                    double trueS = (boot.TakenAt[channel][0] / 1e6) - from.TrueS;
                    Assert.InRange(seenS - trueS, -0.005 - (Math.Abs(driftPpm) * 1e-6 * (from.UptimeS + 300)), 0.005 + (Math.Abs(driftPpm) * 1e-6 * (from.UptimeS + 300)));
                    worstS = Math.Max(worstS, Math.Abs(seenS - trueS));
                    if (driftPpm == 0)
                    {
                        Assert.Equal(Missing(trueS), Missing(seenS));
                    }

                    missing += Missing(seenS);
                    gaps++;
                }

                last = ((anchor + received[end]) / 1e6, boot.TakenAt[channel][end] / 1e6, received[end] / 1e6);
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{gaps} gaps of restarts with {missing} samples counted missing, {worstS:F3} s the worst error of one"));
        Assert.True(gaps > LongRun.ChannelCount);
    }

    private void JudgeCharge(LongRun run, double driftPpm)
    {
        double worst = 0;
        foreach (LongRun.BootTruth boot in run.Boots)
        {
            for (int channel = 0; channel < LongRun.ChannelCount; channel++)
            {
                if (!run.Collector.Streams.TryGetValue((boot.Boot, Name(channel)), out FrameCollector.Stream? stream))
                {
                    continue;
                }

                double fromS = boot.TakenAt[channel][0] / 1e6;
                double toS = boot.TakenAt[channel][(int)stream.LastNumber] / 1e6;
                (double charged, double discharged) = Truth(channel, fromS, toS);

                // Half a count of rounding everywhere at worst, the crystal, and 100 ppm of what flowed for all the rest.
                double bound = (0.5 * AmperesPerCount * (toS - fromS)) + ((100 + Math.Abs(driftPpm)) * 1e-6 * (charged + discharged)) + 0.01;
                double chargedError = (stream.Charged * AmperesPerCount / 1e6) - charged;
                double dischargedError = (stream.Discharged * AmperesPerCount / 1e6) - discharged;
                Assert.InRange(chargedError, -bound, bound);
                Assert.InRange(dischargedError, -bound, bound);
                worst = charged > 1000 ? Math.Max(worst, Math.Max(Math.Abs(chargedError), Math.Abs(dischargedError)) / charged) : worst;
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"charge counters off by {worst * 1e6:F0} ppm at worst"));
    }

    private static long Missing(double gapS) => (long)Math.Round(gapS) - 1;

    private static string Name(int channel) => (channel + 1).ToString(CultureInfo.InvariantCulture);

    private static IReadOnlyList<long> Received(LongRun run, LongRun.BootTruth boot, int channel) =>
        run.Collector.Streams.TryGetValue((boot.Boot, Name(channel)), out FrameCollector.Stream? stream) ? stream.Uptimes : [];

    /// <summary>Charge and discharge in coulombs, by trapezoids of half a second over the scripted current.</summary>
    private static (double Charged, double Discharged) Truth(int channel, double fromS, double toS)
    {
        int steps = Math.Max(1, (int)((toS - fromS) * 2));
        double step = (toS - fromS) / steps;
        double charged = 0;
        double discharged = 0;
        double before = LongRun.CurrentA(channel, fromS);
        for (int i = 1; i <= steps; i++)
        {
            double current = LongRun.CurrentA(channel, fromS + (i * step));
            charged += (Math.Max(before, 0) + Math.Max(current, 0)) * step / 2;
            discharged += (Math.Max(-before, 0) + Math.Max(-current, 0)) * step / 2;
            before = current;
        }

        return (charged, discharged);
    }
}
