using System.Globalization;
using System.Text.Json;
using PouchMonitor.Analysis.Abuse;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>The edge of a node's trigger input, as its event or its status tells it: boot and uptime on the clock of its samples.</summary>
/// <param name="Node">The node.</param>
/// <param name="Channel">Its channel.</param>
/// <param name="Boot">The boot in which it was.</param>
/// <param name="UptimeMicroseconds">When, since the node started.</param>
/// <param name="UncertaintyMicroseconds">Half width within which it was.</param>
/// <param name="IsTold">True for the event, which comes once; the status repeats its last edge, for a gateway that was not there.</param>
internal sealed record AbuseTriggerEvent(string Node, string Channel, ulong Boot, long UptimeMicroseconds, long UncertaintyMicroseconds, bool IsTold)
{
    // The spacing of samples at 50 Hz, where the node does not tell.
    private const long UsualUncertaintyMicroseconds = 20_000;
    private const int LargestBytes = 16 * 1024;

    /// <summary>Reads an event or a status; null where it tells of no edge, or not as agreed.</summary>
    public static AbuseTriggerEvent? Read(string node, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > LargestBytes || payload.IndexOf("\"trigger\""u8) < 0)
        {
            return null;
        }

        try
        {
            Utf8JsonReader reader = new(payload);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement said = document.RootElement;

            // The event tells of an edge itself, the status of the last one of its boot.
            bool isEvent = Text(said, "event") == "trigger";
            JsonElement edge = isEvent ? said : said.ValueKind == JsonValueKind.Object && said.TryGetProperty("trigger", out JsonElement last) ? last : default;
            return Text(edge, "channel") is { } channel
                && ulong.TryParse(Text(said, "boot"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong boot)
                && Whole(edge, "uptimeUs") is { } microseconds
                ? new AbuseTriggerEvent(node, channel, boot, microseconds, Whole(edge, "uncertaintyUs") ?? UsualUncertaintyMicroseconds, IsTold: isEvent) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>When it was, by the uptime zero of its boot; where that is not known, when it came.</summary>
    public AbuseMoment MomentOf(long? bootStartMicroseconds, double nowS) => bootStartMicroseconds is { } start
        ? new AbuseMoment(TriggerSource.Input, (start + UptimeMicroseconds) / 1e6, UncertaintyMicroseconds / 1e6, $"The trigger input of node {Node} has switched")
        : new AbuseMoment(TriggerSource.Input, nowS, AbuseMoves.CommandUncertaintyS, $"The trigger input of node {Node} has switched; the clock of its boot is not known, so this is when it was heard of");

    private static long? Whole(JsonElement said, string name) =>
        said.ValueKind == JsonValueKind.Object && said.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= 0 ? number : null;

    private static string? Text(JsonElement said, string name) =>
        said.ValueKind == JsonValueKind.Object && said.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
