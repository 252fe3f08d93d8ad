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
        // Names of its own for each case: the cases share a broker, which keeps their sessions, and RabbitMQ gives a message to
        // every subscription that a session has ever made.
        string own = $"{server.Version}-{(int)qos}";
        string topic = $"a-{own}/b";
        string retained = $"r-{own}/x";
        var got = new ConcurrentQueue<string>();
        await using var subscriber = new MqttReconnectingClient(Options(server, $"subscriber-{own}", (in MqttReceivedMessage message) =>
        {
            got.Enqueue($"{message.Topic} {Encoding.UTF8.GetString(message.Payload)} {(int)message.Qos}");
            return PublishOutcome.Acknowledge;
        }));
        await using var publisher = new MqttReconnectingClient(Options(server, $"publisher-{own}"));
        subscriber.Start();
        publisher.Start();
        Assert.Equal([(MqttReason)qos], await subscriber.SubscribeAsync([new MqttTopicFilter($"a-{own}/+", qos)]));
        Task<MqttReason>[] answers = [.. Enumerable.Range(0, 100).Select(index => publisher.PublishAsync(topic, Encoding.UTF8.GetBytes($"{index}"), qos))];
        Assert.All(await Task.WhenAll(answers), reason => Assert.False(reason.IsFailure()));
        await Eventually.TrueAsync(() => got.Count >= 100, "all have come", 60);
        Assert.Equal(Enumerable.Range(0, 100).Select(index => $"{topic} {index} {(int)qos}"), got);

        // By its whole name, since RabbitMQ gives retained messages to no other subscription.
        await publisher.PublishAsync(retained, "kept"u8.ToArray(), qos, retain: true);
        await subscriber.SubscribeAsync([new MqttTopicFilter(retained, qos)]);
        await Eventually.TrueAsync(() => got.Count >= 101, "the retained one has come", 60);
        Assert.Equal($"{retained} kept {(int)qos}", got.Last());
        await publisher.PublishAsync(retained, default, qos, retain: true);
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
