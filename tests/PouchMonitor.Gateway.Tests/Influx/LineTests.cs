using System.Globalization;
using System.Text;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Influx;

/// <summary>Line protocol as it is written: exact, by the grammar, and without allocating.</summary>
public sealed class LineTests
{
    private static readonly byte[] Key = LineBuffer.SeriesKey(InfluxSchema.Samples, ("node", "n"), ("cell", "a"), ("channel", "1"));

    [Theory]
    [InlineData(37312, 4, "3.7312")]
    [InlineData(-37000, 4, "-3.7")]
    [InlineData(5, 3, "0.005")]
    [InlineData(-5, 0, "-5")]
    [InlineData(0, 6, "0")]
    [InlineData(long.MinValue, 18, "-9.223372036854775808")]
    [InlineData(long.MaxValue, 0, "9223372036854775807")]
    public void ADecimal_KeepsItsDigits(long mantissa, int decimals, string text)
    {
        LineBuffer lines = new();
        lines.Begin(Key);
        lines.Decimal("voltage_v"u8, mantissa, decimals);
        Assert.True(lines.End(-7));
        Assert.Equal($"cell_sample,cell=a,channel=1,node=n voltage_v={text} -7\n", Text(lines));
    }

    [Fact]
    public void NoNumber_NoField_NoField_NoLine()
    {
        LineBuffer lines = new();
        lines.Begin(Key);
        lines.Number("voltage_v"u8, 1e-7);
        lines.End(1);
        lines.Begin(Key);
        lines.Number("voltage_v"u8, double.NaN);
        lines.Number("current_a"u8, double.PositiveInfinity);
        lines.Integer("sample_number"u8, null);
        lines.Text("x"u8, "");
        Assert.False(lines.End(2));
        Assert.Equal("cell_sample,cell=a,channel=1,node=n voltage_v=1E-07 1\n", Text(lines));
        Assert.Equal(1, lines.LineCount);
        Assert.NotNull(StrictLine.TryParse(Text(lines)[..^1]));
    }

    [Fact]
    public void TextAndTags_AreEscaped_AndLongTextIsCut()
    {
        LineBuffer lines = new();
        lines.Begin(LineBuffer.SeriesKey(InfluxSchema.Alarms, ("cell", "a b,c=d\\"), ("rule", ""), ("test", "a@1")));
        lines.Text("reason"u8, "say \"no\"\\\n" + new string('é', 2000));
        lines.End(0);
        string line = Text(lines);
        Assert.StartsWith("cell_alarm,cell=a\\ b\\,c\\=d_,test=a@1 reason=\"say \\\"no\\\"\\\\ ", line, StringComparison.Ordinal);
        Assert.Single(line.Split('\n'), part => part.Length > 0);
        Assert.True(Encoding.UTF8.GetByteCount(line) < 1200);
        Assert.NotNull(StrictLine.TryParse(line[..^1]));
    }

