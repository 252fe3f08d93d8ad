using System.Text;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Formats;
using PouchMonitor.Gateway.Archive;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Analysis.Tests.Formats;

/// <summary>Battery Data Format, out and in again: every value exact, every state kept.</summary>
public sealed class BatteryDataTests
{
    [Fact]
    public void RandomFrames_ComeBackDigitForDigit()
    {
        int seed = Environment.TickCount & 0xFFFF;
        var random = new Random(seed);
        for (int round = 0; round < 50; round++)
        {
            SampleFrame frame = RandomFrame(random);
            using RecordedSeriesReader reader = Written(frame, bootStart: 1_790_000_000_123_457 + random.Next());
            var row = new RecordedRow();
            Sample found = default;
            for (int at = 0; at < frame.Count; at++)
            {
                Assert.True(reader.TryRead(row), $"seed {seed}: {string.Join("; ", reader.Problems)}");
                row.CopyTo(ref found);
                Assert.Equal(frame.States[at], found.States);
                if (frame.HasVoltageExtremes && SensorStates.HasValue(frame.States[at], SampleColumns.Voltage))
                {
                    double lowestV = ScaledValue.Of(frame.VoltageMinimumCounts[at], frame.Scales[SampleColumns.Voltage]);
                    Assert.Equal(Math.Max(0, found.Values[SampleColumns.Voltage] - lowestV), found.VoltageDipV, 1e-6 * (1 + found.VoltageDipV));
                }

                for (int column = 0; column < SampleColumns.Count; column++)
                {
                    if (SensorStates.HasValue(frame.States[at], column))
                    {
                        double expected = ScaledValue.Of(frame.Counts[column][at], frame.Scales[column]);
                        Assert.True(expected.Equals(found.Values[column]), $"seed {seed}, column {column}: {expected:R} became {found.Values[column]:R}");
                    }
                }
            }

            Assert.False(reader.TryRead(row));
            Assert.Equal(0, reader.BadRowCount);
        }
    }

