using System.Collections;
using PouchMonitor.Firmware.Protection;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// The commands of calibration (<see cref="Calibration.Calibrator"/>). A channel that is armed is not calibrated, since its
/// limits are judged by what it reads.
/// </summary>
public sealed class CalibrationCommands : ICommandHandler
{
    private readonly PouchNode node;

    public CalibrationCommands(PouchNode node)
    {
        this.node = node;
    }

    /// <inheritdoc/>
    public bool Knows(string command) => node.Calibrator.Knows(command);

    /// <inheritdoc/>
    public string? Run(string command, FlatJson arguments, out string result)
    {
        result = "";
        int channel = NodeCommands.ChannelOf(node, arguments, out string fault);
        if (channel < 0)
        {
            return fault;
        }

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
