using System.Text;
using PouchMonitor.Formats.Columns;

namespace PouchMonitor.Analysis.Tests.Formats.Cyclers;

public sealed class CellTimeTests
{
    [Theory]
    [InlineData("00:00:00", 0)]
    [InlineData("100:01:30.500001", 360_090_500_001)]
    [InlineData("02:03", 123_000_000)]
    [InlineData("2d 03:04:05", 183_845_000_000)]
    [InlineData("2-03:04:05.5", 183_845_500_000)]
    [InlineData("2 03:04:05", 183_845_000_000)]
    [InlineData("  0d 00:00:01.25", 1_250_000)]
    public void Duration_IsExact(string text, long microseconds)
    {
        Assert.True(CellTime.TryParseDuration(Encoding.ASCII.GetBytes(text), out long got));
        Assert.Equal(microseconds, got);
    }

    [Theory]
    [InlineData("1:2:3:4")]
    [InlineData(":10")]
    [InlineData("1:x")]
    [InlineData("1:-5")]
    [InlineData("1:75")]
    [InlineData("5")]
    [InlineData("2022-05-18 16:27:52")]
    [InlineData("9999999999999:00:00")]
    public void WhatIsNoDuration_IsRefused(string text)
    {
        Assert.False(CellTime.TryParseDuration(Encoding.ASCII.GetBytes(text), out _));
    }

    [Theory]
    [InlineData("2022-05-18 16:27:52.25", "2022-05-18T16:27:52.25Z")]
    [InlineData("2022/5/18 6:27", "2022-05-18T06:27:00Z")]
    [InlineData("05/18/2022 4:27:52 PM", "2022-05-18T16:27:52Z")]
    [InlineData("5/18/2022 12:27:52 AM", "2022-05-18T00:27:52Z")]
    [InlineData("18.05.2022 16:27:52", "2022-05-18T16:27:52Z")]
    [InlineData("18/05/2022 16:27:52", "2022-05-18T16:27:52Z")]
    [InlineData("05/06/2022 16:27:52", "2022-05-06T16:27:52Z")]
    [InlineData("\t09/20/2024 08:32:34.558", "2024-09-20T08:32:34.558Z")]
    public void Clock_IsReadAsUtc(string text, string expected)
    {
        Assert.True(CellTime.TryParseClock(Encoding.ASCII.GetBytes(text), out long got));
        Assert.Equal((DateTimeOffset.Parse(expected) - DateTimeOffset.UnixEpoch).Ticks / 10, got);
    }

    [Theory]
    [InlineData("2022-02-30 00:00:00")]
    [InlineData("2022-13-01 00:00:00")]
    [InlineData("2022-05-18 25:00:00")]
    [InlineData("2022-05-18")]
    [InlineData("yesterday 10:00:00")]
    public void WhatIsNoClock_IsRefused(string text)
    {
        Assert.False(CellTime.TryParseClock(Encoding.ASCII.GetBytes(text), out _));
    }
}
