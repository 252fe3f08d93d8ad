using System.Text.Json;
using PouchMonitor.Mqtt.Client;

namespace PouchMonitor.EndToEnd.Tests.Programs;

/// <summary>Keeps every message that an MQTT client received, by topic, and waits for one that is as wanted.</summary>
internal sealed class MessageBox
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly List<(string Topic, JsonElement Body)> messages = [];
    private readonly SemaphoreSlim arrived = new(0);

    /// <summary>To be given to the client as its message handler.</summary>
    public void Take(in MqttReceivedMessage message)
    {
        Utf8JsonReader reader = new(message.Payload);
        lock (messages)
        {
            messages.Add((message.Topic, JsonDocument.ParseValue(ref reader).RootElement));
        }

        arrived.Release();
    }

    /// <summary>All that came so far, in order.</summary>
    public IReadOnlyList<(string Topic, JsonElement Body)> All()
    {
        lock (messages)
        {
            return [.. messages];
        }
    }

    /// <summary>The first message on a topic, from now on back to the beginning, that is as wanted.</summary>
    public async Task<JsonElement> Until(string topic, Func<JsonElement, bool> isWanted)
    {
        using CancellationTokenSource limit = new(Limit);
        while (true)
        {
            lock (messages)
            {
                foreach ((string on, JsonElement body) in messages)
                {
                    if (on == topic && isWanted(body))
                    {
                        return body;
                    }
                }
            }

            try
            {
                await arrived.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException error)
            {
                throw new TimeoutException($"No message on {topic} was as wanted; {messages.Count} came in all.", error);
            }
        }
    }
}
