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
        channel.1.muxOutput = 0
        channel.2.muxOutput = 1
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
    [InlineData(19, false)]
    [InlineData(20, true)]
    [InlineData(3_600_000, true)]
    [InlineData(3_600_001, false)]
    public void SampleInterval_HasLimits(int milliseconds, bool isValid)
    {
        NodeConfiguration configuration = Valid();
        configuration.AcquireIntervalMilliseconds = milliseconds;
        configuration.SampleIntervalMilliseconds = milliseconds;
        configuration.PublishIntervalMilliseconds = Math.Max(1000, milliseconds);
        Assert.Equal(isValid, configuration.Fault() is null);
        Assert.True(isValid || configuration.Fault()!.Contains("sampleIntervalMilliseconds is " + milliseconds, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(19, 1000, "acquireIntervalMilliseconds is 19, must be 20 to 1000")]
    [InlineData(20, 1000, null)]
    [InlineData(1000, 2000, null)]
    [InlineData(1001, 2002, "acquireIntervalMilliseconds is 1001, must be 20 to 1000")]
    [InlineData(10_000, 10_000, null)]
    [InlineData(100, 950, "sampleIntervalMilliseconds is 950, must be a multiple of acquireIntervalMilliseconds 100")]
    [InlineData(100, 50, "sampleIntervalMilliseconds is 50, must be a multiple of acquireIntervalMilliseconds 100")]
    public void AcquireInterval_HasLimits(int acquire, int sample, string? expected)
    {
        NodeConfiguration configuration = Valid();
        configuration.AcquireIntervalMilliseconds = acquire;
        configuration.SampleIntervalMilliseconds = sample;
        configuration.PublishIntervalMilliseconds = 10_000;
        Assert.Equal(expected, configuration.Fault());
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

    [Theory]
    [InlineData(-1, -1, "address 72 is used twice, on channels 1 and 2, which share their wires (muxOutput)")]
    [InlineData(-1, 3, "address 72 is used twice, on channels 1 and 2, which share their wires (muxOutput)")]
    [InlineData(3, 3, "address 72 is used twice, on channels 1 and 2, which share their wires (muxOutput)")]
    [InlineData(3, 4, null)]
    [InlineData(3, 8, "muxOutput of channel 2 is 8, must be -1 to 7")]
    public void PartsOfOneAddress_AreOnWiresOfTheirOwn(int first, int second, string? expected)
    {
        NodeConfiguration configuration = Valid();
        configuration.Channels =
            [new ChannelConfiguration { MultiplexerOutput = first }, new ChannelConfiguration { Name = "2", MultiplexerOutput = second }];
        Assert.Equal(expected, configuration.Fault());
    }

    [Theory]
    [InlineData("voltageRangeMillivolts", 5000, "voltageRangeMillivolts of channel 1 is 5000, must be 6144, 4096, 2048, 1024, 512 or 256")]
    [InlineData("voltageRatioMillionths", 999_999, "voltageRatioMillionths of channel 1 is 999999, must be 1000000 to 100000000")]
    [InlineData("thermocoupleAddress", 95, "thermocoupleAddress of channel 1 is 95, must be 96 to 103")]
    [InlineData("arrayAddress", 106, "arrayAddress of channel 1 is 106, must be 104 to 105")]
    [InlineData("voltageAddress", 120, "voltageAddress of channel 1 is 120, must be 3 to 119")]
    [InlineData("currentAddress", 72, "address 72 is used twice, on channels 1 and 1, which share their wires (muxOutput)")]
    [InlineData("saturationRiseKelvin", 0, "saturationRiseKelvin of channel 1 is 0, must be 1 to 500")]
    public void SensorSettings_HaveLimits(string setting, int value, string expected)
    {
        Assert.Null(ConfigurationText.Read($"node = n\nbrokerHost = h\nchannel.1.{setting} = {value}", out string fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    public void TwoChannelsOfOneName_AreRefused()
    {
        NodeConfiguration configuration = Valid();
        configuration.Channels = [new ChannelConfiguration { MultiplexerOutput = 0 }, new ChannelConfiguration { MultiplexerOutput = 1 }];
        Assert.Equal("two channels are named '1'", configuration.Fault());
    }

    private static NodeConfiguration Valid() => new()
    {
        Node = "n", BrokerHost = "h", Channels = [new ChannelConfiguration()],
    };
}
