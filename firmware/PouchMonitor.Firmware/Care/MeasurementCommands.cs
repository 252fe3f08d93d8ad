using System.Collections;
using PouchMonitor.Firmware.Protection;
using PouchMonitor.Firmware.Sampling;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// The commands of the measurement: those of calibration (<see cref="Calibration.Calibrator"/>), <c>capture</c>
/// (<c>channel</c>): send the last seconds at the fast rate; <c>abuse</c> (<c>channel</c>): 50 passes a second there;
/// <c>abuse-end</c>. A channel that is armed is not calibrated, since its limits are judged by what it reads.
/// </summary>
public sealed class MeasurementCommands : ICommandHandler
{
    public const string Capture = "capture";
    public const string Abuse = "abuse";
    public const string AbuseEnd = "abuse-end";

    private readonly PouchNode node;

    public MeasurementCommands(PouchNode node)
    {
        this.node = node;
    }

    /// <inheritdoc/>
    public bool Knows(string command) =>
        command == Capture || command == Abuse || command == AbuseEnd || node.Calibrator.Knows(command);

    /// <inheritdoc/>
    public string? Run(string command, FlatJson arguments, out string result)
    {
        result = "";
        if (command == AbuseEnd)
        {
            string? unexpected = NodeCommands.Unexpected(arguments, "");
            if (unexpected == null)
            {
                node.Abuse.End();
            }

            return unexpected;
        }

        int channel = NodeCommands.ChannelOf(node, arguments, out string fault);
        if (channel < 0)
        {
            return fault;
        }

        switch (command)
        {
            case Capture: return NodeCommands.Unexpected(arguments, "channel") ?? RunCapture(channel);
            case Abuse: return NodeCommands.Unexpected(arguments, "channel") ?? node.Abuse.Begin(channel);
            default: return Calibrate(command, channel, arguments, out result);
        }
    }

    private string? RunCapture(int channel)
    {
        CaptureRecorder? captures = node.Channels[channel].Captures;
        if (captures == null || node.Channels[channel].AcquireIntervalMicroseconds > CaptureRecorder.SlowestPassMicroseconds)
        {
            return "channel " + node.Channels[channel].Channel + " takes no captures (captureBeforeMilliseconds is 0, or a pass takes more than "
                + (CaptureRecorder.SlowestPassMicroseconds / 1000) + " ms)";
        }

        captures.Ask();
        return null;
    }

    private string? Calibrate(string command, int channel, FlatJson arguments, out string result)
    {
        result = "";
        if (node.Protection[channel].State == ProtectionState.Armed)
        {
            return "channel " + node.Channels[channel].Channel + " is armed; disarm it before it is calibrated";
        }

        var table = new Hashtable();
        for (int i = 0; i < arguments.Count; i++)
        {
            table[arguments.NameAt(i)] = arguments.ValueAt(i);
        }

        table["channel"] = node.Channels[channel].Channel;
        return node.Calibrator.Run(command, table, out result);
    }
}
