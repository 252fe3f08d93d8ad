namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

/// <summary>Files as the instruments wrote them: every record arrives, with what the file says of its first and last.</summary>
public sealed class RealCyclerFileTests
{
    [Theory]
    [InlineData("maccor_002.txt.gz", "maccor", 7446, 0, 228590.50998, 0.1783, 0)]
    [InlineData("PreDiag_000412_00008Fshort.022.gz", "maccor", 10344, 0, 3477720.65, 3.89501793, 0)]
    [InlineData("sample_data_arbin.csv.gz", "arbin", 13, 30.0005, 301.214, 3.534595, 0)]
    [InlineData("Sample_data_biologic_CA1.txt.gz", "biologic-mpt", 1397, 0, 139.524007, 3.5180547, 0)]
    [InlineData("test_Nova_Form-CH01-01_short.csv.gz", "novonix", 3942, 0, 62764.47, 0.13736417, 0)]
    [InlineData("neware_uio.csv.gz", "neware-csv", 9065, 0, 518538, 2.917, 0)]
    public void EveryRecord_IsRead(string file, string format, int rows, double firstS, double lastS, double firstV, double firstA)
    {
        ReadSeries read = ReadSeries.OfRaw(file);
        Assert.Empty(read.Problems);
        Assert.Equal(
            (format, rows, firstS, lastS, firstV, firstA),
            (read.Format, read.Rows.Count, read.Rows[0].Seconds, read.Rows[^1].Seconds, read.Rows[0].V!.Value, read.Rows[0].A!.Value));
    }

    [Fact]
    public void MaccorFile_IsTheNormalisedSeries_DigitForDigit()
    {
        ReadSeries expected = ReadSeries.OfSeries("beep_maccor_prediag412");
        ReadSeries read = ReadSeries.OfRaw("PreDiag_000412_00008Fshort.022.gz");
        Assert.Equal(expected.Rows.Count, read.Rows.Count);
        for (int i = 0; i < read.Rows.Count; i++)
        {
            (ReadRow want, ReadRow got) = (expected.Rows[i], read.Rows[i]);
            Assert.True(
                (want.Microseconds, want.V) == (got.Microseconds, got.V) && Math.Abs(want.A!.Value - got.A!.Value) <= 1e-9 * Math.Abs(got.A.Value),
                $"row {i}: {want} but {got}");
        }
    }
}
