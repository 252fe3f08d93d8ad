using PouchMonitor.Firmware.Configuration;

namespace PouchMonitor.Firmware.Tests;

/// <summary>A setting is taken as written or refused with its name, value and limit.</summary>
public sealed class ConfigurationTests
{
    private const string Whole = """
        # bench 3
        node = bench-3
        wifiName = Lab Guest
        wifiPassword = a=b # not a comment
        brokerHost = 10.0.0.5
        brokerPort = 8883
        isBrokerSecure = true
        brokerCaFile = authority.pem
        sampleIntervalMilliseconds = 100
        publishIntervalMilliseconds = 1000
        channel.1.label = dne-pouch-7
        channel.1.shuntMicroohms = 50000
        channel.2.voltageAddress = 75
        """;

    [Fact]
    public void WholeFile_IsRead()
    {
        NodeConfiguration? read = ConfigurationText.Read(Whole, out string fault);
        Assert.Equal("", fault);
        Assert.NotNull(read);
        Assert.Equal("bench-3", read.Node);
        Assert.Equal("Lab Guest", read.WifiName);
        Assert.Equal("a=b # not a comment", read.WifiPassword);
        Assert.True(read.IsBrokerSecure);
        Assert.Equal(8883, read.BrokerPort);
        Assert.Equal(2, read.Channels.Length);
        Assert.Equal("dne-pouch-7", read.Channels[0].Label);
        Assert.Equal(50_000, read.Channels[0].ShuntMicroohms);
        Assert.Equal("2", read.Channels[1].Name);
        Assert.Equal(0x4B, read.Channels[1].VoltageAddress);
    }

    [Theory]
    [InlineData("nodee = x", "line 1: there is no setting 'nodee'")]
    [InlineData("channel.1.lable = x", "line 1: there is no setting 'channel.1.lable'")]
    [InlineData("channel.1 = x", "line 1: there is no setting 'channel.1'")]
    [InlineData("just words", "line 1: 'just words' is not name = value")]
    [InlineData("\n\nbrokerPort = 80x", "line 3: brokerPort is '80x', must be a whole number")]
    [InlineData("isBrokerSecure = yes", "line 1: isBrokerSecure is 'yes', must be true or false")]
    [InlineData("node = a b", "node 'a b' is not")]
    [InlineData("node = n", "there are 0 channels, must be 1 to 4")]
    public void BadFile_IsRefusedInOneLine(string text, string expected)
    {
        Assert.Null(ConfigurationText.Read(text, out string fault));
        Assert.StartsWith(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    [InlineData(3_600_000, true)]
    [InlineData(3_600_001, false)]
    public void SampleInterval_HasLimits(int milliseconds, bool isValid)
    {
        NodeConfiguration configuration = Valid();
        configuration.SampleIntervalMilliseconds = milliseconds;
        configuration.PublishIntervalMilliseconds = Math.Max(1000, milliseconds);
        Assert.Equal(isValid, configuration.Fault() is null);
        Assert.True(isValid || configuration.Fault()!.Contains("sampleIntervalMilliseconds is " + milliseconds, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(49, false)]
    [InlineData(50, true)]
    [InlineData(10_000_000, true)]
    [InlineData(10_000_001, false)]
    public void Shunt_HasLimits(int microohms, bool isValid)
    {
        NodeConfiguration configuration = Valid();
        configuration.Channels[0].ShuntMicroohms = microohms;
        Assert.Equal(isValid, configuration.Fault() is null);
    }

    [Fact]
    public void TwoChannelsOfOneName_AreRefused()
    {
        NodeConfiguration configuration = Valid();
        configuration.Channels = [new ChannelConfiguration(), new ChannelConfiguration()];
        Assert.Equal("two channels are named '1'", configuration.Fault());
    }

    private static NodeConfiguration Valid() => new()
    {
        Node = "n", BrokerHost = "h", Channels = [new ChannelConfiguration()],
    };
}
