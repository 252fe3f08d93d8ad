using System.Collections.Concurrent;
using System.Text;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Brokers;

/// <summary>What this client has to manage with any broker.</summary>
internal static class BrokerConversation
{
    /// <summary>Publishes and receives with a QoS, plain and retained.</summary>
    public static async Task PublishAndReceiveAsync(MqttClientOptions server, MqttQos qos)
    {
        var got = new ConcurrentQueue<string>();
        await using var subscriber = new MqttReconnectingClient(Options(server, "subscriber", (in MqttReceivedMessage message) =>
        {
            got.Enqueue($"{message.Topic} {Encoding.UTF8.GetString(message.Payload)} {(int)message.Qos}");
            return PublishOutcome.Acknowledge;
        }));
        await using var publisher = new MqttReconnectingClient(Options(server, "publisher"));
        subscriber.Start();
        publisher.Start();
        Assert.Equal([(MqttReason)qos], await subscriber.SubscribeAsync([new MqttTopicFilter("a/+", qos)]));
        Task<MqttReason>[] answers = [.. Enumerable.Range(0, 100).Select(index => publisher.PublishAsync("a/b", Encoding.UTF8.GetBytes($"{index}"), qos))];
        Assert.All(await Task.WhenAll(answers), reason => Assert.False(reason.IsFailure()));
        await Eventually.TrueAsync(() => got.Count >= 100, "all have come", 60);
        Assert.Equal(Enumerable.Range(0, 100).Select(index => $"a/b {index} {(int)qos}"), got);

        // By its whole name, since RabbitMQ gives retained messages to no other subscription.
        await publisher.PublishAsync("r/x", "kept"u8.ToArray(), qos, retain: true);
        await subscriber.SubscribeAsync([new MqttTopicFilter("r/x", qos)]);
        await Eventually.TrueAsync(() => got.Count >= 101, "the retained one has come", 60);
        Assert.Equal($"r/x kept {(int)qos}", got.Last());
        await publisher.PublishAsync("r/x", default, qos, retain: true);
    }

    /// <summary>
    /// A subscriber that acknowledges late, over broken connections and, where given, a restart of the broker: everything
    /// arrives, at QoS 2 once, and what was unacknowledged comes again.
    /// </summary>
    public static async Task KeepTheSessionAsync(MqttClientOptions server, MqttQos qos, Func<Task>? restart)
    {
        const int count = 300;
        var got = new ConcurrentQueue<string>();
        var waiting = new ConcurrentQueue<MqttClientAckToken>();
        await using var subscriber = new MqttReconnectingClient(Options(server, $"keeper-{(int)qos}", (in MqttReceivedMessage message) =>
        {
            // Every seventh is acknowledged at once, the others when the next such one comes.
            string text = Encoding.UTF8.GetString(message.Payload);
            got.Enqueue(text);
            waiting.Enqueue(message.Token);
            if (got.Count % 7 == 0 || text == $"{count - 1}")
            {
                while (waiting.TryDequeue(out MqttClientAckToken token))
                {
                    token.Complete();
                }
            }

            return PublishOutcome.Deferred();
        }));
        await using var publisher = new MqttReconnectingClient(Options(server, $"source-{(int)qos}"));
        subscriber.Start();
        publisher.Start();
        await subscriber.SubscribeAsync([new MqttTopicFilter("k/t", qos)]);
        for (int index = 0; index < count; index++)
        {
            await publisher.PublishAsync("k/t", Encoding.UTF8.GetBytes($"{index}"), qos);
            if (index is 60 or 200)
            {
                subscriber.Abort();
            }
            else if (index == 120)
            {
                publisher.Abort();
            }
            else if (index == 150 && restart is not null)
            {
                await restart();
            }
        }

        await Eventually.TrueAsync(() => got.Distinct().Count() == count, "all have come", 120);
        Assert.Equal(Enumerable.Range(0, count).Select(index => $"{index}"), got.Distinct().OrderBy(int.Parse));

        // Of the publisher it is not asked: RabbitMQ keeps no session of a client that does not subscribe.
        Assert.Equal(0, subscriber.Snapshot().LostSessions);
    }

    private static MqttReconnectOptions Options(MqttClientOptions server, string clientId, MqttMessageOffer? offered = null) => new()
    {
        Client = new MqttClientOptions
        {
            Host = server.Host, Port = server.Port, Version = server.Version, Tls = server.Tls, UserName = server.UserName, Password = server.Password,
            ClientId = clientId, CleanStart = false, SessionExpirySeconds = 3600, MessageOffered = offered, AnswerTimeout = TimeSpan.FromSeconds(60),
        },
        FirstDelay = TimeSpan.FromMilliseconds(10),
        LongestDelay = TimeSpan.FromMilliseconds(200),
    };
}
