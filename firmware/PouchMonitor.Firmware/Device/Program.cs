using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using nanoFramework.Runtime.Native;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Protection;

namespace PouchMonitor.Firmware.Device;

/// <summary>
/// Start of the device: reads the configuration, samples in one thread, publishes in another and has protection's round in
/// a third, so that neither the network nor the bus keeps it from coming. An exception that left <c>Main</c> would park the
/// device, so every one ends in a recorded restart, with every relay open until then and after.
/// </summary>
public static class Program
{
    private const string ConfigurationPath = "I:\\pouchmonitor.cfg";
    private const string CrashPath = "I:\\crash.txt";
    private const int PublishPauseMilliseconds = 50;
    private const int PauseBeforeRestartMilliseconds = 5000;
    private const int PauseWithoutConfigurationMilliseconds = 60000;

    // How long a channel that was just armed may wait for its first pass because none was due before.
    private const long SamplingSliceMicroseconds = 50000;
    private const int SamplingPauseMilliseconds = 20;

    private static PouchNode? node;
    private static IClock? clock;

    public static void Main()
    {
        try
        {
            Run();
        }
        catch (Exception exception)
        {
            Restart(exception);
        }
    }

    private static void Run()
    {
        NodeConfiguration configuration = WaitForConfiguration();
        var board = new Esp32Board();
        clock = board.Clock;
        node = new PouchNode(configuration, board, new M2MqttLink(configuration));
        ReportCrash(node);
        new Thread(Sample).Start();
        new Thread(Guard).Start();
        bool hasNetwork = false;
        while (true)
        {
            hasNetwork = hasNetwork || NetworkKeeper.Connect(configuration);
            if (hasNetwork)
            {
                node.Publisher.Pump(clock.UptimeMicroseconds);
            }

            node.Protection.Health.BeatPublisher(clock.UptimeMicroseconds);
            Thread.Sleep(PublishPauseMilliseconds);
        }
    }

    private static void Guard()
    {
        try
        {
            while (true)
            {
                node!.Protection.Tick();
                Thread.Sleep((int)(NodeProtection.TickIntervalMicroseconds / 1000));
            }
        }
        catch (Exception exception)
        {
            Restart(exception);
        }
    }

    private static void Sample()
    {
        try
        {
            while (true)
            {
                long until = clock!.UptimeMicroseconds + SamplingSliceMicroseconds;
                if (!node!.Loop.RunNext(until))
                {
                    Thread.Sleep(SamplingPauseMilliseconds);
                }
            }
        }
        catch (Exception exception)
        {
            Restart(exception);
        }
    }

    private static NodeConfiguration WaitForConfiguration()
    {
        while (true)
        {
            string fault = ConfigurationPath + " is missing";
            if (File.Exists(ConfigurationPath))
            {
                NodeConfiguration? configuration = ConfigurationText.Read(File.ReadAllText(ConfigurationPath), out fault);
                if (configuration != null)
                {
                    return configuration;
                }
            }

            Debug.WriteLine("No valid configuration: " + fault);
            Thread.Sleep(PauseWithoutConfigurationMilliseconds);
        }
    }

    private static void ReportCrash(PouchNode running)
    {
        if (File.Exists(CrashPath))
        {
            Debug.WriteLine("Restarted after: " + File.ReadAllText(CrashPath));
            File.Delete(CrashPath);
            running.Reports.AddEvent("restarted-after-exception", null, 0);
        }
    }

    private static void Restart(Exception exception)
    {
        try
        {
            // First, and whatever comes after: nobody judges the cells any more.
            if (node != null)
            {
                node.Protection.OpenAllForRestart();
            }

            Debug.WriteLine(exception.ToString());
            File.WriteAllText(CrashPath, exception.GetType().FullName + ": " + exception.Message);
        }
        catch (Exception)
        {
            // Recording is worth an attempt, not another failure.
        }

        Thread.Sleep(PauseBeforeRestartMilliseconds);
        Power.RebootDevice();
    }
}
