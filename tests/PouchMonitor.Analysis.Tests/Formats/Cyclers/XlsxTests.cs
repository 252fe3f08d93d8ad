using PouchMonitor.Formats;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

public sealed class XlsxTests
{
    private static readonly object?[] ArbinHeader =
        ["Data_Point", "Test_Time(s)", "Date_Time", "Step_Index", "Cycle_Index", "Current(A)", "Voltage(V)", "Charge_Capacity(Ah)", "Discharge_Capacity(Ah)"];

    [Fact]
    public void ChannelSheets_FollowOneAnother_AndStatisticsAreLeftOut()
    {
        ReadSeries read = ReadSeries.Of(WorkbookFile.Of(
            ("Global_Info", [["TEST REPORT"], [null, "x"]]),
            ("Channel_1-008_1", [ArbinHeader, [1d, 30.0005, 45555.25, 1d, 1d, 0d, 3.534595, 0d, 0d], [2d, 60.1, null, 2d, 1d, -0.3, 3.1, 0d, 0.0025]]),
            ("Channel_1-008_2", [ArbinHeader, [3d, 90d, 45555.26, 2d, 1d, -0.30000000000000004, 3.1, 0d, 0.005]]),
            ("StatisticByCycle-Chan_1-008", [ArbinHeader, [4d, 1d, 1d, 2d, 1d, 9d, 9d, 0d, 0.005]])));

        Assert.Equal("xlsx", read.Format);
        Assert.Empty(read.Problems);
        Assert.Equal([30_000_500, 60_100_000, 90_000_000], read.Rows.Select(row => row.Microseconds));
        Assert.Equal([3.534595, 3.1, 3.1], read.Rows.Select(row => row.V!.Value));
        Assert.Equal([0, -0.3, -0.30000000000000004], read.Rows.Select(row => row.A!.Value));
        Assert.Equal([0, 0.0025, 0.005], read.Rows.Select(row => row.DischargeAh!.Value));
        Assert.Equal([2L, 3, 2], read.Rows.Select(row => row.Line));
    }

    [Fact]
    public void SeveralChannels_AreSeveralCells_AndRefused()
    {
        byte[] file = WorkbookFile.Of(
            ("Channel_1-008", [ArbinHeader, [1d, 30d, null, 1d, 1d, 0d, 3.5, 0d, 0d]]), ("Channel_1-009", [ArbinHeader, [1d, 30d, null, 1d, 1d, 0d, 3.5, 0d, 0d]]));
        Assert.Equal(
            "x: holds 2 channels (Channel_1-008, Channel_1-009), which are different cells; save each to a file of its own",
            Assert.Throws<SeriesFileException>(() => ReadSeries.Of(file)).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NewareRecordSheet_WithTimesAsText_AlsoPacked(bool packed)
    {
        byte[] file = WorkbookFile.Of(
            ("unit", [["x"]]),
            ("record", [
                ["数据序号", "循环号", "工步号", "工步类型", "时间", "总时间", "电流(mA)", "电压(V)", "容量(mAh)", "绝对时间"],
                [1d, 1d, 2d, "恒流放电", "0:00:00", "0:00:10", 150.5, 3.7, 0.1, "2022-05-18 16:27:52"]]));
        ReadSeries read = ReadSeries.Of(packed ? ReadSeries.Gzip(file) : file);
        Assert.Equal(new ReadRow(10_000_000, 3.7, -0.1505, null, 1, 2, null, null, 0.1 / 1000, 2), Assert.Single(read.Rows));
    }

    [Fact]
    public void NamedColumns_WorkOnSheetsToo()
    {
        byte[] file = WorkbookFile.Of(("any", [["report"], ["when", "U"], [45555.5, 3700d], [45555.75, "soon"], [45556d, 3600d]]));
        ReadSeries read = ReadSeries.Of(file, new SeriesOptions { Columns = ColumnMapping.Parse("clock=when,voltage=U/mV") });
        Assert.Equal([0, 43_200_000_000], read.Rows.Select(row => row.Microseconds - read.Rows[0].Microseconds));
        Assert.Equal(new DateTime(2024, 9, 20, 12, 0, 0), DateTimeOffset.UnixEpoch.AddTicks(read.Rows[0].Microseconds * 10).DateTime);
        Assert.Equal("x:4: U is not a number: 'soon'", Assert.Single(read.Problems));
    }

    [Fact]
    public void WorkbookWithoutRecords_NamesItsSheets()
    {
        string message = Assert.Throws<SeriesFileException>(() => ReadSeries.Of(WorkbookFile.Of(("one", [["a"]]), ("two", [["b"]])))).Message;
        Assert.Equal("x: no sheet has a header with a time, a voltage and a current; sheets: one, two; columns found a; --columns reads any table, such as --columns \"time=NAME/s,voltage=NAME/V,surface=NAME/C\"", message);
    }

    [Fact]
    public void DamagedWorkbook_GivesRowsOrOneClearError()
    {
        byte[] whole = WorkbookFile.Of(("Channel_1", [ArbinHeader, .. Enumerable.Range(0, 50).Select(i => new object?[] { 1d, (double)i, null, 1d, 1d, 0d, 3.5, 0d, 0d })]));
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = (byte[])whole.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Exception? fault = Record.Exception(() => ReadSeries.Of(round % 2 == 0 ? bytes : bytes[..random.Next(bytes.Length)]));
            Assert.True(fault is null or SeriesFileException, $"seed {seed}, round {round}: {fault}");
        }
    }
}