    [Fact]
    public void AFrame_IsWrittenWithThePublishedNames_AndNothingIsLost()
    {
        var frame = new SampleFrame(2)
        {
            Boot = 0xab, FirstSampleNumber = 41, Count = 2, HasVoltageExtremes = true, HasChargeCounters = true,
            ChargedCountMicroseconds = 7, DischargedCountMicroseconds = 9_000_000_000_000,
        };
        frame.Scales[SampleColumns.Voltage].Numerator = 375;
        frame.Scales[SampleColumns.Voltage].Denominator = 2_000_000;
        frame.Scales[SampleColumns.Current].Denominator = 1000;
        uint good = SensorStates.With(SensorStates.With(SensorStates.AllAbsent, SampleColumns.Voltage, SensorState.Good), SampleColumns.Current, SensorState.Good);
        frame.States[0] = SensorStates.With(good, SampleColumns.Surface, SensorState.Open);
        frame.States[1] = SensorStates.With(good, SampleColumns.Current, SensorState.Saturated);
        (frame.Counts[0][0], frame.Counts[0][1]) = (20001, 20000);
        (frame.Counts[1][0], frame.Counts[1][1]) = (-1500, 0);
        (frame.VoltageMinimumCounts[0], frame.VoltageMaximumCounts[0]) = (19000, 20002);
        (frame.VoltageMinimumCounts[1], frame.VoltageMaximumCounts[1]) = (20000, 20000);
        frame.UptimeMicroseconds[1] = 1_500_000;
        Assert.Equal(
            """
            Test Time / s,Unix Time / s,Voltage / V,Current / A,Surface Temperature T1 / degC,Sensor States / 1,Minimum Voltage / V,Maximum Voltage / V,Sample Number / 1,Node Boot / 1,Charged Counts / us,Discharged Counts / us
            0,1790000000.25,3.7501875,-1.5,,STATES0,3.5625,3.750375,41,00000000000000ab,,
            1.5,1790000001.75,3.75,0,,STATES1,3.75,3.75,42,00000000000000ab,7,9000000000000

            """.Replace("STATES0", frame.States[0].ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("STATES1", frame.States[1].ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal),
            Text(frame, 1_790_000_000_250_000, SampleColumns.Surface));
    }

    [Fact]
    public void AScaleWithoutEndAsDecimal_IsWrittenAsItsDouble()
    {
        var frame = new SampleFrame(1) { Count = 1 };
        frame.States[0] = SensorStates.With(SensorStates.AllAbsent, SampleColumns.Voltage, SensorState.Good);
        frame.Scales[SampleColumns.Voltage].Denominator = 3;
        frame.Counts[SampleColumns.Voltage][0] = 11;
        Assert.Contains(",3.6666666666666665,", Text(frame, 0), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Test Time / s,Voltage / V,Current / A,Surface Temperature T2 / degC,Ambient Temperature / degC\n1.5,3.7,-2,30,20\n", 1_500_000)]
    [InlineData("test_time_second,voltage_volt,current_ampere,surface_temperature_t2_celsius,ambient_temperature_celsius\n1.5,3.7,-2,30,20\n", 1_500_000)]
    [InlineData("Test Time / s,Unix Time / s,Voltage / V,Current / A,Surface Temperature T2 / degC,Ambient Temperature / degC\n1.5,1790000000.5,3.7,-2,30,20\n", 1_790_000_000_500_000)]
    public void PublishedColumns_GoToTheirPlaces(string text, long microseconds)
    {
        using RecordedSeriesReader reader = Open(text);
        var row = new RecordedRow();
        Assert.True(reader.TryRead(row));
        Assert.Equal(microseconds, row.TimeMicroseconds);
        Assert.Equal((3.7, -2.0, 30.0, 20.0), (row.Value(SampleColumns.Voltage), row.Value(SampleColumns.Current), row.Value(SampleColumns.FirstExtraSurface), row.Value(SampleColumns.Ambient)));
    }

    [Theory]
    [InlineData("Test Time / s,Voltage / V,Sensor States / 1\n0,3.7,-1\n", "is no combination")]
    [InlineData("Test Time / s,Voltage / V,Sensor States / 1\n0,3.7,4294967296\n", "is no combination")]
    [InlineData("Test Time / s,Voltage / V,Sensor States / 1\n0,3.7,153391689\n", "Voltage / V does not agree")]
    [InlineData("Test Time / s,Voltage / V,Sensor States / 1\n0,,153391688\n", "Voltage / V does not agree")]
    [InlineData("Test Time / s,Voltage / V\n,3.7\n", "Test Time / s is blank")]
    public void ARowThatContradictsItself_IsNamed(string text, string problem)
    {
        using RecordedSeriesReader reader = Open(text);
        Assert.False(reader.TryRead(new RecordedRow()));
        Assert.Contains(problem, Assert.Single(reader.Problems).ToString(), StringComparison.Ordinal);
    }

    private static SampleFrame RandomFrame(Random random)
    {
        var frame = new SampleFrame(40) { Boot = 3, Count = random.Next(1, 40), FirstSampleNumber = random.Next() };
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            frame.Scales[column].Denominator = DecimalText.PowerOfTen(random.Next(0, 13));
            if (random.Next(3) == 0)
            {
                (frame.Scales[column].Numerator, frame.Scales[column].Denominator) = (random.Next(1, 1000), 2_000_000);
                frame.Scales[column].Offset = random.Next(-1000, 1000);
            }
        }

        for (int at = 0; at < frame.Count; at++)
        {
            frame.UptimeMicroseconds[at] = at * 100_003L;
            uint states = SensorStates.AllAbsent;
            for (int column = 0; column < SampleColumns.Count; column++)
            {
                states = SensorStates.With(states, column, (SensorState)random.Next(8));
                if (SensorStates.HasValue(states, column))
                {
                    frame.Counts[column][at] = random.NextInt64(-1_000_000_000_000, 1_000_000_000_000) >> random.Next(0, 40);
                }
            }

            frame.States[at] = states;
        }

        return frame;
    }

    private static string Text(SampleFrame frame, long bootStart, params int[] columns)
    {
        var stream = new MemoryStream();
        using (var writer = new BatteryDataWriter(stream, columns))
        {
            writer.Write(frame, 0, bootStart);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static RecordedSeriesReader Written(SampleFrame frame, long bootStart) =>
        Open(Text(frame, bootStart, [.. Enumerable.Range(0, SampleColumns.Count)]));

    private static RecordedSeriesReader Open(string text) => RecordedSeries.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "test.bdf.csv");
}
