using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using nanoFramework.Runtime.Native;
using PouchMonitor.Firmware.Configuration;

namespace PouchMonitor.Firmware.Device;

/// <summary>
/// Start of the device: reads the configuration, samples in one thread and publishes in another. An exception that left
/// <c>Main</c> would park the device, so every one ends in a recorded restart.
/// </summary>
public static class Program
{
    private const string ConfigurationPath = "I:\\pouchmonitor.cfg";
    private const string CrashPath = "I:\\crash.txt";
    private const int PublishPauseMilliseconds = 50;
    private const int PauseBeforeRestartMilliseconds = 5000;
    private const int PauseWithoutConfigurationMilliseconds = 60000;

    // A channel that rests is looked at again this often.
    private const long SamplingSliceMicroseconds = 1000000;

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
        node = new PouchNode(configuration, board, new M2MqttLink(configuration, board.Files));
        ReportCrash(node);
        new Thread(Sample).Start();
        bool hasNetwork = false;
        while (true)
        {
            hasNetwork = hasNetwork || NetworkKeeper.Connect(configuration);
            if (hasNetwork)
            {
                node.Pump(clock.UptimeMicroseconds);
            }

            Thread.Sleep(PublishPauseMilliseconds);
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
                    Thread.Sleep(PublishPauseMilliseconds);
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
