using PouchMonitor.Gateway.Influx;

namespace PouchMonitor.Gateway.Tests.Influx;

/// <summary>The flag in the words in which VictoriaMetrics takes and lists it.</summary>
public sealed class VictoriaRetentionTests
{
    [Theory]
    [InlineData("1", 31)]
    [InlineData("3", 93)]
    [InlineData("0.5", 15.5)]
    [InlineData("36h", 1.5)]
    [InlineData("30d", 30)]
    [InlineData("2w", 14)]
    [InlineData("100y", 36500)]
    public void APeriod_IsReadInDays(string period, double days) =>
        Assert.Equal(TimeSpan.FromDays(days), VictoriaRetention.Read($"-promscrape.x=\"1\"\n-retentionPeriod=\"{period}\"\n-retentionTimezoneOffset=\"0s\"\n"));

    [Theory]
    [InlineData("")]
    [InlineData("-retentionPeriod=\"soon\"")]
    [InlineData("-retentionPeriod=\"0\"")]
    [InlineData("-retentionPeriod=\"1d12h\"")]
    [InlineData("-retentionPeriod=\"999999999999y\"")]
    [InlineData("-other=\"-retentionPeriod=1\"")]
    public void WhatIsNotKnown_IsNotGuessed(string flags) => Assert.Null(VictoriaRetention.Read(flags));
}
