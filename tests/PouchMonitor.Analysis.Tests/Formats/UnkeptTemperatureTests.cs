using System.Text;
using PouchMonitor.Formats;

namespace PouchMonitor.Analysis.Tests.Formats;

/// <summary>Temperatures beyond those that a sample holds: said, and where one is the hottest, with its value and time.</summary>
public sealed class UnkeptTemperatureTests
{
    private const string Hotter = "is hotter than all temperatures that are, the highest of which is 31 C: 300 C at 2 s (two readings in a row).";

    [Fact]
    public void OfNormalisedColumns()
    {
        IReadOnlyList<string> notes = Notes("time_s,voltage_V,temperature_C,temperature8_C,temperature9_C\n1,4,30,25,299\n2,4,31,25,300\n3,4,31.5,25,301\n4,4,20,25,25\n5,4,20,900,25\n");
        Assert.Equal(2, notes.Count);
        Assert.Equal("6 contact temperatures are the most that are kept: temperature8_C, temperature9_C are not judged.", notes[0]);
        Assert.Equal($"'temperature9_C', which is not read, {Hotter}", notes[1]);
    }

    [Fact]
    public void OfACyclersExport()
    {
        IReadOnlyList<string> notes = Notes(
            "Data Point,Test Time (s),Cycle Index,Step Index,Current (A),Voltage (V),Charge Capacity (Ah)," + string.Join(',', Enumerable.Range(1, 7).Select(i => $"Aux_Temperature_{i} (C)")) + "\n"
            + "1,1,1,1,0,4,0,30,30,30,30,30,30,299\n2,2,1,1,0,4,0,31,31,31,31,31,31,300\n3,3,1,1,0,4,0,31.5,31.5,31.5,31.5,31.5,31.5,301\n4,4,1,1,0,4,0,30,30,30,30,30,30,OL\n");
        Assert.Equal("6 contact temperatures are the most that are kept: Aux_Temperature_7 (C) is not judged.", notes[0]);
        Assert.Equal("'Aux_Temperature_7 (C)', which is not read, is hotter than all temperatures that are, the highest of which is 31 C: 300 C at 2 s (two readings in a row).", notes[1]);
    }

    [Theory]
    [InlineData("299", "300", "301", true)]
    [InlineData("25", "301", "25", false)]
    [InlineData("1372", "1372", "1372", false)]
    [InlineData("OL", "301", "OL", false)]
    public void OfNamedColumns(string first, string second, string third, bool isHotter)
    {
        IReadOnlyList<string> notes = Notes(
            $"t,U,T1,TC9 (C)\n1,4,30,{first}\n2,4,31,{second}\n3,4,31.5,{third}\n4,4,25,25\n", new SeriesOptions { Columns = ColumnMapping.Parse("time=t/s,voltage=U/V,surface=T1/C") });
        Assert.Equal(isHotter ? [$"'TC9 (C)', which is not read, {Hotter}"] : [], notes);
    }

    [Fact]
    public void NoneBeyondThePlaces_IsNothingToSay() =>
        Assert.Empty(Notes("time_s,voltage_V,temperature1_C,temperature6_C,temperature0_C\n1,4,30,25,300\n2,4,30,25,300\n"));

    private static IReadOnlyList<string> Notes(string text, SeriesOptions? options = null)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "x", options ?? SeriesOptions.Default);
        RecordedRow row = new();
        while (reader.TryRead(row))
        {
            Assert.Equal(4, row.Value(Measurement.SampleColumns.Voltage));
        }

        return reader.Notes;
    }
}
