using System.Text.Json;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Gateway.Api;

/// <summary>The MQTT clients as JSON: how many sessions there are, and each with what waits for it and what it lost, the worst first.</summary>
internal static class MqttClientsJson
{
    public static void Write(Utf8JsonWriter writer, MqttServer? mqtt)
    {
        writer.WriteStartObject();
        writer.WriteNumber("count", mqtt?.Snapshot().Sessions ?? 0);
        writer.WriteNumber("listedAtMost", MqttServer.MostClientsListed);
        writer.WriteStartArray("clients");
        foreach (MqttClientInfo client in mqtt?.ListClients() ?? [])
        {
            Write(writer, client);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, MqttClientInfo client)
    {
        writer.WriteStartObject();
        writer.WriteString("clientId", client.ClientId);
        writer.WriteString("node", client.IdentityName);
        writer.WriteBoolean("connected", client.RemoteEndPoint is not null);
        writer.WriteString("address", client.RemoteEndPoint?.ToString());
        writer.WriteString("version", client.Version == MqttProtocolVersion.V5 ? "5.0" : "3.1.1");
        writer.WriteNumber("keepAliveSeconds", client.KeepAliveSeconds);
        writer.WriteNumber("subscriptions", client.Subscriptions);
        writer.WriteNumber("queuedMessages", client.QueuedMessages);
        writer.WriteNumber("queuedBytes", client.QueuedBytes);
        writer.WriteNumber("inFlightMessages", client.InFlightMessages);
        writer.WriteNumber("messagesReceived", client.MessagesReceived);
        writer.WriteNumber("messagesSent", client.MessagesSent);
        writer.WriteNumber("bytesReceived", client.BytesReceived);
        writer.WriteNumber("bytesSent", client.BytesSent);
        writer.WriteStartObject("dropped");
        writer.WriteNumber("total", client.DroppedMessages);
        foreach ((MqttDropReason reason, long count) in client.Drops)
        {
            writer.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(reason.ToString()), count);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
