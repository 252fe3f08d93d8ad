using System.Text.Json;
using PouchMonitor.Gateway.Influx;

namespace PouchMonitor.Gateway.Api;

/// <summary>The forwarder as the API shows it; no credentials are in it.</summary>
internal static class InfluxJson
{
    private const int RejectedShown = 100;

    /// <summary><c>null</c> where nothing is forwarded.</summary>
    public static void Write(Utf8JsonWriter writer, InfluxForwarder? forwarder)
    {
        if (forwarder is null)
        {
            writer.WriteNullValue();
            return;
        }

        ForwarderFigures now = forwarder.Figures;
        writer.WriteStartObject();
        writer.WriteString("url", forwarder.Options.Url.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped));
        writer.WriteString("kind", forwarder.Options.Kind.ToString().ToLowerInvariant());
        writer.WriteString("database", forwarder.Options.Database);
        writer.WriteNumber("lagBytes", now.LagBytes);
        writer.WriteNumber("lagFrames", now.LagFrames);
        writer.WriteNumber("lagSeconds", now.LagSeconds);
        writer.WriteString("lastError", now.LastError);
        writer.WriteNumber("deliveredPosition", now.DeliveredPosition);
        writer.WriteNumber("deliveredSamples", now.DeliveredSamples);
        writer.WriteNumber("deliveredLines", now.DeliveredLines);
        writer.WriteNumber("batches", now.Batches);
        writer.WriteNumber("failedAttempts", now.FailedAttempts);
        writer.WriteNumber("deferredBoots", now.DeferredBoots);
        writer.WriteNumber("givenUpBoots", now.GivenUpBoots);
        writer.WriteNumber("sameTimeSamples", now.SameTimeSamples);
        writer.WriteNumber("unreadableFrames", now.UnreadableFrames);
        writer.WritePropertyName("serverRetentionSeconds");
        JsonSerializer.Serialize(writer, now.ServerRetentionSeconds);
        writer.WriteNumber("rejectedLines", now.RejectedLines);
        writer.WriteStartArray("rejected");
        foreach ((long at, RejectedLine line) in forwarder.Rejected(RejectedShown))
        {
            writer.WriteStartObject();
            writer.WriteNumber("time", at / 1e6);
            writer.WriteString("line", line.Line);
            writer.WriteString("reason", line.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
