using PouchMonitor.Firmware.Protection;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// The commands of local protection: <c>arm</c> (<c>channel</c>, <c>kind</c>), <c>disarm</c>, <c>reset</c> and <c>trip</c>
/// (<c>channel</c>). The channel may be left out where there is only one, the kind never.
/// </summary>
public sealed class ProtectionCommands : ICommandHandler, IArmedState
{
    private const string Arm = "arm";
    private const string Disarm = "disarm";
    private const string Reset = "reset";
    private const string Trip = "trip";

    private readonly PouchNode node;
    private readonly RestartLedger ledger;

    public ProtectionCommands(PouchNode node, RestartLedger ledger)
    {
        this.node = node;
        this.ledger = ledger;
    }

    /// <inheritdoc/>
    public bool IsAnyArmed => node.Protection.IsAnyArmed;

    /// <inheritdoc/>
    public bool Knows(string command) => command == Arm || command == Disarm || command == Reset || command == Trip;

    /// <inheritdoc/>
    public string? Run(string command, FlatJson arguments, out string result)
    {
        result = "";
        string? fault = NodeCommands.Unexpected(arguments, "channel", command == Arm ? "kind" : "channel");
        if (fault != null)
        {
            return fault;
        }

        int channel = NodeCommands.ChannelOf(node, arguments, out string reason);
        if (channel < 0)
        {
            return reason;
        }

        switch (command)
        {
            case Arm:
                return RunArm(channel, arguments.Find("kind"));
            case Disarm:
                return node.Protection.Disarm(channel);
            case Reset:
                return node.Protection.Reset(channel);
            default:
                return RunTrip(channel);
        }
    }

    private string? RunTrip(int channel)
    {
        if (node.Protection[channel].State != ProtectionState.Armed)
        {
            return "channel " + node.Channels[channel].Channel + " is not armed; its relay is open";
        }

        node.Protection.TripByOrder(channel);
        return null;
    }

    private string? RunArm(int channel, string? kindName)
    {
        if (ledger.IsSafeMode)
        {
            return "the node is in safe mode after " + ledger.FastRestartCount + " fast restarts; reboot ends it";
        }

        if (kindName == null || !ProtectionNames.TryKind(kindName, out TestKind kind))
        {
            return "kind is " + (kindName == null ? "missing" : "'" + kindName + "'") + "; there are " + ProtectionNames.ListOfKinds();
        }

        return node.Protection.Arm(channel, kind);
    }
}
