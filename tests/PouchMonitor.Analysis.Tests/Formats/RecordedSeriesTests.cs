using System.IO.Compression;
using System.Text;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Formats;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Formats;

public sealed class RecordedSeriesTests
{
    private const string Header = "time_s,voltage_V,current_A,temperature_C,cycle,step,charge_capacity_Ah,discharge_capacity_Ah\n";

    [Fact]
    public void EveryColumn_IsKeptExactlyAsWritten()
    {
        using RecordedSeriesReader reader = Open(Header + "1.5,4.1250,-0.25,25.10,3,7,1.25e-05,0.5\n");
        RecordedRow row = Next(reader);

        Assert.Equal(1_500_000, row.TimeMicroseconds);
        Assert.Equal(2, row.LineNumber);
        Assert.Equal((4125L, 3), (row.Mantissa(SampleColumns.Voltage), (int)row.Decimals(SampleColumns.Voltage)));
        Assert.Equal(4.125, row.Value(SampleColumns.Voltage));
        Assert.Equal(-0.25, row.Value(SampleColumns.Current));
        Assert.Equal(25.1, row.Value(SampleColumns.Surface));
        Assert.Equal(3.0, row.InstrumentCycle);
        Assert.Equal(7.0, row.InstrumentStep);
        Assert.Equal(1.25e-05, row.InstrumentChargeCapacityAh);
        Assert.Equal(0.5, row.InstrumentDischargeCapacityAh);
    }

    [Fact]
    public void Sample_HasTheSameDoublesAsAFrameOfTheMantissasHas()
    {
        using RecordedSeriesReader reader = Open(Header + "0.1,3.479393559,-1.601499591e-07,,,,,\n");
        RecordedRow row = Next(reader);
        var sample = new Sample();
        row.CopyTo(ref sample);

        Assert.Equal(0, sample.Number);
        Assert.Equal(100_000, sample.TimeMicroseconds);
        Assert.Equal(3.479393559, sample.Values[SampleColumns.Voltage]);
        Assert.Equal(-1.601499591e-07, sample.Values[SampleColumns.Current]);
        Assert.Equal(SensorState.Absent, sample.StateOf(SampleColumns.Surface));
        Assert.Equal(0, sample.Values[SampleColumns.Surface]);
        Assert.True(sample.IsGood(SampleColumns.Voltage));
    }

    [Fact]
    public void Blank_IsAbsent_NotTheValueOfTheRowBefore()
    {
        using RecordedSeriesReader reader = Open(Header + "0,4.1,1,25,1,1,0,0\n1,,,,,,,\n");
        Next(reader);
        RecordedRow row = Next(reader);
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            Assert.False(row.IsPresent(column));
            Assert.Null(row.Value(column));
        }

