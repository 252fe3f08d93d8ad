using System.Text.Json;
using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Tests.Support;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.NamedTests;

/// <summary>Whatever the steps, and whatever a person declares: no exception, finite figures, valid JSON, bounds kept.</summary>
public sealed class RandomNamedTests(ITestOutputHelper output)
{
    private const int Seeds = 12;

    [Fact]
    public void RandomSeries_GiveFiniteFiguresWithinBounds()
    {
        for (int seed = 1; seed <= Seeds; seed++)
        {
            Sample[] samples = Trace(new Random(seed));
            try
            {
                Check(samples);
            }
            catch (Exception fault)
            {
                output.WriteLine($"seed {seed}: {fault.Message}");
                throw;
            }
        }
    }

    [Theory]
    [InlineData("beep_maccor_prediag412")]
    [InlineData("nasa_b0005")]
    [InlineData("neware_uio_halfcell")]
    [InlineData("dmegc_r1_pulse_data")]
    public void MeasuredSeries_DeclaredAsAnything_GiveFiniteFigures(string name) => Check(RealSeries.Load(name));

    [Fact]
    public void ASeriesOfNothing_HoldsNone()
    {
        Assert.Empty(Named.In([]));
        Check([]);
    }

    private static void Check(Sample[] samples)
    {
        foreach (NamedTestKind? declared in Enum.GetValues<NamedTestKind>().Select(kind => (NamedTestKind?)kind).Append(null))
        {
            IReadOnlyList<NamedTest> tests = Named.In(samples, declared);
            Assert.InRange(tests.Count, 0, NamedTestFinder.MostTests);
            Assert.True(declared is null || tests.Any(test => test.IsDeclared && test.Kind == declared), $"{declared} is not answered");
            foreach (NamedTest test in tests)
            {
                Assert.NotEmpty(test.Why);
                Assert.InRange(test.Groups.Count, 0, 2000);
                Assert.All(test.Values, value => Assert.True(value.Value is null || double.IsFinite(value.Value.Value), value.Name));
                Assert.All(test.Groups, group => Assert.Equal(test.Columns.Count, group.Values.Count));
                Assert.All(test.Groups.SelectMany(group => group.Values), value => Assert.True(value is null || double.IsFinite(value.Value)));
                using var stream = new MemoryStream();
                using (var writer = new Utf8JsonWriter(stream))
                {
                    NamedTestJson.Write(writer, test);
                }

                Assert.Equal(NamedTestNames.NameOf(test.Kind), JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("name").GetString());
            }
        }
    }

    /// <summary>Steps of a few currents and lengths over and over, with gaps, time that stands still, lost voltages and noise.</summary>
    private static Sample[] Trace(Random random)
    {
        double[] currents = [0, 0, 0.1, -0.1, 0.5, -0.5, 1, -1, 2];
        double[] lengths = [1, 30, 600, 600, 3600];
        var trace = new CellTrace
        {
            CapacityAh = random.Next(2) == 0 ? 1 : 1e6, ResistanceOhm = random.NextDouble(), IntervalSeconds = random.Next(1, 40),
            TemperatureC = random.Next(3) == 0 ? null : 25,
        };
        double[] pattern = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => currents[random.Next(currents.Length)])];
        for (int i = 0; i < 60; i++)
        {
            double currentA = random.Next(8) == 0 ? currents[random.Next(currents.Length)] : pattern[i % pattern.Length];
            trace.Run(currentA, lengths[random.Next(lengths.Length)]);
            trace.Skip(random.Next(20) == 0 ? random.Next(1, 100_000) : 0);
            if (random.Next(20) == 0)
            {
                trace.Record(random.Next(2) == 0 ? null : 8, random.NextDouble() - 0.5);
            }

            trace.TemperatureC += random.Next(4) == 0 ? random.Next(-30, 30) : 0;
        }

        for (int i = 0; i < trace.Count; i += random.Next(1, 50))
        {
            trace.Spoil(i, SampleColumns.Voltage, trace.Samples[i].Values[SampleColumns.Voltage] + (0.01 * random.NextDouble()));
        }

        return trace.ToArray();
    }
}
