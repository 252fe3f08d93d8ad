using System.Text;
using PouchMonitor.Formats;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>Columns and cells that records of abuse tests have.</summary>
public sealed class OddColumnTests
{
    [Theory]
    [InlineData("force_N", "-1500.5", -1500.5)]
    [InlineData("force_kN", "-1.5005", -1500.5)]
    [InlineData("Load_kN", "2", 2000)]
    [InlineData("force_lbf", "1000", 4448.2216152605)]
    public void Force_IsReadInItsUnit(string name, string cell, double newtons)
    {
        RecordedRow row = Read($"time_s,voltage_V,{name}\n1,4,{cell}\n", SeriesOptions.Default);
        Assert.Equal(newtons, row.ForceN!.Value, 1e-9);
        Assert.Null(row.DisplacementMm);
    }

    [Theory]
    [InlineData("displacement_mm", "2.5", 2.5)]
    [InlineData("displacement_m", "0.0025", 2.5)]
    [InlineData("displacement_um", "2500", 2.5)]
    [InlineData("stroke_mm", "-3", -3)]
    public void Displacement_IsReadInItsUnit(string name, string cell, double millimetres) =>
        Assert.Equal(millimetres, Read($"time_s,voltage_V,{name}\n1,4,{cell}\n", SeriesOptions.Default).DisplacementMm!.Value, 1e-9);

    [Fact]
    public void AnyTablesColumns_CanBeNamed()
    {
        SeriesOptions options = new() { Columns = ColumnMapping.Parse("time=Test Time/s,voltage=U/V,force=Load/kN,displacement=Way/um,surface=TC1/C") };
        RecordedRow row = Read("Test Time,U,Load,Way,TC1\n1,4,0.25,1500,30\n", options);
        Assert.Equal((250.0, 1.5, 30.0), (row.ForceN!.Value, row.DisplacementMm!.Value, row.Value(SampleColumns.Surface)!.Value));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("OL")]
    [InlineData("9.9E37")]
    public void ACellThatCannotBeRead_CostsItsReadingAlone_WhereThatIsAsked(string cell)
    {
        string text = $"time_s,voltage_V,temperature1_C,temperature2_C\n1,4,{cell},30\n";
        RecordedRow row = Read(text, new SeriesOptions { IsLenient = true });
        Assert.False(row.IsPresent(SampleColumns.Surface));
        Assert.Equal(30, row.Value(SampleColumns.FirstExtraSurface));
        Assert.Equal(4, row.Value(SampleColumns.Voltage));

        using RecordedSeriesReader strict = Open(text, SeriesOptions.Default);
        Assert.False(strict.TryRead(new RecordedRow()));
        Assert.Equal(1, strict.BadRowCount);
    }

    [Fact]
    public void TemperaturesAlone_WillDo_WhereThatIsAsked()
    {
        const string Text = "time_s,temperature_C\n1,30\n";
        Assert.Equal(30, Read(Text, new SeriesOptions { IsLenient = true }).Value(SampleColumns.Surface));
        Assert.Throws<SeriesFileException>(() => Open(Text, SeriesOptions.Default));
    }

    private static RecordedSeriesReader Open(string text, SeriesOptions options) =>
        RecordedSeries.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "a.csv", options);

    private static RecordedRow Read(string text, SeriesOptions options)
    {
        using RecordedSeriesReader reader = Open(text, options);
        RecordedRow row = new();
        Assert.True(reader.TryRead(row), string.Join('\n', reader.Problems));
        return row;
    }
}