    [Fact]
    public void EverySample_IsWrittenAsTheAnalysisReadsIt()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int round = 0; round < 50; round++)
        {
            SampleFrame frame = RandomFrame(random);
            LineBuffer lines = new();
            new SampleLines().Write(frame, Key, 1_780_000_000_000_000, lines);
            string[] written = Text(lines).Split('\n')[..^1];
            Assert.Equal(frame.Count, written.Length);
            Sample sample = default;
            for (int at = 0; at < frame.Count; at++)
            {
                StrictLine? line = StrictLine.TryParse(written[at]);
                Assert.True(line is not null, $"seed {seed}: {written[at]}");
                FrameSamples.Read(frame, at, 1_780_000_000_000_000, ref sample);
                Assert.Equal(sample.TimeMicroseconds, line.Time);
                Assert.Equal($"{sample.Number}i", line.Fields["sample_number"]);
                for (int column = 0; column < SampleColumns.Count; column++)
                {
                    bool isThere = line.Fields.TryGetValue(InfluxSchema.ColumnFields[column], out string? text);
                    Assert.True(isThere == sample.IsGood(column), $"seed {seed}: {written[at]}");
                    Assert.True(!isThere || double.Parse(text!, CultureInfo.InvariantCulture) == sample.Values[column],
                        $"seed {seed}: {text} is not {sample.Values[column]:R}");
                }
            }
        }
    }

    [Fact]
    public void WritingSamples_AllocatesNothing()
    {
        SampleFrame frame = RandomFrame(new Random(1));
        LineBuffer lines = new();
        SampleLines writer = new();
        for (int warm = 0; warm < 3; warm++)
        {
            lines.Clear();
            writer.Write(frame, Key, 0, lines);
        }

        lines.Clear();
        long before = GC.GetAllocatedBytesForCurrentThread();
        writer.Write(frame, Key, 0, lines);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void FieldsOfACycle_HoldTheFiguresOfTheirNames()
    {
        CycleSummary cycle = new()
        {
            Index = 1, StartMicroseconds = 2, EndMicroseconds = 3, ChargeCapacityAh = 4, DischargeCapacityAh = 5, CoulombicEfficiency = 6,
            CoulombicEfficiencyUncertainty = 7, ChargeEnergyWh = 8, DischargeEnergyWh = 9, MeanChargeVoltageV = 10, MeanDischargeVoltageV = 11,
            PolarizationV = 12, ConstantVoltageChargeAh = 13, MaxTemperatureC = 14, Revision = 15, ChargeCapacityUncertaintyAh = 16,
            DischargeCapacityUncertaintyAh = 17, PolarizationUncertaintyV = 18,
        };
        LineBuffer lines = new();
        RecordPoint.Of(cycle, "1", "t", [("cell", "a"), ("channel", "1"), ("node", "n"), ("test", "t")]).Write(lines, 0);
        Assert.Equal(
            "cell_cycle,cell=a,channel=1,node=n,test=t cycle=1i,end_time_us=3i,charge_capacity_ah=4,discharge_capacity_ah=5,coulombic_efficiency=6,"
            + "coulombic_efficiency_uncertainty=7,charge_energy_wh=8,discharge_energy_wh=9,mean_charge_voltage_v=10,mean_discharge_voltage_v=11,polarization_v=12,"
            + "constant_voltage_charge_ah=13,highest_temperature_c=14,quality=\"complete\",revision=15i,valid=true,charge_capacity_uncertainty_ah=16,"
            + "discharge_capacity_uncertainty_ah=17,polarization_uncertainty_v=18 2\n",
            Text(lines));
    }

    [Fact]
    public void Names_CarryTheirUnits_AndEachKeepsOneType()
    {
        string[] units = ["v", "a", "c", "ah", "wh", "us"];
        foreach (InfluxField field in InfluxSchema.All.SelectMany(measurement => measurement.Fields).Where(field => field.Type == InfluxFieldType.Float))
        {
            // Ratios and values whose unit stands beside them have none.
            Assert.True(field.Name is "coulombic_efficiency" or "coulombic_efficiency_uncertainty" or "observed" or "limit"
                || units.Contains(field.Name.Split('_')[^1]), field.Name);
        }

        Assert.All(InfluxSchema.All, measurement => Assert.Equal(measurement.Tags.Order(StringComparer.Ordinal), measurement.Tags));
        Assert.All(InfluxSchema.All, measurement => Assert.Distinct(measurement.Fields.Select(field => field.Name).Concat(measurement.Tags)));
    }

    private static SampleFrame RandomFrame(Random random)
    {
        SampleFrame frame = new(64) { Count = 64, FirstSampleNumber = random.Next(), HasVoltageExtremes = random.Next(2) == 0 };
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            bool isDecimal = random.Next(2) == 0;
            frame.Scales[column].Numerator = isDecimal ? 1 : random.Next(1, 1000);
            frame.Scales[column].Denominator = isDecimal ? DecimalText.PowerOfTen(random.Next(0, 10)) : random.Next(1, 3_000_000);
            frame.Scales[column].Offset = random.Next(-5, 5);
        }

        long time = 0;
        for (int at = 0; at < frame.Count; at++)
        {
            frame.UptimeMicroseconds[at] = time += random.Next(1, 100_000);
            frame.States[at] = SensorStates.AllAbsent;
            for (int column = 0; column < SampleColumns.Count; column++)
            {
                SensorState state = (SensorState)random.Next(0, 8);
                frame.States[at] = SensorStates.With(frame.States[at], column, state);
                frame.Counts[column][at] = SensorStates.HasValue(frame.States[at], column) ? random.Next(-1_000_000, 1_000_000) : 0;
            }
        }

        return frame;
    }

    private static string Text(LineBuffer lines) => Encoding.UTF8.GetString(lines.Lines.Span);
}
