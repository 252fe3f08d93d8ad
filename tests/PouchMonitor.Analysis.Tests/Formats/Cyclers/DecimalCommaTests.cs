using PouchMonitor.Formats;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

/// <summary>Decimal commas and marks of thousands: a number is read as it was meant, or not at all.</summary>
public sealed class DecimalCommaTests
{
    private static readonly SeriesOptions Columns = new() { Columns = ColumnMapping.Parse("time=Zeit [s],voltage=U [mV],current=I/A,surface=TC1 [\u00b0C]") };
    private static readonly SeriesOptions InVolts = new() { Columns = ColumnMapping.Parse("time=Zeit [s],voltage=U/V") };

    [Theory]
    [InlineData("0,1;4150;1;24,97", 0.1, 4.15, 24.97)]
    [InlineData("0,1;4150;1;25", 0.1, 4.15, 25)]
    [InlineData("1;4150;1;24,97", 1, 4.15, 24.97)]
    [InlineData("1;4150;1;24,973", 1, 4.15, 24.973)]
    [InlineData("0,123;4150;1;25", 0.123, 4.15, 25)]
    [InlineData("1;4.150,5;1;25", 1, 4.1505, 25)]
    [InlineData("1;4,150.5;1;25", 1, 4.1505, 25)]
    [InlineData("1;4.150;1;25", 1, 0.00415, 25)]
    [InlineData("1,234,567;4150;1;25", 1_234_567, 4.15, 25)]
    public void AllColumnsThatAreRead_TellTheDecimalMark(string row, double seconds, double volts, double degrees)
    {
        ReadRow read = Assert.Single(ReadSeries.Of(Header(row), Columns).Rows);
        Assert.Equal((seconds, volts, degrees), (read.Seconds, read.V!.Value, read.C!.Value));
    }

    [Fact]
    public void AVoltageOfThousandsOfVolts_IsOneWithADecimalComma() =>
        Assert.Equal(4.15, Assert.Single(ReadSeries.Of("Zeit [s];U\n1;4,150\n", InVolts).Rows).V);

    [Fact]
    public void ACommaThatMayBeEither_IsRefused() => Assert.Equal(
        "x: '4,150' in column 'U [mV]': the comma may be a decimal mark or part thousands, and no number in the first 1 rows tells; save the file with a decimal point",
        Assert.Throws<SeriesFileException>(() => ReadSeries.Of(Header("1;4,150;1;25"), Columns)).Message);

    [Fact]
    public void ColumnsThatContradictOneAnother_AreRefused() => Assert.Equal(
        "x: '24,97' in column 'TC1 [\u00b0C]' has a decimal comma and '0.1' in column 'Zeit [s]' a decimal point; save all columns with a point",
        Assert.Throws<SeriesFileException>(() => ReadSeries.Of(Header("0.1;4150;1;24,97"), Columns)).Message);

    [Fact]
    public void AMarkThatComesAfterTheFirstRows_CostsItsRows_AndIsNeverGuessed()
    {
        string rows = string.Join('\n', Enumerable.Range(0, 500).Select(at => $"{at};4150;1;25"));
        ReadSeries read = ReadSeries.Of(Header(rows + "\n500;4150;1;25,123\n501;4150;1;25"), Columns);
        Assert.Equal(501, read.Rows.Count);
        Assert.Equal("x:502: TC1 [\u00b0C] has a comma that may be a decimal mark or part thousands: '25,123'", Assert.Single(read.Problems));
    }

    [Theory]
    [InlineData("0.5;4150;1;25\n1;4150;1;24,97", "x:3: TC1 [\u00b0C] is not a number: '24,97'")]
    [InlineData("0.5;4150;1;25\n1;4,15,0;1;24", "x:3: U [mV] is not a number: '4,15,0'")]
    [InlineData("0,5;4150;1;25\n1;41.50;1;24", "x:3: U [mV] is not a number: '41.50'")]
    public void MarksOfThousands_PartThrees(string rows, string problem)
    {
        // The second row stands beyond those that are looked at.
        string[] both = rows.Split('\n');
        string between = string.Concat(Enumerable.Repeat("1;4150;1;25\n", 400));
        Assert.Equal(problem.Replace(":3:", ":403:", StringComparison.Ordinal), Assert.Single(ReadSeries.Of(Header(both[0] + "\n" + between + both[1]), Columns).Problems));
    }

    private static string Header(string rows) => $"Zeit [s];U [mV];I;TC1 [\u00b0C]\n{rows}\n";
}
