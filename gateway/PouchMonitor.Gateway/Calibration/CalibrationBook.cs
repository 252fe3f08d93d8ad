using System.Collections.Concurrent;
using System.Text.Json;

namespace PouchMonitor.Gateway.Calibration;

/// <summary>A record with the channel it is of.</summary>
public sealed record KnownCalibration(string Node, string Channel, NodeCalibration Record);

/// <summary>
/// Every calibration that any node has told, by node, channel and id. A record is never changed: its id is a check sum of
/// its content, so another content under the same id is refused.
/// </summary>
public sealed class CalibrationBook
{
    /// <summary>Most records kept; what comes beyond is refused and counted.</summary>
    public const int Most = 100_000;

    private readonly ConcurrentDictionary<(string Node, string Channel, uint Id), NodeCalibration> records = new();
    private long version;
    private long refused;

    /// <summary>Changes with every record that is new.</summary>
    public long Version => Interlocked.Read(ref version);

    /// <summary>Records refused since the start, because there were too many or their id was taken.</summary>
    public long RefusedCount => Interlocked.Read(ref refused);

    /// <summary>Told of each record that is to be stored.</summary>
    public Action<KnownCalibration>? Added { get; set; }

    /// <summary>Takes up what was stored.</summary>
    public void Restore(IEnumerable<KnownCalibration> stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        foreach (KnownCalibration known in stored)
        {
            records.TryAdd((known.Node, known.Channel, known.Record.Id), known.Record);
        }

        Interlocked.Increment(ref version);
    }

    /// <summary>The record of an id on a channel; null where it is not known.</summary>
    public NodeCalibration? Find(string node, string channel, uint id) => records.GetValueOrDefault((node, channel, id));

    /// <summary>The newest record of each channel, by node; one whose date the node did not know counts as the oldest.</summary>
    public ILookup<string, (string Channel, NodeCalibration Record)> Newest() => records
        .GroupBy(known => (known.Key.Node, known.Key.Channel), known => known.Value)
        .Select(channel => (channel.Key.Node, channel.Key.Channel, Record: channel.MaxBy(record => record.UnixSeconds)!))
        .OrderBy(known => known.Channel, StringComparer.Ordinal)
        .ToLookup(known => known.Node, known => (known.Channel, known.Record), StringComparer.Ordinal);

    /// <summary>Takes a record.</summary>
    public void Take(string node, string channel, NodeCalibration record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (records.TryGetValue((node, channel, record.Id), out NodeCalibration? known) ? known != record : records.Count >= Most)
        {
            Interlocked.Increment(ref refused);
            return;
        }

        if (known is null && records.TryAdd((node, channel, record.Id), record))
        {
            Added?.Invoke(new KnownCalibration(node, channel, record));
            Interlocked.Increment(ref version);
        }
    }

    /// <summary>The records in a status, by channel; null with what is wrong where one is not as agreed.</summary>
    public static string? Read(JsonElement status, out IReadOnlyList<(string Channel, NodeCalibration Record)> read)
    {
        List<(string Channel, NodeCalibration Record)> list = [];
        read = list;
        if (!status.TryGetProperty("calibrations", out JsonElement all) || all.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (all.ValueKind != JsonValueKind.Object)
        {
            return $"calibrations is of type {all.ValueKind}, not Object";
        }

        foreach (JsonProperty channel in all.EnumerateObject())
        {
            if (ReadOne(channel.Value, out NodeCalibration? record) is { } problem)
            {
                return $"the calibration of channel '{channel.Name}': {problem}";
            }

            list.Add((channel.Name, record!));
        }

        return list.Count > 64 ? $"{list.Count} calibrations, at most 64" : null;
    }

    private static string? ReadOne(JsonElement json, out NodeCalibration? record)
    {
        record = null;
        try
        {
            record = json.Deserialize<NodeCalibration>(JsonSerializerOptions.Web);
            return record is null ? "null" : record.Problem();
        }
        catch (JsonException error)
        {
            return error.Message;
        }
    }
}
