using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Tests.Formats;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Limits;

/// <summary>Time, snapshots and cost of the limit rules as a stream.</summary>
public sealed class LimitStreamTests
{
    private static readonly CellProfile Pouch = new()
    {
        Name = "pouch", MinimumVoltageV = 2.8, MaximumVoltageV = 4.3, WarningTemperatureC = 50, MaximumWorkingTemperatureC = 60, MaximumHeatingRateCPerS = 1,
    };

    [Fact]
    public void RepeatedTimes_ChangeNothing()
    {
        LimitRun once = Runaway(new LimitRun(Pouch), 1);
        LimitRun thrice = Runaway(new LimitRun(Pouch), 3);
        Assert.Equal(once.Findings.Select(f => f.Id), thrice.Findings.Select(f => f.Id));
        Assert.True(once.Has(RuleNames.ThermalRunaway));
    }

    [Fact]
    public void SmallStepBack_IsJudgedAtTheTimeBefore()
    {
        LimitRun run = new LimitRun(Pouch).At(0, surface: 55).At(0.9, surface: 55).At(0.5, surface: 55).At(1.0, surface: 55);
        Assert.Equal(1_000_000, run.Only(RuleNames.ThermalLimit).OnsetMicroseconds);
    }

    [Fact]
    public void RestartedClock_HidesNothing()
    {
        LimitRun run = new LimitRun(Pouch).Every(1, 1e6, 1e6 + 10, t => LimitRun.Make(t, 3.7, surface: 25));
        Runaway(run, 1);
        Assert.True(run.Has(RuleNames.ThermalRunaway));
        Assert.True(run.Has(RuleNames.HardShort));
    }

    [Fact]
    public void RestartedClock_KeepsWhatIsRaised_AndClearsItByTheNewTime()
    {
        LimitRun run = new LimitRun(Pouch).Every(1, 1000, 1010, t => LimitRun.Make(t, surface: 55)).Every(1, 0, 20, t => LimitRun.Make(t, surface: 25));
        Finding finding = run.Only(RuleNames.ThermalLimit);
        Assert.Equal((1_001_000_000L, 10_000_000L), (finding.OnsetMicroseconds, finding.ClearedMicroseconds));
    }

    [Fact]
    public void TimeFarAhead_DoesNotStopTheRules()
    {
        LimitRun run = new LimitRun(Pouch).Every(1, 0, 10, t => LimitRun.Make(t, 3.7, surface: 25)).At(1e9, 3.7, surface: 25);
        Runaway(run, 1);
        Assert.True(run.Has(RuleNames.ThermalRunaway));
    }

    [Fact]
    public void Gap_LeavesNoRateAndNoRapidFall()
    {
        LimitRun run = new LimitRun().Every(0.5, 0, 30, t => LimitRun.Make(t, 4.0, surface: 25)).Every(0.5, 60, 90, t => LimitRun.Make(t, 1.5, surface: 60));
        Assert.Empty(run.Told);
    }

