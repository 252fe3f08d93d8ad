using System.Text;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

public sealed class NewareCsvTests
{
    private const string English =
        "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(mA),Voltage(mV),Capacity(mAh),Chg. Cap.(mAh),DChg. Cap.(mAh),Energy(Wh),Date\n";

    [Fact]
    public void OneRecordALine_UnitsTimesAndCountersAreRead()
    {
        ReadSeries read = ReadSeries.Of(English
            + "1,1,1,Rest,00:00:00,00:00:00,0,3700.5,0,0,0,0,2022-05-18 16:27:52\n"
            + "2,1,2,CC Chg,00:00:00.5,100:00:30.5,1500.25,3812.1,12.5,12.5,0,0,2022-05-18 16:28:22\n"
            + "3,1,3,CC DChg,00:01:00,100:01:30.500001,-750,3601,6.25,0,6.25,0,2022-05-18 16:29:22\n");

        Assert.Equal("neware-csv", read.Format);
        Assert.Empty(read.Problems);
        Assert.Equal([0, 360_030_500_000, 360_090_500_001], read.Rows.Select(row => row.Microseconds));
        Assert.Equal([3.7005, 3.8121, 3.601], read.Rows.Select(row => row.V!.Value));
        Assert.Equal([0, 1.50025, -0.75], read.Rows.Select(row => row.A!.Value));
        Assert.Equal([0, 0.0125, 0], read.Rows.Select(row => row.ChargeAh!.Value));
        Assert.Equal([0, 0, 0.00625], read.Rows.Select(row => row.DischargeAh!.Value));
        Assert.Equal([1, 2, 3], read.Rows.Select(row => row.Step!.Value));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("gb18030")]
    public void ChineseNames_InEitherEncoding_AndMagnitudesTakeTheirSignFromTheStep(string encoding)
    {
        const string Text =
            "数据序号,循环号,工步号,工步类型,时间,总时间,电流(A),电压(V),容量(Ah),绝对时间,温度(℃)\r\n"
            + "1,1,1,搁置,00:00:00,00:00:00,0.0000,3.7000,0,2022-05-18 16:27:52,25.1\r\n"
            + "2,1,2,恒流充电,00:00:10,00:00:10,1.5000,3.8000,0.004,2022-05-18 16:28:02,25.2\r\n"
            + "3,1,3,恒流放电,00:00:10,00:00:20,1.5000,3.6000,0.004,2022-05-18 16:28:12,25.3\r\n";
        Encoding chosen = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
        ReadSeries read = ReadSeries.Of(chosen.GetBytes(Text));

        Assert.Equal("neware-csv", read.Format);
        Assert.Empty(read.Problems);
        Assert.Equal([0, 1.5, -1.5], read.Rows.Select(row => row.A!.Value));
        Assert.Equal([25.1, 25.2, 25.3], read.Rows.Select(row => row.C!.Value));
        Assert.Equal([0, 10, 20], read.Rows.Select(row => row.Seconds));
    }

