using PouchMonitor.Firmware.Sampling;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// The commands of sampling: <c>capture</c> sends the last seconds at the fast rate, <c>begin-abuse</c> and <c>end-abuse</c>
/// sample one channel 50 times a second (<c>channel</c>, which may be left out where there is only one).
/// </summary>
public sealed class SamplingCommands : ICommandHandler
{
    private const string Capture = "capture";
    private const string BeginAbuse = "begin-abuse";
    private const string EndAbuse = "end-abuse";

    private readonly PouchNode node;

    public SamplingCommands(PouchNode node)
    {
        this.node = node;
    }

    /// <inheritdoc/>
    public bool Knows(string command) => command == Capture || command == BeginAbuse || command == EndAbuse;

    /// <inheritdoc/>
    public string? Run(string command, FlatJson arguments, out string result)
    {
        result = "";
        string? fault = NodeCommands.Unexpected(arguments, command == EndAbuse ? "" : "channel", "");
        if (fault != null)
        {
            return fault;
        }

        if (command == EndAbuse)
        {
            node.Abuse.End();
            return null;
        }

        int channel = NodeCommands.ChannelOf(node, arguments, out string reason);
        if (channel < 0)
        {
            return reason;
        }

        if (!node.Channels[channel].IsRunning)
        {
            return "no test runs on channel " + node.Channels[channel].Channel;
        }

        if (command == BeginAbuse)
        {
            return node.Abuse.Begin(channel, out result);
        }

        CaptureRecorder? captures = node.Channels[channel].Captures;
        if (captures == null || node.Channels[channel].AcquireIntervalMicroseconds > CaptureRecorder.SlowestPassMicroseconds)
        {
            return "channel " + node.Channels[channel].Channel + " takes no captures (captureBeforeMilliseconds is 0, or a pass takes more than "
                + (CaptureRecorder.SlowestPassMicroseconds / 1000) + " ms)";
        }

        captures.Ask(CaptureCause.Command);
        return null;
    }
}
