using PouchMonitor.Formats;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Formats;

public sealed class RecordedDataTests
{
    [Theory]
    [InlineData("series/neware_ife_20cyc.csv.gz", 9_295)]
    [InlineData("series/lgm50_rpt0.csv.gz", 81_661)]
    [InlineData("series/nasa_b0005.csv.gz", 591_458)]
    [InlineData("series/beep_maccor_prediag412.csv.gz", 10_344)]
    [InlineData("series/arbin_li_si_halfcell_45cc.csv.gz", 10_261)]
    [InlineData("abuse/ornl_500mAh1-100S0C.csv.gz", 20_621)]
    [InlineData("abuse/ornl_500mAh1-20S0C.csv.gz", 11_917)]
    public void RecordedFile_IsReadWhole(string file, long rows)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(RecordedData.PathOf(file));
        var row = new RecordedRow();
        while (reader.TryRead(row))
        {
        }

        Assert.Equal(rows, reader.GoodRowCount);
        Assert.Equal(0, reader.BadRowCount);
    }

    [Fact]
    public void AbuseFile_HasItsFirstTemperatureOnTheSurfaceAndNoCurrent()
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(RecordedData.PathOf("abuse/ornl_500mAh1-20S0C.csv.gz"));
        RecordedRow row = RecordedSeriesTests.Next(reader);
        Assert.Equal(23.681, row.Value(SampleColumns.Surface));
        Assert.False(reader.HasColumn(SampleColumns.Current));
        Assert.False(row.IsPresent(SampleColumns.FirstExtraSurface));
        Assert.Equal(3.1836918, row.ForceN);
        Assert.Empty(reader.IgnoredColumns);
    }
}
