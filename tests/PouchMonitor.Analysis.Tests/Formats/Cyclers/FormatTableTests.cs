using System.Text;
using PouchMonitor.Formats;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

/// <summary>The table of formats: detection, forcing, and a mapping by hand.</summary>
public sealed class FormatTableTests
{
    private const string Table = "some instrument\n\nTest Time;U;I;Q in;T1\n0;3700,5;-1500;0;25,5\n1,5;3701,25;1500;0,5;26\n";

    [Fact]
    public void Names_AreUniqueAndEveryFormatSaysWhatItIs()
    {
        Assert.Equal(SeriesFormats.All.Count, SeriesFormats.All.Select(format => format.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(SeriesFormats.All, format => Assert.InRange(format.Description.Length, 10, 120));
    }

    [Fact]
    public void NamedColumns_AreReadWithTheirUnitsAndSign()
    {
        ReadSeries read = ReadSeries.Of(Table, Mapping("time=Test Time/min,voltage=U/mV,current=I/mA:discharge-positive,charge=q in/mAh,surface=T1/C"));

        Assert.Equal("columns", read.Format);
        Assert.Empty(read.Problems);
        Assert.Equal([0, 90_000_000], read.Rows.Select(row => row.Microseconds));
        Assert.Equal([3.7005, 3.70125], read.Rows.Select(row => row.V!.Value));
        Assert.Equal([1.5, -1.5], read.Rows.Select(row => row.A!.Value));
        Assert.Equal([25.5, 26], read.Rows.Select(row => row.C!.Value));
        Assert.Equal([0, 0.0005], read.Rows.Select(row => row.ChargeAh!.Value));
        Assert.Equal([4L, 5L], read.Rows.Select(row => row.Line));
    }

    [Theory]
    [InlineData("time=Test Time/min,voltage=Ux/mV", "x: voltage: there is no column 'Ux/mV'; found Test Time, U, I, Q in, T1")]
    [InlineData("time=Test Time,voltage=U/mV", "x: time: nothing says the unit of column 'Test Time'; write time=Test Time/s or another unit")]
    [InlineData("time=Test Time/V,voltage=U/mV", "x: time: nothing says the unit of column 'Test Time'; write time=Test Time/s or another unit")]
    public void ColumnThatIsNotThere_OrHasNoUnit_IsNamedWithThoseThatAre(string mapping, string message)
    {
        Assert.Equal(message, Assert.Throws<SeriesFileException>(() => ReadSeries.Of(Table, Mapping(mapping))).Message);
    }

    [Theory]
    [InlineData("time=t/s", "voltage and one of time, step-time and clock are needed")]
    [InlineData("time=t/s,volts=U/V", "there is no quantity 'volts'; there are time, step-time")]
    [InlineData("time=t/s,voltage=", "voltage: no column is named")]
    [InlineData("time=t/s,voltage=U/V,voltage=W/V", "voltage is named twice")]
    [InlineData("time=t/s,voltage=U/V:discharge-positive", "voltage: only the current has a direction")]
    public void MappingThatIsNone_SaysWhy(string mapping, string message)
    {
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => ColumnMapping.Parse(mapping)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ForcedFormat_IsRead_AndAnUnknownOneNamesThoseThatAre()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("time_s,voltage_V\n0,4\n");
        Assert.Equal("csv", ReadSeries.Of(bytes, new SeriesOptions { Format = "CSV" }).Format);
        string message = Assert.Throws<SeriesFileException>(() => ReadSeries.Of(bytes, new SeriesOptions { Format = "nova" })).Message;
        Assert.StartsWith("x: there is no format 'nova'; there are csv, ", message, StringComparison.Ordinal);
        message = Assert.Throws<SeriesFileException>(() => ReadSeries.Of(bytes, new SeriesOptions { Format = "neware-csv" })).Message;
        Assert.StartsWith("x: no header of neware-csv in 2 lines: it names a time, a voltage and datapoint or recordid", message, StringComparison.Ordinal);
    }

    [Fact]
    public void GzippedFile_IsTheSameFile()
    {
        byte[] plain = Encoding.UTF8.GetBytes(
            "DataPoint,Step Type,Time,Total Time,Current(A),Voltage(V)\n1,Rest,00:00:00,00:00:00,0,3.7\n");
        Assert.Equal(ReadSeries.Of(plain).Rows, ReadSeries.Of(ReadSeries.Gzip(plain)).Rows);
    }

    private static SeriesOptions Mapping(string text) => new() { Columns = ColumnMapping.Parse(text) };
}