    [Theory]
    [InlineData("abuse/ornl_500mAh1-100S0C.csv.gz", 2000)]
    [InlineData("abuse/ornl_500mAh1-20S0C.csv.gz", 2000)]
    [InlineData("series/neware_ife_20cyc.csv.gz", 9000)]
    public void Snapshot_AnywhereGoesOnAsIfNothingHadHappened(string file, int most)
    {
        List<Sample> samples = LimitRun.Recorded(RecordedData.PathOf(file));
        var whole = new LimitRun(Pouch);
        foreach (Sample sample in samples)
        {
            whole.Rules.Add(sample);
        }

        whole.Complete();
        int rounds = Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1" ? 200 : 6;
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < rounds; round++)
        {
            int cut = random.Next(most);
            var first = new LimitRun(Pouch);
            var second = new LimitRun(Pouch);
            foreach (Sample sample in samples.Take(cut))
            {
                first.Rules.Add(sample);
            }

            byte[] saved = Save(first.Rules);
            second.Rules.Load(new BinaryReader(new MemoryStream(saved)));
            Assert.True(saved.AsSpan().SequenceEqual(Save(second.Rules)), $"seed {seed}: saved again at {cut}");
            foreach (Sample sample in samples.Skip(cut))
            {
                second.Rules.Add(sample);
            }

            second.Complete();
            Assert.True(whole.Told.SequenceEqual(first.Told.Concat(second.Told)), $"seed {seed}: cut at {cut}");
            Assert.True(saved.Length < 8192, $"{saved.Length} bytes");
        }
    }

    [Fact]
    public void Snapshot_OfAnotherVersionOrCutOff_IsRefused()
    {
        byte[] saved = Save(Runaway(new LimitRun(Pouch), 1).Rules);
        saved[0]++;
        Assert.Throws<InvalidDataException>(() => new LimitRun(Pouch).Rules.Load(new BinaryReader(new MemoryStream(saved))));
        saved[0]--;
        for (int length = 0; length < saved.Length; length += 13)
        {
            Exception fault = Assert.ThrowsAny<Exception>(
                () => new LimitRun(Pouch).Rules.Load(new BinaryReader(new MemoryStream(saved, 0, length))));
            Assert.True(fault is InvalidDataException or EndOfStreamException, fault.ToString());
        }
    }

    [Fact]
    public void QuietSample_AllocatesNothing()
    {
        var run = new LimitRun(Pouch);
        Quiet(run.Rules, 0, 2_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Quiet(run.Rules, 2_000, 50_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Empty(run.Told);
        Assert.True(allocated < 1024, $"{allocated} bytes for 48000 samples");
    }

    [Fact]
    public void AnyReadings_GiveConsistentFindings()
    {
        int rounds = Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1" ? 2_000 : 60;
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < rounds; round++)
        {
            var run = new LimitRun(Pouch);
            double time = 0;
            for (int i = 0; i < 2_000; i++)
            {
                time += random.Next(20) switch { 0 => -random.NextDouble() * 5, 1 => random.NextDouble() * 100, _ => random.NextDouble() };
                Sample sample = LimitRun.Make(time, random.NextDouble() * 5, random.NextDouble() - 0.5, random.NextDouble() * 80, random.NextDouble() * 80);
                for (int column = 0; column < 4; column++)
                {
                    if (random.Next(4) == 0)
                    {
                        sample = LimitRun.With(sample, column, (SensorState)random.Next(8));
                    }
                }

                if (random.Next(50) == 0)
                {
                    sample.Values[random.Next(4)] = random.Next(2) == 0 ? double.NaN : double.PositiveInfinity;
                }

                run.Rules.Add(sample);
            }

            AssertConsistent(run.Complete(), seed);
        }
    }

    [Fact]
    public void Table_GivesAReasonForEveryRow()
    {
        Assert.Equal(14, LimitTable.All.Count);
        Assert.All(LimitTable.All, row => Assert.True(row.Reason.Length > 20 && row.HoldSamples >= 1 && row.HoldS >= 0, row.ToString()));
        Assert.Equal(LimitTable.All.Count, LimitTable.All.Distinct().Count());
    }

    private static void AssertConsistent(LimitRun run, int seed)
    {
        foreach (IGrouping<string, Finding> told in run.Told.GroupBy(f => f.Id))
        {
            Finding[] course = [.. told];
            for (int i = 0; i < course.Length; i++)
            {
                Assert.True(course[i].ClearedMicroseconds is null || i == course.Length - 1, $"seed {seed}: {told.Key} changed after it cleared");
                Assert.True(i == 0 || course[i].Severity >= course[i - 1].Severity, $"seed {seed}: {told.Key} became milder");
                Assert.True(course[i].Observed is null || double.IsFinite(course[i].Observed!.Value), $"seed {seed}: {told.Key}");
                Assert.True(!course[i].Latches || course[i].ClearedMicroseconds is null, $"seed {seed}: {told.Key} latches and cleared");
            }
        }
    }

    private static void Quiet(LimitRules rules, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            Sample sample = LimitRun.Make(i * 0.1, 3.7 + (0.1 * Math.Sin(i * 0.001)), 1, 25 + Math.Sin(i * 0.001), 26, 24);
            rules.Add(sample);
        }
    }

    private static byte[] Save(LimitRules rules)
    {
        using var target = new MemoryStream();
        using var writer = new BinaryWriter(target);
        rules.Save(writer);
        writer.Flush();
        return target.ToArray();
    }

    private static LimitRun Runaway(LimitRun run, int times) => run
        .Every(0.1 / times, 0, 20, t => LimitRun.Make(Grid(t), 4.0, surface: 25))
        .Every(0.1 / times, 20, 40, t => LimitRun.Make(Grid(t), 0.5, surface: 25 + (2 * (Grid(t) - 20))));

    private static double Grid(double seconds) => Math.Floor((seconds * 10) + 1e-6) / 10;
}
