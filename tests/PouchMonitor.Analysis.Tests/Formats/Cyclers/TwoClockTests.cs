using System.Globalization;
using System.Text;
using PouchMonitor.Formats;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

/// <summary>Two loggers side by side in one table, each with its own time: never paired in silence, and read apart where that is asked.</summary>
public sealed class TwoClockTests
{
    private const string OneClock = "time=Time (s),voltage=Voltage (V),surface=TC1 (C)";
    private const string TwoClocks = "time=Time (s),voltage=Voltage (V),time2=reltime (s),surface=TC1 (C)";

    [Theory]
    [InlineData("reltime (s)", "'reltime (s)' looks like a second time")]
    [InlineData("Zeit", "'Zeit' looks like a second time")]
    [InlineData("", "column 3, which has no name, looks like a second time")]
    [InlineData("B", "'B' looks like a second time")]
    public void ASecondTimeThatGoesOtherwise_IsSaid_WithTheColumnsToItsRight(string name, string said)
    {
        string text = $"Time (s),Voltage (V),{name},TC1 (C)\n" + Rows(20, at => (0.1 * at, 0.03 + at));
        foreach (byte[] file in (byte[][])[Encoding.UTF8.GetBytes(text), Sheet(text)])
        {
            string note = Assert.Single(Notes(file, OneClock));
            Assert.StartsWith(said, note, StringComparison.Ordinal);
            Assert.Contains("'Time (s)', by which all columns are read: 'TC1 (C)' to its right may belong to it", note, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ASecondTimeThatBeginsLater_IsSaid() =>
        Assert.Single(Notes("Time (s),Voltage (V),reltime (s),TC1 (C)\n" + Rows(20, at => (0.1 * at, 30 + (0.1 * at))), OneClock));

    [Theory]
    [InlineData("Step Time (s)", 0.1, 0)]
    [InlineData("Record", 1, 1)]
    [InlineData("Stroke (mm)", 0.02, 0)]
    [InlineData("Date", 0.1 / 86400, 45000)]
    public void ATimeThatKeepsPace_ACount_AndAMeasuredQuantity_AreNotSaid(string name, double step, double start) =>
        Assert.Empty(Notes($"Time (s),Voltage (V),{name},TC1 (C)\n" + Rows(20, at => (0.1 * at, start + (step * at))), OneClock));

    [Fact]
    public void AClockInWholeSecondsBesideTenths_KeepsPace()
    {
        string rows = string.Join('\n', Enumerable.Range(0, 100).Select(at => string.Create(
            CultureInfo.InvariantCulture, $"{0.1 * at:0.0},4,2024-05-18 10:00:{at / 10:00},25")));
        Assert.Empty(Notes($"Time (s),Voltage (V),Date Time,TC1 (C)\n{rows}\n", OneClock));
    }

    [Fact]
    public void NothingToTheRight_IsNotSaid() =>
        Assert.Empty(Notes("Time (s),TC1 (C),reltime (s),x\n" + Rows(20, at => (0.1 * at, at)), "time=Time (s),voltage=TC1 (C)/V"));

    [Fact]
    public void EachClocksColumns_AreReadByIt_InTheOrderOfTime()
    {
        string text = "Time (s),Voltage (V),reltime (s),TC1 (C)\n0,4,0.25,25\n0.5,4.1,0.75,26\n1,4.2,,\n,,3,27\n";
        foreach (byte[] file in (byte[][])[Encoding.UTF8.GetBytes(text), Sheet(text)])
        {
            ReadSeries read = ReadSeries.Of(file, Options(TwoClocks));
            Assert.Empty(read.Problems);
            Assert.Equal(
                [(0, 4, null), (0.25, null, 25), (0.5, 4.1, null), (0.75, null, 26), (1, 4.2, null), (3, null, 27)],
                read.Rows.Select(row => (row.Seconds, row.V, row.C)));
            Assert.Equal([2L, 2, 3, 3, 4, 5], read.Rows.Select(row => row.Line));
            Assert.Equal(
                "'TC1 (C)' is read by 'reltime (s)', all else by 'Time (s)'; both times are taken as they stand, as counted from the same moment.",
                Assert.Single(Notes(file, TwoClocks)));
        }
    }

    [Fact]
    public void AClockThatRunsBackwards_CostsItsOwnReadingsAlone()
    {
        ReadSeries read = ReadSeries.Of("Time (s),Voltage (V),reltime (s),TC1 (C)\n0,4,1,25\n1,4.1,0.5,26\n2,4.2,2,x\n", Options(TwoClocks));
        Assert.Equal([(0, 4, null), (1, 4.1, null), (1, null, 25), (2, 4.2, null)], read.Rows.Select(row => (row.Seconds, row.V, row.C)));
        Assert.Equal(
            ["x:3: reltime (s) 0.5 runs backwards: the row before is at 1 s", "x:4: TC1 (C) is not a number: 'x'"], read.Problems);
    }

    [Fact]
    public void ADateBesideATimeFromZero_IsRefused() => Assert.StartsWith(
        "'Time (s)' and 'when' are more than 30 days apart",
        Assert.Throws<SeriesFileException>(() => ReadSeries.Of(
            "Time (s),Voltage (V),when,TC1 (C)\n0,4,2024-05-18 10:00:00,25\n", Options("time=Time (s),voltage=Voltage (V),time2=when/s,surface=TC1 (C)"))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("time=t/s,voltage=U/V,time2=u/s", "time2: no quantity follows it")]
    [InlineData("time2=u/s,surface=T/C,time=t/s,voltage=U/V", "time: stands behind time2")]
    public void AMappingThatIsNone_SaysWhy(string mapping, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => ColumnMapping.Parse(mapping)).Message, StringComparison.Ordinal);

    private static string Rows(int count, Func<int, (double First, double Second)> times) => string.Concat(Enumerable.Range(0, count).Select(at =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Round(times(at).First, 3)},4,{times(at).Second:0.##########},25\n")));

    private static byte[] Sheet(string text) => WorkbookFile.Of(("one", [.. text.TrimEnd('\n').Split('\n').Select(line => line.Split(',').Select(object? (cell) =>
        cell.Length == 0 ? null : double.TryParse(cell, CultureInfo.InvariantCulture, out double number) ? number : cell).ToArray())]));

    private static SeriesOptions Options(string columns) => new() { Columns = ColumnMapping.Parse(columns) };

    private static IReadOnlyList<string> Notes(string text, string columns) => Notes(Encoding.UTF8.GetBytes(text), columns);

    private static IReadOnlyList<string> Notes(byte[] file, string columns)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(new MemoryStream(file), "x", Options(columns));
        RecordedRow row = new();
        while (reader.TryRead(row))
        {
            Assert.True(row.IsPresent(SampleColumns.Voltage) || row.IsPresent(SampleColumns.Surface));
        }

        return reader.Notes;
    }
}
