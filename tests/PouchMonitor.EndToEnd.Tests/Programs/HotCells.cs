using System.Globalization;
using System.Text;
using System.Text.Json;
using PouchMonitor.Wire;

namespace PouchMonitor.EndToEnd.Tests.Programs;

/// <summary>Many cells that are charged too far at the same moment.</summary>
internal static class HotCells
{
    private const long Start = 1_790_000_000;

    /// <summary>Gives every cell a profile with a voltage limit; their silence on a slow machine is not what is looked at.</summary>
    public static string Config(int cells, int nodes) => JsonSerializer.Serialize(new
    {
        silenceSeconds = 86_400,
        cells = Enumerable.Range(0, nodes).SelectMany(node => Enumerable.Range(0, cells / nodes).Select(channel => CellOf(node, channel)))
            .ToDictionary(cell => cell, _ => new { profile = "dne-pouch" }, StringComparer.Ordinal),
    });

    /// <summary>Connects the nodes, tells quiet samples of every cell, then all that is too high at once, and waits for the alarms.</summary>
    /// <param name="serve">The gateway.</param>
    /// <param name="cells">Cells in all.</param>
    /// <param name="nodes">Nodes that they are on, shared out evenly.</param>
    public static async Task Raise(ServeProcess serve, int cells, int nodes)
    {
        List<SampleDevice> devices = [];
        try
        {
            int each = cells / nodes;
            for (int node = 0; node < nodes; node++)
            {
                devices.Add(await SampleDevice.ConnectAsync(serve.MqttPort, NodeOf(node),
                    [.. Enumerable.Range(0, each).Select(channel => CellOf(node, channel))]));
            }

            await Task.WhenAll(Publish(devices, each, 0, 10, 3.9));
            await serve.Until("/api/v1/cells", all => all.GetArrayLength() == cells);
            await Task.WhenAll(Publish(devices, each, 10, 8, 4.9));
            await serve.Until("/api/v1/alarms?state=open", all => all.EnumerateArray().Count(alarm =>
                alarm.GetProperty("rule").GetString() == "voltage-limit" && alarm.GetProperty("priority").GetString() == "high") == cells);
        }
        finally
        {
            foreach (SampleDevice device in devices)
            {
                await device.DisposeAsync();
            }
        }
    }

    /// <summary>Name of the cell on a channel, counted from 0.</summary>
    public static string CellOf(int node, int channel) => string.Create(CultureInfo.InvariantCulture, $"hot-{node}-{channel}");

    /// <summary>Name of a node, counted from 0.</summary>
    public static string NodeOf(int node) => string.Create(CultureInfo.InvariantCulture, $"n{node}");

    /// <summary>Samples of a charge, one a second, as JSON.</summary>
    public static string Samples(int firstSecond, int seconds, double volts)
    {
        StringBuilder json = new("[");
        for (int second = firstSecond; second < firstSecond + seconds; second++)
        {
            json.Append(CultureInfo.InvariantCulture, $@"{(second > firstSecond ? "," : "")}{{""t"":{Start + second},""v"":{volts:F2},""i"":0.5,""surface"":25.0}}");
        }

        return json.Append(']').ToString();
    }

    private static IEnumerable<Task> Publish(List<SampleDevice> devices, int each, int firstSecond, int seconds, double volts) =>
        Enumerable.Range(0, each).SelectMany(channel => devices.Select((device, node) => device.PublishAsync(
            TopicNames.Sample(NodeOf(node), (channel + 1).ToString(CultureInfo.InvariantCulture)), Samples(firstSecond, seconds, volts))));
}
