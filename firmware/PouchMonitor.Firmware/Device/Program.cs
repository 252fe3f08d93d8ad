using System;
using System.Diagnostics;
using System.Threading;
using nanoFramework.Runtime.Native;
using PouchMonitor.Firmware.Care;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Protection;

namespace PouchMonitor.Firmware.Device;

/// <summary>
/// Start of the device: reads the settings, samples in one thread, publishes in another and has protection's round in a
/// third, so that neither the network nor the bus keeps it from coming. An exception that left <c>Main</c> would park the
/// device, so every one is noted in flash and ends in a restart, with every relay open until then and after.
/// </summary>
public static class Program
{
    private const int PublishPauseMilliseconds = 50;

    // People wait behind a wall for what happens now.
    private const int AbusePublishPauseMilliseconds = 20;
    private const int PauseBeforeRestartMilliseconds = 5000;

    // How long a channel that was just armed may wait for its first pass because none was due before.
    private const long SamplingSliceMicroseconds = 50000;
    private const int SamplingPauseMilliseconds = 20;

    private static RestartLedger? ledger;
    private static NodeCare? care;
    private static IClock? clock;

    public static void Main()
    {
        try
        {
            var board = new Esp32Board();
            ledger = new RestartLedger(board);
            Run(board, ledger);
        }
        catch (Exception exception)
        {
            End(exception);
        }
    }

    private static void Run(Esp32Board board, RestartLedger restarts)
    {
        clock = board.Clock;
        var settings = new SettingsStore(board.Files);
        NodeConfiguration? configuration = settings.Load(out string fault);
        if (fault.Length > 0)
        {
            Debug.WriteLine("Settings: " + fault);
        }

        if (configuration == null)
        {
            // Returns when somebody has given valid settings, or after a while, to look for a file again.
            new SetupAccessPoint(board, settings).Run(fault);
            restarts.EndByOrder();
            board.Restart();
            return;
        }

        var node = new PouchNode(configuration, board, new M2MqttLink(configuration, board.Files));
        care = new NodeCare(new NodeParts(configuration.Node, board, node, restarts, settings));
        new Thread(Sample).Start();
        new Thread(Guard).Start();
        bool hasNetwork = false;
        while (true)
        {
            hasNetwork = hasNetwork || NetworkKeeper.Connect(configuration);
            if (hasNetwork)
            {
                care.Pump(clock.UptimeMicroseconds);
            }
            else
            {
                care.PumpWithoutNetwork(clock.UptimeMicroseconds);
            }

            Thread.Sleep(node.Abuse.ActiveIndex >= 0 ? AbusePublishPauseMilliseconds : PublishPauseMilliseconds);
        }
    }

    private static void Guard()
    {
        try
        {
            while (true)
            {
                care!.Tick();
                Thread.Sleep((int)(NodeProtection.TickIntervalMicroseconds / 1000));
            }
        }
        catch (Exception exception)
        {
            End(exception);
        }
    }

    private static void Sample()
    {
        try
        {
            while (true)
            {
                if (!care!.Sample(clock!.UptimeMicroseconds + SamplingSliceMicroseconds))
                {
                    Thread.Sleep(SamplingPauseMilliseconds);
                }
            }
        }
        catch (Exception exception)
        {
            End(exception);
        }
    }

    /// <summary>What fails before the node runs, or in a thread outside its turns.</summary>
    private static void End(Exception exception)
    {
        try
        {
            Debug.WriteLine(exception.ToString());
            if (care != null)
            {
                care.Fail(exception);
            }
            else if (ledger != null)
            {
                ledger.EndByException(exception);
            }
        }
        catch (Exception)
        {
            // Recording is worth an attempt, not another failure.
        }

        Thread.Sleep(PauseBeforeRestartMilliseconds);
        Power.RebootDevice();
    }
}
