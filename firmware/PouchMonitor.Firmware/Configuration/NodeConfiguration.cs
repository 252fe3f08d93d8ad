using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Configuration;

/// <summary>Everything a node is told from outside. Valid only when <see cref="Fault"/> gives null.</summary>
public sealed class NodeConfiguration
{
    /// <summary>Most channels of one node.</summary>
    public const int MaximumChannels = 4;

    /// <summary>Name of the node.</summary>
    public string Node = "";

    public ChannelConfiguration[] Channels = new ChannelConfiguration[0];

    /// <summary>
    /// Time between two passes of a channel's sensors: 20 to 1000, or equal to <see cref="SampleIntervalMilliseconds"/>.
    /// </summary>
    public int AcquireIntervalMilliseconds = 100;

    /// <summary>Time between two published samples of a channel, a multiple of the time between passes.</summary>
    public int SampleIntervalMilliseconds = 100;

    /// <summary>Bus address of the multiplexer, for channels that hang on one.</summary>
    public int MultiplexerAddress = 0x70;

    /// <summary>A frame leaves when its first sample is this old.</summary>
    public int PublishIntervalMilliseconds = 1000;

    /// <summary>A frame leaves when it holds this many samples, however old.</summary>
    public int FrameSampleCount = 60;

    /// <summary>Frames the store holds at most.</summary>
    public int StoreFrameCount = 512;

    /// <summary>Bytes of frames the store holds at most.</summary>
    public int StoreBytes = 48 * 1024;

    /// <summary>Frames sent and not yet acknowledged at most.</summary>
    public int InFlightCount = 8;

    /// <summary>Time between two reports of the node's state.</summary>
    public int StatusIntervalSeconds = 60;

    public string WifiName = "";

    public string WifiPassword = "";

    public string BrokerHost = "";

    public int BrokerPort = 1883;

    public bool IsBrokerSecure;

    public string BrokerUser = "";

    public string BrokerPassword = "";

    /// <summary>Null when valid, else one line naming setting, value and limit.</summary>
    public string? Fault()
    {
        if (!TopicNames.IsNodeName(Node))
        {
            return "node '" + Node + "' is not 1 to 64 of A-Z a-z 0-9 . _ - (and not 'alarm')";
        }

        if (Channels.Length < 1 || Channels.Length > MaximumChannels)
        {
            return "there are " + Channels.Length + " channels, must be 1 to " + MaximumChannels;
        }

        for (int i = 0; i < Channels.Length; i++)
        {
            string? fault = Channels[i].Fault();
            if (fault != null)
            {
                return fault;
            }

            for (int other = 0; other < i; other++)
            {
                if (Channels[other].Name == Channels[i].Name)
                {
                    return "two channels are named '" + Channels[i].Name + "'";
                }
            }
        }

        return Outside("sampleIntervalMilliseconds", SampleIntervalMilliseconds, 20, 3600000)
            ?? AcquireFault()
            ?? Outside("muxAddress", MultiplexerAddress, 0x70, 0x77)
            ?? AddressPlan.Fault(Channels, MultiplexerAddress)
            ?? Outside("publishIntervalMilliseconds", PublishIntervalMilliseconds, SampleIntervalMilliseconds, 86400000)
            ?? Outside("frameSampleCount", FrameSampleCount, 1, SampleFrame.MaximumSamples)
            ?? Outside("storeFrameCount", StoreFrameCount, 2, 1000000)
            ?? Outside("storeBytes", StoreBytes, 4096, int.MaxValue)
            ?? Outside("inFlightCount", InFlightCount, 1, 1024)
            ?? Outside("statusIntervalSeconds", StatusIntervalSeconds, 1, 3600)
            ?? Outside("brokerPort", BrokerPort, 1, 65535)
            ?? (BrokerHost.Length == 0 ? "brokerHost is empty" : null);
    }

    private string? AcquireFault()
    {
        if (AcquireIntervalMilliseconds == SampleIntervalMilliseconds)
        {
            return null;
        }

        string? fault = Outside("acquireIntervalMilliseconds", AcquireIntervalMilliseconds, 20, 1000);
        return fault == null && SampleIntervalMilliseconds % AcquireIntervalMilliseconds != 0
            ? "sampleIntervalMilliseconds is " + SampleIntervalMilliseconds + ", must be a multiple of acquireIntervalMilliseconds "
                + AcquireIntervalMilliseconds
            : fault;
    }

    private static string? Outside(string name, int value, int lowest, int highest) =>
        value < lowest || value > highest ? name + " is " + value + ", must be " + lowest + " to " + highest : null;
}
