using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace PouchMonitor.Firmware.Host;

/// <summary>The settings of an emulated node, as its flash holds them.</summary>
internal static class EmulatedSettings
{
    private const long LongestPublishMilliseconds = 86_400_000;

    /// <summary>Lines of name = value.</summary>
    /// <exception cref="ArgumentException">An option is not valid; the message names it.</exception>
    public static string Of(EmulatedNodeOptions options, IReadOnlyList<EmulatedPlace> places)
    {
        double interval = options.SampleInterval.TotalMilliseconds;
        if (!(interval >= 1) || interval > 3_600_000)
        {
            throw new ArgumentException($"SampleInterval is {options.SampleInterval}, must be 20 ms to 1 h.", nameof(options));
        }

        StringBuilder text = new();
        Add("node", options.Node);
        Add("acquireIntervalMilliseconds", (int)(options.AcquireInterval ?? options.SampleInterval).TotalMilliseconds);
        Add("sampleIntervalMilliseconds", (int)interval);
        Add("publishIntervalMilliseconds", (int)Math.Max(1000, Math.Min(LongestPublishMilliseconds, 1000 * options.Acceleration)));
        Add("frameSampleCount", options.FrameSampleCount);
        Add("storeFrameCount", options.StoreFrameCount);
        Add("storeBytes", 8 * 1024 * 1024);

        // Time runs away under a broker that answers in real time: a flash would be flushed thousands of times a second.
        Add("storeFlashBytes", options.StoreFlashBytes);
        Add("inFlightCount", 32);
        Add("statusIntervalSeconds", 5);

        // An emulated clock is right from the start.
        Add("timeConfirmSeconds", 0);
        Add("brokerHost", options.Host);
        Add("brokerPort", options.Port);
        for (int i = 0; i < places.Count; i++)
        {
            string channel = string.Create(CultureInfo.InvariantCulture, $"channel.{i + 1}.");
            Add(channel + "label", places[i].Options.Label ?? places[i].Options.CellName);
            Add(channel + "shuntMicroohms", places[i].ShuntMicroohms);
            if (places[i].Abuse is not null)
            {
                // A board for abuse: thermocouple, infrared array and the trigger input.
                Add(channel + "thermocoupleAddress", 0x67);
                Add(channel + "arrayAddress", 0x69);
                Add(channel + "imageIntervalSeconds", 1);
                Add("triggerInput", options.HasTriggerInput ? "closing" : "none");
            }

            if (places.Count > 1)
            {
                Add(channel + "muxOutput", i);
            }
        }

        return text.ToString();

        void Add(string name, object value) => text.Append(CultureInfo.InvariantCulture, $"{name} = {value}\n");
    }
}