        Assert.Null(row.InstrumentCycle);
        Assert.Null(row.InstrumentDischargeCapacityAh);
    }

    [Theory]
    [InlineData("temperature_C", SampleColumns.Surface)]
    [InlineData("temperature1_C", SampleColumns.Surface)]
    [InlineData("temperature2_C", SampleColumns.FirstExtraSurface)]
    [InlineData("temperature6_C", SampleColumns.FirstExtraSurface + 4)]
    [InlineData("ambient_C", SampleColumns.Ambient)]
    [InlineData("ambient_temperature_C", SampleColumns.Ambient)]
    [InlineData("infrared_C", SampleColumns.Infrared)]
    [InlineData("ir_temperature_C", SampleColumns.Infrared)]
    [InlineData("\"Temperature_c\"", SampleColumns.Surface)]
    public void TemperatureColumn_GoesToItsPlace(string name, int column)
    {
        using RecordedSeriesReader reader = Open($"time_s,voltage_V,{name}\n0,4,25.5\n");
        Assert.True(reader.HasColumn(column));
        Assert.Equal(25.5, Next(reader).Value(column));
    }

    [Theory]
    [InlineData("temperature7_C")]
    [InlineData("temperature0_C")]
    [InlineData("temperature2_K")]
    public void ColumnWithoutAPlace_IsIgnoredByName(string name)
    {
        using RecordedSeriesReader reader = Open($"time_s,voltage_V,{name}\n0,4,words are fine here\n");
        Assert.Equal([name], reader.IgnoredColumns);
        Assert.Equal(4, Next(reader).Value(SampleColumns.Voltage));
    }

    [Fact]
    public void SurfaceNamedTwice_SecondGoesToTheFirstFreePlace()
    {
        using RecordedSeriesReader reader = Open("time_s,voltage_V,temperature_C,temperature1_C\n0,4,25,26\n");
        Assert.Equal(26, Next(reader).Value(SampleColumns.FirstExtraSurface));
    }

    [Theory]
    [InlineData("0,4\r\n1,5\r\n")]
    [InlineData("0,4\n1,5")]
    [InlineData("0,4\n\n  \n1,5\n\n")]
    [InlineData("\"0\",\"4\"\n 1 , 5 \n")]
    public void LineEndsBlankLinesAndQuotes_DoNotMatter(string rows)
    {
        using RecordedSeriesReader reader = Open("\uFEFFtime_s,voltage_V\r\n" + rows);
        Assert.Equal(4, Next(reader).Value(SampleColumns.Voltage));
        RecordedRow last = Next(reader);
        Assert.Equal((5.0, 1L), (last.Value(SampleColumns.Voltage), last.Number));
        Assert.False(reader.TryRead(last));
        Assert.Equal(0, reader.BadRowCount);
    }

    [Fact]
    public void Gzip_IsKnownByContent_NotByName()
    {
        byte[] packed = Zip("time_s,voltage_V\n0,4.5\n");
        using RecordedSeriesReader reader = RecordedSeries.Open(new MemoryStream(packed), "plain.csv");
        Assert.Equal(4.5, Next(reader).Value(SampleColumns.Voltage));
    }

    [Theory]
    [InlineData("0.0000005", 0)] // half to even
    [InlineData("0.0000015", 2)]
    [InlineData("0.0000025", 2)]
    [InlineData("0.00000250001", 3)]
    [InlineData("-0.0000015", -2)]
    [InlineData("-0.0000025", -2)]
    [InlineData("10.00000047", 10_000_000)]
    [InlineData("1e-6", 1)]
    [InlineData("1732150000.250", 1_732_150_000_250_000)]
    [InlineData("1000000000000", 1_000_000_000_000_000_000)]
    public void Time_IsRoundedHalfToEvenFromTheExactDecimal(string time, long microseconds)
    {
        using RecordedSeriesReader reader = Open($"time_s,voltage_V\n{time},4\n");
        Assert.Equal(microseconds, Next(reader).TimeMicroseconds);
    }

    [Fact]
    public void ReadingAcrossBufferEdges_LosesNothing()
    {
        const int Rows = 60_000;
        var text = new StringBuilder("time_s,voltage_V\n");
        for (int i = 0; i < Rows; i++)
        {
            text.Append(i).Append(',').Append(3).Append('.').Append(i % 997).Append('\n');
        }

        using RecordedSeriesReader reader = RecordedSeries.Open(new TricklingStream(Encoding.UTF8.GetBytes(text.ToString())), "x");
        var row = new RecordedRow();
        for (int i = 0; i < Rows; i++)
        {
            Assert.True(reader.TryRead(row));
            Assert.Equal(((long)i, i * 1_000_000L, i + 2L), (row.Number, row.TimeMicroseconds, row.LineNumber));
            Assert.Equal(double.Parse($"3.{i % 997}"), row.Value(SampleColumns.Voltage));
        }

        Assert.False(reader.TryRead(row));
    }

    internal static RecordedSeriesReader Open(string text) =>
        RecordedSeries.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "x.csv");

    internal static RecordedRow Next(RecordedSeriesReader reader)
    {
        var row = new RecordedRow();
        Assert.True(reader.TryRead(row), string.Join('\n', reader.Problems));
        return row;
    }

    internal static byte[] Zip(string text)
    {
        using var target = new MemoryStream();
        using (var zip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }

        return target.ToArray();
    }

    /// <summary>Gives a prime number of bytes at a time, so that every kind of edge is met.</summary>
    private sealed class TricklingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1009));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1009)]);
    }
}
