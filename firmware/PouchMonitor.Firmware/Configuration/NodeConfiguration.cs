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
    public int StoreFrameCount = 256;

    /// <summary>Bytes of frames the store holds at most.</summary>
    public int StoreBytes = 48 * 1024;

    /// <summary>Bytes of frames on flash for a node that is configured by its file and does not say otherwise.</summary>
    public const int UsualStoreFlashBytes = 2 * 1024 * 1024;

    /// <summary>
    /// Bytes of frames on flash at most; 0 keeps none there, and no record of boots either, as suits an emulated node that
    /// is not restarted.
    /// </summary>
    public int StoreFlashBytes;

    /// <summary>
    /// True behind a broker that is not the gateway: its acknowledgement says nothing, and frames are freed only when the
    /// gateway says on <c>stored</c> that it has them.
    /// </summary>
    public bool FreesOnStored;

    /// <summary>How long every reading of the clock must agree before the time is believed.</summary>
    public int TimeConfirmSeconds = 30;

    /// <summary>Frames sent and not yet acknowledged at most.</summary>
    public int InFlightCount = 8;

    /// <summary>Time between two reports of the node's state.</summary>
    public int StatusIntervalSeconds = 60;

    /// <summary>Which edge of the trigger input tells the moment of an event.</summary>
    public Sampling.TriggerEdge TriggerEdge = Sampling.TriggerEdge.None;

    /// <summary>How long the trigger input must stay after an edge for that to count, and how long be back before the next.</summary>
    public int TriggerDebounceMilliseconds = 10;

    public string WifiName = "";

    public string WifiPassword = "";

    public string BrokerHost = "";

    public int BrokerPort = 1883;

    public bool IsBrokerSecure;

    /// <summary>File on the node's flash with the certificate (PEM) of the authority that the broker's must be signed by.</summary>
    public string BrokerCaFile = "";

    /// <summary>File with the node's own certificate (PEM); empty to show none and use user and password.</summary>
    public string BrokerClientCertificateFile = "";

    /// <summary>File with the key (PEM) of the node's certificate.</summary>
    public string BrokerClientKeyFile = "";

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
            ?? Outside("storeFlashBytes", StoreFlashBytes, 0, int.MaxValue)
            ?? Outside("timeConfirmSeconds", TimeConfirmSeconds, 0, 3600)
            ?? Outside("inFlightCount", InFlightCount, 1, 1024)
            ?? Outside("statusIntervalSeconds", StatusIntervalSeconds, 1, 3600)
            ?? Outside("triggerDebounceMilliseconds", TriggerDebounceMilliseconds, 0, 1000)
            ?? Outside("brokerPort", BrokerPort, 1, 65535)
            ?? (BrokerHost.Length == 0 ? "brokerHost is empty" : null)
            ?? SecurityFault();
    }

    private string? SecurityFault()
    {
        if (!IsBrokerSecure)
        {
            return BrokerCaFile.Length + BrokerClientCertificateFile.Length + BrokerClientKeyFile.Length == 0
                ? null
                : "a certificate file is named but isBrokerSecure is false";
        }

        if (BrokerCaFile.Length == 0)
        {
            return "brokerCaFile is empty, must name the certificate that the broker's is signed by when isBrokerSecure is true";
        }

        return (BrokerClientCertificateFile.Length == 0) == (BrokerClientKeyFile.Length == 0)
            ? null
            : "brokerClientCertificateFile and brokerClientKeyFile must be given together";
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
