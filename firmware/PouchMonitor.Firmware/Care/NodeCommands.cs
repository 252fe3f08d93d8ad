namespace PouchMonitor.Firmware.Care;

/// <summary>
/// The commands of the node itself: <c>identify</c> (<c>seconds</c>, 1 to 600, 10 unless given), <c>reboot</c>,
/// <c>start-test</c> and <c>end-test</c> (<c>channel</c>, which may be left out where there is only one).
/// </summary>
public sealed class NodeCommands : ICommandHandler
{
    public const string Identify = "identify";
    public const string Reboot = "reboot";
    public const string StartTest = "start-test";
    public const string EndTest = "end-test";

    private const int MostSeconds = 600;
    private const int UsualSeconds = 10;

    private readonly IBoard board;
    private readonly PouchNode node;
    private readonly RestartLedger ledger;
    private readonly RestartOrder restart;
    private readonly Lamp lamp;

    public NodeCommands(IBoard board, PouchNode node, RestartLedger ledger, RestartOrder restart, Lamp lamp)
    {
        this.board = board;
        this.node = node;
        this.ledger = ledger;
        this.restart = restart;
        this.lamp = lamp;
    }

    /// <summary>Null where nothing can be armed.</summary>
    public IArmedState? Armed { get; set; }

    /// <inheritdoc/>
    public bool Knows(string command) =>
        command == Identify || command == Reboot || command == StartTest || command == EndTest;

    /// <inheritdoc/>
    public string? Run(string command, FlatJson arguments, out string result)
    {
        result = "";
        switch (command)
        {
            case Identify:
                return RunIdentify(arguments);
            case Reboot:
                return RunReboot(arguments);
            default:
                return RunTest(command == StartTest, arguments);
        }
    }

    /// <summary>Null when there is no argument but those named (and id and command), else a line naming it.</summary>
    public static string? Unexpected(FlatJson arguments, string known, string alsoKnown)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments.NameAt(i);
            if (name != "id" && name != "command" && name != known && name != alsoKnown)
            {
                return "there is no argument '" + name + "' of " + arguments.Find("command");
            }
        }

        return null;
    }

    /// <summary>Index of the channel that the arguments name, or -1 with a line naming it.</summary>
    public static int ChannelOf(PouchNode node, FlatJson arguments, out string fault)
    {
        fault = "";
        string? name = arguments.Find("channel");
        if (name == null && node.Channels.Length == 1)
        {
            return 0;
        }

        string all = "";
        for (int i = 0; i < node.Channels.Length; i++)
        {
            if (node.Channels[i].Channel == name)
            {
                return i;
            }

            all += (i == 0 ? "" : ", ") + node.Channels[i].Channel;
        }

        fault = "channel is " + (name == null ? "missing" : "'" + name + "'") + "; there are " + all;
        return -1;
    }

    private string? RunIdentify(FlatJson arguments)
    {
        string? fault = Unexpected(arguments, "seconds", "");
        if (fault != null)
        {
            return fault;
        }

        string? text = arguments.Find("seconds");
        int seconds = UsualSeconds;
        if (text != null && (!int.TryParse(text, out seconds) || seconds < 1 || seconds > MostSeconds))
        {
            return "seconds is '" + text + "', must be 1 to " + MostSeconds;
        }

        lamp.Blink(board.Clock.UptimeMicroseconds, seconds * 1000000L);
        return null;
    }

    private string? RunReboot(FlatJson arguments)
    {
        string? fault = Unexpected(arguments, "", "");
        if (fault != null)
        {
            return fault;
        }

        if (Armed != null && Armed.IsAnyArmed)
        {
            return "a channel is armed; a restart would open its relay: disarm it first";
        }

        restart.Give();
        return null;
    }

    private string? RunTest(bool starts, FlatJson arguments)
    {
        string? fault = Unexpected(arguments, "channel", "");
        if (fault != null)
        {
            return fault;
        }

        int channel = ChannelOf(node, arguments, out string reason);
        if (channel < 0)
        {
            return reason;
        }

        if (ledger.IsSafeMode)
        {
            return "the node is in safe mode after " + ledger.FastRestartCount + " fast restarts; reboot ends it";
        }

        if (starts)
        {
            node.Channels[channel].StartTest(board.Clock.UptimeMicroseconds);
            return null;
        }

        if (!node.Channels[channel].IsRunning)
        {
            return "no test runs on channel " + node.Channels[channel].Channel;
        }

        node.EndTest(channel);
        return null;
    }
}
