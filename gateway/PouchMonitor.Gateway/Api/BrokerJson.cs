using System.Text.Json;
using PouchMonitor.Gateway.Links;

namespace PouchMonitor.Gateway.Api;

/// <summary>The external broker as the API and the metrics show it.</summary>
internal static class BrokerJson
{
    /// <summary><c>null</c> where no external broker is configured.</summary>
    public static void Write(Utf8JsonWriter writer, ExternalBroker? broker)
    {
        if (broker is null)
        {
            writer.WriteNullValue();
            return;
        }

        ExternalBrokerFigures now = broker.Figures;
        writer.WriteStartObject();
        writer.WriteString("address", broker.Address);
        writer.WriteBoolean("connected", now.Link.IsConnected);
        writer.WriteBoolean("subscribed", now.Link.IsSubscribed);
        writer.WriteString("lastError", now.Link.LastError);
        writer.WriteNumber("connections", now.Link.Connections);
        writer.WriteNumber("failedAttempts", now.Link.FailedAttempts);
        writer.WriteNumber("lostSessions", now.Link.LostSessions);
        writer.WriteNumber("receivedMessages", now.ReceivedMessages);
        writer.WriteNumber("unacknowledgedMessages", now.Link.UnacknowledgedMessages);
        writer.WriteNumber("busyPauses", now.BusyPauses);
        writer.WriteNumber("publishedMessages", now.PublishedMessages);
        writer.WriteNumber("waitingPublishes", now.WaitingPublishes);
        writer.WriteNumber("refusedPublishes", now.RefusedPublishes);
        writer.WriteNumber("topicsLeftOut", now.TopicsLeftOut);
        writer.WriteEndObject();
    }
}