    [Fact]
    public void StepTimeAndClockOnly_MakeOneTimeThatGoesOn()
    {
        ReadSeries read = ReadSeries.Of(
            "Record ID,Cycle ID,Step ID,Step Name,Time(h:min:s.ms),Voltage(V),Current(mA),Capacity(mAh),Realtime\n"
            + "1,1,1,CC_Chg,0:00:00.000,3.7,100,0,2018-05-11 10:00:00\n"
            + "2,1,1,CC_Chg,0:00:10.500,3.8,100,0,2018-05-11 10:00:10\n"
            + "3,1,2,CC_DChg,0:00:00.250,3.7,100,0,2018-05-11 10:00:10\n"
            + "4,1,3,Rest,0:00:01.000,3.7,0,0,2018-05-11 11:00:00\n"
            + "5,1,4,Rest,0:00:00.500,3.7,0,0,2018-05-11 12:00:00\n");
        long start = (new DateTime(2018, 5, 11, 10, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / 10;

        Assert.Equal("neware-csv", read.Format);
        Assert.Empty(read.Problems);
        Assert.Equal([0, 10_500_000, 10_750_000, 11_500_000, 7_200_000_000], read.Rows.Select(row => row.Microseconds - start));
        Assert.Equal([0.1, 0.1, -0.1, 0, 0], read.Rows.Select(row => row.A!.Value));
    }

    [Theory]
    [InlineData("2,1,2,CC Chg,0:00:30,0:00:30,1500.25x,3812.1,0,0,0,0,2022-05-18 16:28:22", "x:3: Current(mA) is not a number: '1500.25x'")]
    [InlineData("2,1,2,CC Chg,0:00:30,soon,1500.25,3812.1,0,0,0,0,2022-05-18 16:28:22", "x:3: Total Time is no time: 'soon', expected a number, h:mm:ss or a date")]
    [InlineData("2,1,2,CC Chg,0:00:30,0:00:30,1500.25", "x:3: short row: 7 cells, the header has 13")]
    [InlineData("2,1,2,CC Chg,0:00:30,,1500.25,3812.1,0,0,0,0,2022-05-18 16:28:22", "x:3: Total Time is blank")]
    [InlineData("2,1,2,CC Chg,0:00:30,0:00:30,1,3812.1,0,0,0,0,2022-05-18 16:28:22,5", "x:3: long row: 14 cells, the header has 13")]
    public void BadRow_IsNamed_AndTheOthersAreKept(string bad, string problem)
    {
        ReadSeries read = ReadSeries.Of(English
            + "1,1,1,Rest,00:00:00,00:00:00,0,3700.5,0,0,0,0,2022-05-18 16:27:52\n" + bad
            + "\n3,1,3,CC DChg,00:01:00,00:02:00,-750,3601,6.25,0,6.25,0,2022-05-18 16:29:22\n");

        Assert.Equal(problem, Assert.Single(read.Problems));
        Assert.Equal([2L, 4L], read.Rows.Select(row => row.Line));
    }

    [Fact]
    public void Layers_GiveCycleStepAndDirectionToTheirRecords()
    {
        ReadSeries read = ReadSeries.Of(
            "Cycle ID,Cap_Chg(mAh),Cap_DChg(mAh)\n"
            + ",Step ID,Step Name,Capacity(mAh)\n"
            + ",,Record ID,Time(h:min:s.ms),Voltage(V),Current(mA),Capacity(mAh),Realtime\n"
            + "1,10,10,1,CC_Chg,10\n"
            + ",,1,0:00:00.000,3.7,100,0,2018-05-11 10:00:00\n"
            + ",,2,0:00:10.000,3.8,100,0.2,2018-05-11 10:00:10\n"
            + "2,10,10\n"
            + ",2,CC_DChg,10\n"
            + ",,3,0:00:05.000,3.7,100,0.1,2018-05-11 10:00:15\n");

        Assert.Equal("neware-layered", read.Format);
        Assert.Empty(read.Problems);
        Assert.Equal([(1d, 1d, 0.1), (1d, 1d, 0.1), (2d, 2d, -0.1)], read.Rows.Select(row => (row.Cycle!.Value, row.Step!.Value, row.A!.Value)));
        Assert.Equal([0, 0.0002, 0.0001], read.Rows.Select(row => row.Ah!.Value));
    }

    [Fact]
    public void RealExport_IsTheNormalisedSeries()
    {
        SameAs("neware_uio_halfcell", ReadSeries.OfRaw("neware_uio.csv.gz"), "neware-csv");
    }

    [Fact]
    public void RealLayeredExport_IsTheNormalisedSeries()
    {
        ReadSeries read = ReadSeries.OfRaw("nw_regular_export_ife_example.csv.gz");
        SameAs("neware_ife_20cyc", read, "neware-layered");
        Assert.Equal(26.61, read.Rows[0].C);
        Assert.Equal((1d, 1d), (read.Rows[0].Cycle, read.Rows[0].Step));
        Assert.Equal(20, read.Rows[^1].Cycle);
    }

    private static void SameAs(string series, ReadSeries read, string format)
    {
        ReadSeries expected = ReadSeries.OfSeries(series);
        Assert.Equal(format, read.Format);
        Assert.Empty(read.Problems);
        Assert.Equal(expected.Rows.Count, read.Rows.Count);
        for (int i = 0; i < read.Rows.Count; i++)
        {
            (ReadRow want, ReadRow got) = (expected.Rows[i], read.Rows[i]);
            Assert.True((want.Microseconds, want.V, want.A) == (got.Microseconds, got.V, got.A), $"row {i}: {want} but {got}");
        }
    }
}
