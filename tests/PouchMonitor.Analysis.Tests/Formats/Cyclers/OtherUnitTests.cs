using System.Text;
using PouchMonitor.Formats;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

/// <summary>Units beside those of the metre: converted where they are known, named where they are not, never taken for others.</summary>
public sealed class OtherUnitTests
{
    [Theory]
    [InlineData("T (\u00b0F)")]
    [InlineData("T (F)")]
    [InlineData("T [\u2109]")]
    [InlineData("T (degF)")]
    [InlineData("T (deg F)")]
    [InlineData("T/\u00b0F")]
    public void Fahrenheit_IsConverted(string name)
    {
        RecordedRow row = Read($"t,U,{name}\n1,4,77\n2,4,100\n", $"time=t/s,voltage=U/V,surface={name}", out RecordedSeriesReader reader)[1];
        Assert.Equal((100.0 - 32) * 5 / 9, row.Value(SampleColumns.Surface)!.Value, 1e-6);
        Assert.Empty(reader.Notes);
    }

    [Theory]
    [InlineData(77, 0, 25)]
    [InlineData(-40, 0, -40)]
    [InlineData(7700, 2, 25)]
    [InlineData(32, 0, 0)]
    public void WholeDegrees_AreExact(long mantissa, int decimals, double celsius)
    {
        Assert.True(new DecimalNumber(mantissa, decimals).TryFromFahrenheit(out DecimalNumber number));
        Assert.Equal(celsius, number.ToDouble());
    }

    [Fact]
    public void FahrenheitBeyond64Bits_IsRefused() => Assert.False(new DecimalNumber(long.MaxValue, 0).TryFromFahrenheit(out _));

    [Theory]
    [InlineData("Data Point,Test Time (s),Cycle Index,Step Index,Current (A),Voltage (V),Charge Capacity (Ah),Aux_Temperature_1 (F)\n1,30,1,1,0,4,0,212\n")]
    [InlineData("DataPoint,Step Type,Time,Total Time,Current(A),Voltage(V),T1(\u2109)\n1,Rest,00:00:00,00:00:00,0,3.7,212\n")]
    public void ACyclersFahrenheit_IsConverted(string text) => Assert.Equal(100, Assert.Single(ReadSeries.Of(text).Rows).C);

    [Theory]
    [InlineData("lb", 4.4482216152605)]
    [InlineData("lbf", 4.4482216152605)]
    [InlineData("kgf", 9.80665)]
    [InlineData("kN", 1000)]
    public void Force_IsReadInItsUnit(string unit, double newtons) =>
        Assert.Equal(newtons, Read($"t,U,Load ({unit})\n1,4,1\n", $"time=t/s,voltage=U/V,force=Load ({unit})", out _)[0].ForceN!.Value, 1e-6);

    [Theory]
    [InlineData("in", 25.4)]
    [InlineData("inch", 25.4)]
    [InlineData("cm", 10)]
    public void Displacement_IsReadInItsUnit(string unit, double millimetres) =>
        Assert.Equal(millimetres, Read($"t,U,Way ({unit})\n1,4,1\n", $"time=t/s,voltage=U/V,displacement=Way ({unit})", out _)[0].DisplacementMm!.Value, 1e-9);

    [Fact]
    public void AUnitThatIsNotKnown_IsNamed_WithThoseThatAre_AndNoAdviceThatMisleads() => Assert.Equal(
        "x: surface: 'psi' in the name of column 'T (psi)' is no unit of it; there are C, K and F: convert the column, or write surface=T (psi)/C only where its numbers are in C all the same",
        Assert.Throws<SeriesFileException>(() => Read("t,U,T (psi)\n1,4,1\n", "time=t/s,voltage=U/V,surface=T (psi)", out _)).Message);

    [Fact]
    public void AUnitThatIsGivenAgainstTheName_Holds_AndIsSaid()
    {
        Assert.Equal(77, Read("t,U,T (\u00b0F)\n1,4,77\n", "time=t/s,voltage=U/V,surface=T (\u00b0F)/C", out RecordedSeriesReader reader)[0].Value(SampleColumns.Surface));
        Assert.Equal("Column 'T (\u00b0F)' is read in C, as --columns says, though its name says \u00b0F.", Assert.Single(reader.Notes));
    }

    [Fact]
    public void ACyclersUnitThatIsNotKnown_IsSaid()
    {
        const string Text = "Data Point,Test Time (s),Cycle Index,Step Index,Current (A),Voltage (V),Charge Capacity (Ah),Aux_Temperature_1 (Ra)\n1,30,1,1,0,4,0,212\n";
        using RecordedSeriesReader reader = RecordedSeries.Open(new MemoryStream(Encoding.UTF8.GetBytes(Text)), "x");
        Assert.Equal("'Ra' in the name of column 'Aux_Temperature_1 (Ra)' is no unit that is known; its numbers are taken for C.", Assert.Single(reader.Notes));
    }

    private static List<RecordedRow> Read(string text, string columns, out RecordedSeriesReader reader)
    {
        reader = RecordedSeries.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "x", new SeriesOptions { Columns = ColumnMapping.Parse(columns) });
        List<RecordedRow> rows = [];
        RecordedRow row = new();
        while (reader.TryRead(row))
        {
            rows.Add(row);
            row = new RecordedRow();
        }

        Assert.Empty(reader.Problems);
        return rows;
    }
}
