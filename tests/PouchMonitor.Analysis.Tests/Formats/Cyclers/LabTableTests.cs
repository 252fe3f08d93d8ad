using System.Text;
using PouchMonitor.Formats;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

/// <summary>Tables as laboratories save them: times in many forms, a row of units, UTF-16, temperatures alone.</summary>
public sealed class LabTableTests
{
    private static readonly SeriesOptions Columns = new() { Columns = ColumnMapping.Parse("time=Time/hms,voltage=U/V") };

    [Theory]
    [InlineData("23:58:00,5", 86_280_500_000)]
    [InlineData("23:58:00:500", 86_280_500_000)]
    [InlineData("2023-06-05T23:58:00.5Z", 1_686_009_480_500_000)]
    [InlineData("2023-06-05T23:58:00.5+02:00", 1_686_002_280_500_000)]
    [InlineData("2023-06-05T23:58:00,5-0530", 1_686_029_280_500_000)]
    [InlineData("06/05/2023 23:58:00:500", 1_686_009_480_500_000)]
    [InlineData("06/05/2023 11:58:00,5 PM", 1_686_009_480_500_000)]
    public void TimesInManyForms_AreRead(string time, long microseconds) =>
        Assert.Equal(microseconds, Assert.Single(ReadSeries.Of($"Time;U\n{time};4.0\n", Columns).Rows).Microseconds);

    [Fact]
    public void ATimeOfDayThatPassesMidnight_GoesOn_AndIsSaid()
    {
        const string Text = "Time,U\n23:59:59.5,4\n00:00:00.5,4.1\n23:59:59.9,9\n00:00:01,4.2\n23:59:00,4.3\n00:01:00,4.4\n";
        ReadSeries read = ReadSeries.Of(Text, Columns);
        Assert.Equal([86_399.5, 86_400.5, 86_401], read.Rows.Take(3).Select(row => row.Seconds));
        Assert.Equal(86_460, read.Rows[^1].Seconds);
        Assert.Equal([4, 4.1, 4.2, 4.4], read.Rows.Select(row => row.V!.Value));
        Assert.Equal(2, read.Problems.Count);
        Assert.Equal("'Time' passes midnight: what follows is taken for the next day.", Assert.Single(Notes(Text, Columns)));
    }

    [Fact]
    public void ARowOfUnits_IsNoBadRow()
    {
        ReadSeries read = ReadSeries.Of("Time,U,T1\ns,V,\u00b0C\n1,4,25\n", Mapping("time=Time/s,voltage=U/V,surface=T1/C"));
        Assert.Equal((0, 1), (read.Problems.Count, read.Rows.Count));
        Assert.Equal(
            "The row of units below the header gives mV for column 'U', which is read in another unit, as its name or --columns says.",
            Assert.Single(Notes("Time,U,T1\n(s),(mV),(C)\n1,4,25\n", Mapping("time=Time/s,voltage=U/V,surface=T1/C"))));
    }

    [Fact]
    public void ARowOfWords_IsABadRow() => Assert.Single(ReadSeries.Of("Time,U\ns,x\n1,4\n", Mapping("time=Time/s,voltage=U/V")).Problems);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Utf16WithItsMark_IsRead(bool isBigEndian)
    {
        Encoding encoding = new UnicodeEncoding(isBigEndian, byteOrderMark: true);
        byte[] file = [.. encoding.Preamble, .. encoding.GetBytes("Zeit [s];U [mV];TC1 [\u00b0C]\n0,1;4150;24,97\n")];
        ReadRow row = Assert.Single(ReadSeries.Of(file, Mapping("time=Zeit [s],voltage=U [mV],surface=TC1 [\u00b0C]")).Rows);
        Assert.Equal((0.1, 4.15, 24.97), (row.Seconds, row.V!.Value, row.C!.Value));
        Assert.Equal(4, Assert.Single(ReadSeries.Of([.. encoding.Preamble, .. encoding.GetBytes("time_s,voltage_V\n0,4\n")]).Rows).V);
    }

    [Fact]
    public void TemperaturesAlone_WillDoForAnAbuseTest()
    {
        SeriesOptions options = Mapping("time=t/s,surface=TC/C");
        Assert.Equal(30, Assert.Single(ReadSeries.Of("t,TC\n1,30\n", options with { IsLenient = true }).Rows).C);
        Assert.Equal("x: --columns names no voltage; only an abuse test is judged by temperatures alone", Assert.Throws<SeriesFileException>(() => ReadSeries.Of("t,TC\n1,30\n", options)).Message);
    }

    [Fact]
    public void ARefusal_NamesColumns_AndHowToNameThem()
    {
        string text = Assert.Throws<SeriesFileException>(() => ReadSeries.Of("Zeit,Spannung\n1,4\n")).Message;
        string sheet = Assert.Throws<SeriesFileException>(() => ReadSeries.Of(WorkbookFile.Of(("one", [["Zeit", "Spannung"], [1d, 4d]])))).Message;
        Assert.All([text, sheet], message => Assert.Contains("found Zeit, Spannung;", message, StringComparison.Ordinal));
        Assert.All([text, sheet], message => Assert.Contains("--columns", message, StringComparison.Ordinal));
    }

    private static SeriesOptions Mapping(string text) => new() { Columns = ColumnMapping.Parse(text) };

    private static IReadOnlyList<string> Notes(string text, SeriesOptions options)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "x", options);
        RecordedRow row = new();
        while (reader.TryRead(row))
        {
            Assert.True(row.IsPresent(SampleColumns.Voltage));
        }

        return reader.Notes;
    }
}
