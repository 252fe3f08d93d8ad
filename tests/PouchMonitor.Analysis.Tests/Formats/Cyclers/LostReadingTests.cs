using System.Text;
using PouchMonitor.Formats;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

/// <summary>Cells that hold no reading, in tables whose columns are named and in sheets: the row in which a sensor dies keeps its voltage.</summary>
public sealed class LostReadingTests
{
    private static readonly SeriesOptions Lenient = new() { Columns = ColumnMapping.Parse("time=t/s,voltage=U/V,surface=T1/C,surface2=T2/C"), IsLenient = true };

    [Theory]
    [InlineData("OL")]
    [InlineData("#N/A")]
    [InlineData("Inf")]
    [InlineData("----")]
    [InlineData("OVERFLOW")]
    [InlineData("9.9E+37")]
    [InlineData("NaN")]
    public void AnUnreadableCell_CostsItsReadingAlone_AndIsCounted(string cell)
    {
        byte[] text = Encoding.UTF8.GetBytes($"t,U,T1,T2\n1,4,{cell},30\n");
        byte[] sheet = WorkbookFile.Of(("one", [["t", "U", "T1", "T2"], [1d, 4d, cell, 30d]]));
        foreach (byte[] file in (byte[][])[text, sheet])
        {
            (RecordedRow row, RecordedSeriesReader reader) = Only(file, Lenient);
            Assert.Equal((4.0, null, 30.0), (row.Value(SampleColumns.Voltage), row.Value(SampleColumns.Surface), row.Value(SampleColumns.FirstExtraSurface)));
            Assert.Equal((1L, 0), (reader.UnreadableCellCount, reader.BadRowCount));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ASheetsRowWithoutItsLastCells_IsWhole(bool isLenient)
    {
        byte[] sheet = WorkbookFile.Of(("one", [["t", "U", "T1", "T2"], [1d, 4d]]));
        (RecordedRow row, RecordedSeriesReader reader) = Only(sheet, Lenient with { IsLenient = isLenient });
        Assert.Equal((4.0, null, null), (row.Value(SampleColumns.Voltage), row.Value(SampleColumns.Surface), row.Value(SampleColumns.FirstExtraSurface)));
        Assert.Equal((0L, 0), (reader.UnreadableCellCount, reader.BadRowCount));
    }

    [Fact]
    public void ALineWithBlankLastCells_IsWhole_AndACutOneIsNot()
    {
        Assert.Single(ReadSeries.Of("t,U,T1,T2\n1,4,,\n", Lenient).Rows);
        Assert.Equal("x:2: short row: 3 cells, the header has 4", Assert.Single(ReadSeries.Of("t,U,T1,T2\n1,4,2", Lenient).Problems));
    }

    [Fact]
    public void AnUnreadableTime_CostsItsRow() =>
        Assert.Equal("x:2: t is no time: 'OL', expected a number, h:mm:ss or a date", Assert.Single(ReadSeries.Of("t,U,T1,T2\nOL,4,25,25\n", Lenient).Problems));

    [Fact]
    public void ACyclersExport_IsReadInTheSameWay()
    {
        byte[] file = Encoding.UTF8.GetBytes(
            "Data Point,Test Time (s),Cycle Index,Step Index,Current (A),Voltage (V),Charge Capacity (Ah),Aux_Temperature_1 (C)\n1,30,1,1,0,4,0,OL\n");
        Assert.Equal(4, Only(file, new SeriesOptions { IsLenient = true }).Row.Value(SampleColumns.Voltage));
        Assert.Single(ReadSeries.Of(file).Problems);
    }

    private static (RecordedRow Row, RecordedSeriesReader Reader) Only(byte[] file, SeriesOptions options)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(new MemoryStream(file), "x", options);
        RecordedRow row = new();
        Assert.True(reader.TryRead(row), string.Join('\n', reader.Problems));
        Assert.False(reader.TryRead(new RecordedRow()));
        return (row, reader);
    }
}
