using PouchMonitor.Firmware.Care;

namespace PouchMonitor.Firmware.Protection;

/// <summary>
/// The commands of protection: <c>arm</c> (<c>kind</c>, a kind of test), <c>disarm</c>, <c>reset-protection</c> and
/// <c>open-relay</c>, each with <c>channel</c>, which may be left out where there is only one. What an order opens is latched
/// like any other trip.
/// </summary>
public sealed class ProtectionCommands : ICommandHandler
{
    public const string Arm = "arm";
    public const string Disarm = "disarm";
    public const string Reset = "reset-protection";
    public const string OpenRelay = "open-relay";

    private readonly PouchNode node;

    public ProtectionCommands(PouchNode node)
    {
        this.node = node;
    }

    /// <inheritdoc/>
    public bool Knows(string command) => command == Arm || command == Disarm || command == Reset || command == OpenRelay;

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
            case Arm: return RunArm(channel, arguments.Find("kind"), out result);
            case Disarm: return node.Protection.Disarm(channel);
            case Reset: return node.Protection.Reset(channel);
            default: return RunOpen(channel);
        }
    }

    private string? RunArm(int channel, string? name, out string result)
    {
        result = "";
        if (name == null || !ProtectionNames.TryKind(name, out TestKind kind) || kind == TestKind.None)
        {
            return "kind is " + (name == null ? "missing" : "'" + name + "'") + ", must be one of " + ProtectionNames.ListOfKinds();
        }

        if (!node.Channels[channel].IsRunning)
        {
            return "no test runs on channel " + node.Channels[channel].Channel + ": start it before its relay is closed";
        }

        string? fault = node.Protection.Arm(channel, kind);
        result = fault == null ? "armed for " + name : "";
        return fault;
    }

    private string? RunOpen(int channel)
    {
        if (node.Protection[channel].State != ProtectionState.Armed)
        {
            return "channel " + node.Channels[channel].Channel + " is not armed, its relay is open";
        }

        node.Protection.TripByOrder(channel);
        return null;
    }
}
