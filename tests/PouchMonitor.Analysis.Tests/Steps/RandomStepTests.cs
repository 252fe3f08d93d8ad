using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Steps;

/// <summary>Whatever a cell is put through, the steps add up, are in order and bounded, and a snapshot changes nothing.</summary>
public sealed class RandomStepTests(ITestOutputHelper output)
{
    private const int Rounds = 60;

    [Fact]
    public void AnyProtocol_AddsUp()
    {
        int seed = Environment.TickCount & 0xFFFF;
        output.WriteLine($"seed {seed}");
        int cycles = 0;
        for (int run = 0; run < Rounds; run++)
        {
            var random = new Random(seed + run);
            CellProfile profile = new() { Name = "p", Kind = random.Next(3) == 0 ? CellKind.Half : CellKind.Full };
            Sample[] samples = Protocol(random);
            ReportCollector report = Runs.Whole(samples, profile);
            AssertWhole(report, samples.Length, $"seed {seed}, run {run}");
            Assert.Equal(Log(samples, profile, int.MaxValue), Log(samples, profile, 1 + random.Next(200)));
            cycles += report.Cycles.Count;
        }

        Assert.True(cycles > Rounds, $"seed {seed}: {cycles} cycles, too few to say anything");
    }

    /// <summary>Charges alone, the way back always in a gap: halves without end that all wait for the first cycle.</summary>
    [Fact]
    public void HalvesWithoutEnd_StayBounded()
    {
        CellTrace trace = new() { IntervalSeconds = 10 };
        for (int i = 0; i < 700; i++)
        {
            trace.Charge(1, 1800).Discharge(0.5, 20).Charge(1, 1800).Rest(60);
            double full = trace.TimeSeconds;
            trace.TimeSeconds = full + 7200;
            CellTrace empty = new() { TimeSeconds = trace.TimeSeconds };
            for (int second = 0; second < 60; second += 10)
            {
                trace.Skip(10).Record(empty.OpenCircuitV, 0);
            }
        }

        ReportCollector report = Runs.Whole(trace.ToArray());
        AssertWhole(report, trace.Count, "charges alone");
    }

    private static void AssertWhole(ReportCollector report, int sampleCount, string what)
    {
        Assert.True(report.Steps.Count <= (StepBook.MostHeld + 8) * (report.Cycles.Count + 2), $"{what}: {report.Steps.Count} steps of {report.Cycles.Count} cycles");
        Assert.Equal(Enumerable.Range(1, report.Steps.Count), report.Steps.Select(step => step.Index));
        Assert.InRange(report.Steps.Sum(step => step.SampleCount), 1, sampleCount);
        int[] order = [.. report.Steps.Where(step => step.Cycle is not null).Select(step => step.Cycle!.Value)];
        Assert.Equal(order.Order(), order);
        Assert.All(report.Steps, step => Assert.Equal(step.Cycle is null, step.Half is null));
        foreach (CycleSummary cycle in report.Cycles)
        {
            AssertSum(report, cycle, StepKind.Charge, cycle.ChargeCapacityAh, step => step.ChargeAh, what);
            AssertSum(report, cycle, StepKind.Discharge, cycle.DischargeCapacityAh, step => step.DischargeAh, what);
        }
    }

    private static void AssertSum(
        ReportCollector report, CycleSummary cycle, StepKind half, double? expected, Func<StepSummary, double> part, string what)
    {
        double sum = report.Steps.Where(step => step.Cycle == cycle.Index && step.Half == half).Sum(part);
        Assert.True(expected is not { } known || Math.Abs(sum - known) <= 1e-9 * known,
            $"{what}: {half} of cycle {cycle.Index} is {expected:R}, its steps have {sum:R}");
    }

    private static Sample[] Protocol(Random random)
    {
        CellTrace trace = new() { IntervalSeconds = random.Next(3) == 0 ? 1 : 20, TemperatureC = random.Next(4) == 0 ? null : 25 };
        int pieces = 10 + random.Next(120);
        for (int piece = 0; piece < pieces; piece++)
        {
            double seconds = trace.IntervalSeconds * (1 + random.Next(random.Next(3) == 0 ? 3 : 60));
            double currentA = random.Next(4) == 0 ? 0.01 + random.NextDouble() : 1;
            switch (random.Next(12))
            {
                case 0 or 1 or 2:
                    trace.Charge(currentA, seconds);
                    break;
                case 3 or 4 or 5:
                    trace.Discharge(currentA, seconds);
                    break;
                case 6:
                    trace.Rest(seconds);
                    break;
                case 7:
                    new NodeRest(random.Next()) { NoiseA = 80e-6, OffsetA = random.Next(2) * 40e-6 }.AppendTo(trace, seconds);
                    break;
                case 8:
                    trace.Skip(50 * seconds);
                    break;
                case 9:
                    trace.TimeSeconds -= random.Next(2) * 500;
                    break;
                default:
                    double level = trace.CapacityAh * 3600 / (200 * trace.IntervalSeconds);
                    trace.Charge(level, 180 * trace.IntervalSeconds).Discharge(level, 180 * trace.IntervalSeconds);
                    break;
            }
        }

        return trace.Count > 0 ? trace.ToArray() : trace.Rest(10).ToArray();
    }

    private static List<string> Log(Sample[] samples, CellProfile profile, int every)
    {
        EventLog log = new();
        ChannelAnalysis analysis = new(profile, log);
        for (int i = 0; i < samples.Length; i++)
        {
            analysis.Add(samples[i]);
            if (i % every == every - 1)
            {
                using MemoryStream stream = new();
                using BinaryWriter writer = new(stream);
                analysis.Save(writer);
                writer.Flush();
                stream.Position = 0;
                analysis = new ChannelAnalysis(profile, log);
                analysis.Load(new BinaryReader(stream));
            }
        }

        analysis.Complete();
        return log.Lines;
    }
}
