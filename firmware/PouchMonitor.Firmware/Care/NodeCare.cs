using System;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// Runs a node's two threads so that nothing that goes wrong in them is lost or leaves a thread dead beside a living one:
/// every exception is noted in flash and ends the boot in a controlled restart. Also where commands, settings and orderly
/// restarts come to the node.
/// </summary>
public sealed class NodeCare
{
    private readonly IBoard board;
    private readonly PouchNode node;
    private readonly Lamp lamp;
    private readonly NodeCommands commands;
    private readonly string commandTopic;
    private readonly string configTopic;
    private bool isSealed;

    public NodeCare(NodeParts parts)
    {
        board = parts.Board;
        node = parts.Node;
        Ledger = parts.Ledger;
        commandTopic = TopicNames.Command(parts.Name);
        configTopic = TopicNames.Config(parts.Name);
        lamp = new Lamp(board.Pins);
        Restart = new RestartOrder(node.Reports);
        Health = new NodeHealth(board, node, Ledger);
        node.Reports.Health = Health;
        commands = new NodeCommands(board, node, Ledger, Restart, lamp);
        Commands = new CommandDesk(node.Reports, new CommandMemory(board.Files));
        var protection = new ProtectionCommands(node, Ledger);
        Commands.Add(commands);
        Commands.Add(protection);
        Commands.Add(new SamplingCommands(node));
        Commands.Add(new CalibrationCommands(node));
        Config = new ConfigDesk(node.Reports, parts.Settings, Restart);
        SetArmed(protection);
        node.Publisher.Subscribe(commandTopic);
        node.Publisher.Subscribe(configTopic);
        Begin();
    }

    public RestartLedger Ledger { get; }

    public NodeHealth Health { get; }

    public CommandDesk Commands { get; }

    public ConfigDesk Config { get; }

    public RestartOrder Restart { get; }

    /// <summary>Says whether a restart would leave a cell unprotected.</summary>
    public void SetArmed(IArmedState armed)
    {
        commands.Armed = armed;
        Config.Armed = armed;
    }

    /// <summary>
    /// The sampling thread's turn: commands, then the next sample when it is due before <paramref name="untilMicroseconds"/>.
    /// False when there was none, and the caller should let some time pass.
    /// </summary>
    public bool Sample(long untilMicroseconds)
    {
        try
        {
            long now = board.Clock.UptimeMicroseconds;
            Commands.RunWaiting();
            lamp.Look(now);
            Ledger.Look(now);
            if (Restart.IsOrdered)
            {
                SealOnce();
                return false;
            }

            return !Ledger.IsSafeMode && node.Loop.RunNext(untilMicroseconds);
        }
        catch (Exception exception)
        {
            Fail(exception);
            return false;
        }
    }

    /// <summary>The turn of protection's own thread, every <see cref="Protection.NodeProtection.TickIntervalMicroseconds"/>.</summary>
    public void Tick()
    {
        try
        {
            node.Protection.Tick();
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>The publishing thread's turn.</summary>
    public void Pump(long nowMicroseconds)
    {
        try
        {
            node.Publisher.Pump(nowMicroseconds);
            node.Protection.Health.BeatPublisher(board.Clock.UptimeMicroseconds);
            Health.AfterPump(nowMicroseconds);
            while (node.Publisher.Received.TryTake(out string topic, out byte[] payload))
            {
                Take(topic, payload);
            }

            if (Restart.IsDue(nowMicroseconds, isSealed && node.Store.Count == 0))
            {
                node.Protection.OpenAllForRestart();
                node.Publisher.SayOffline();
                if (Ledger.EndByOrder())
                {
                    board.Restart();
                }
            }
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>Notes an exception that ended a thread, and restarts. Once a boot: what fails after that changes nothing.</summary>
    public void Fail(Exception exception)
    {
        try
        {
            node.Protection.OpenAllForRestart();
        }
        catch (Exception)
        {
            // The restart opens every relay by itself; nothing may keep it from coming.
        }

        bool isFirst = true;
        try
        {
            isFirst = Ledger.EndByException(exception);
        }
        catch (Exception)
        {
            // Not even noted: the next boot counts as one of unknown cause, which leads to safe mode as well.
        }

        if (isFirst)
        {
            board.Restart();
        }
    }

    /// <summary>Before an ordered restart sampling stops, and what was measured until then is sent.</summary>
    private void SealOnce()
    {
        if (isSealed)
        {
            return;
        }

        for (int i = 0; i < node.Channels.Length; i++)
        {
            node.Channels[i].Builder.Seal(false);
        }

        isSealed = true;
    }

    private void Take(string topic, byte[] payload)
    {
        if (topic == commandTopic)
        {
            Commands.Take(payload);
        }
        else if (topic == configTopic)
        {
            Config.Take(payload);
        }
    }

    private void Begin()
    {
        if (Ledger.Cause == "exception")
        {
            node.Reports.AddEvent("restarted-after-exception", Ledger.ExceptionCount, Ledger.LastReason);
        }

        if (Ledger.IsSafeMode)
        {
            for (int i = 0; i < node.Channels.Length; i++)
            {
                node.Channels[i].Rest();
            }

            node.Reports.AddEvent("safe-mode", Ledger.FastRestartCount, "no sample is taken and no relay closed until a reboot is ordered");
        }
    }
}
