using System.Collections.Concurrent;
using System.Text;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Client;

/// <summary>A client that stays connected, against this project's server and against none.</summary>
public sealed class ReconnectingClientTests
{
    private const int Messages = 400;

    public static MatrixTheoryData<MqttProtocolVersion, MqttQos> VersionsAndQos()
        => new([MqttProtocolVersion.V311, MqttProtocolVersion.V5], [MqttQos.AtLeastOnce, MqttQos.ExactlyOnce]);

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task ThroughBrokenConnections_EveryPublishArrives_AtQoS2Once(MqttProtocolVersion version, MqttQos qos)
    {
        await using Bench bench = await Bench.StartAsync();
        await using MqttReconnectingClient client = Client(bench, version, "publisher");
        client.Start();
        Task<MqttReason>[] answers = [.. Enumerable.Range(0, Messages).Select(index => client.PublishAsync("t", Encoding.UTF8.GetBytes($"{index}"), qos))];
        for (int breaks = 1; breaks <= 8; breaks++)
        {
            await Eventually.TrueAsync(() => client.State == MqttConnectionState.Connected, "a connection", 60);
            int seen = bench.Handler.Seen.Count;
            await Eventually.TrueAsync(() => bench.Handler.Seen.Count > seen || answers.All(answer => answer.IsCompleted), "some go through", 60);
            client.Abort();
        }

        Assert.All(await Task.WhenAll(answers).WaitAsync(TimeSpan.FromSeconds(60)), reason => Assert.Equal(MqttReason.Success, reason));
        string[] got = [.. bench.Handler.Seen.Select(message => message.Payload)];
        string[] expected = [.. Enumerable.Range(0, Messages).Select(index => $"{index}")];
        Assert.Equal(expected, got.Distinct());
        if (qos == MqttQos.ExactlyOnce)
        {
            Assert.Equal(Messages, got.Length);
        }
    }

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task ThroughBrokenConnections_EveryMessageIsReceived_AtQoS2Once(MqttProtocolVersion version, MqttQos qos)
    {
        await using Bench bench = await Bench.StartAsync();
        var got = new ConcurrentQueue<string>();
        await using MqttReconnectingClient client = Client(bench, version, "subscriber", (in MqttReceivedMessage message) =>
        {
            got.Enqueue(Encoding.UTF8.GetString(message.Payload));
            return PublishOutcome.Acknowledge;
        });
        client.Start();
        Assert.Equal([(MqttReason)qos], await client.SubscribeAsync([new MqttTopicFilter("t", qos)]));
        for (int index = 0; index < Messages; index++)
        {
            bench.Server.Publish("t", Encoding.UTF8.GetBytes($"{index}"), qos, retain: false);
            if (index % 50 == 49)
            {
                client.Abort();
            }
        }

        await Eventually.TrueAsync(() => got.Distinct().Count() == Messages, "all have come", 60);
        Assert.Equal(Enumerable.Range(0, Messages).Select(index => $"{index}"), got.Distinct());
        if (qos == MqttQos.ExactlyOnce)
        {
            Assert.Equal(Messages, got.Count);
        }
    }

    [Fact]
    public async Task WithoutAServer_WaitsGrow_AndStateIsTold()
    {
        var time = new ManualTime();
        var changes = new ConcurrentQueue<MqttStateChange>();
        int port;
        using (var free = new ScriptedServer(MqttProtocolVersion.V5))
        {
            port = free.Port;
        }

        await using var client = new MqttReconnectingClient(new MqttReconnectOptions
        {
            Client = new MqttClientOptions { Port = port, ClientId = "alone", TimeProvider = time },
            FirstDelay = TimeSpan.FromSeconds(1),
            LongestDelay = TimeSpan.FromSeconds(8),
            StateChanged = changes.Enqueue,
            Random = new Random(1),
        });
        client.Start();
        for (int attempt = 1; attempt <= 6; attempt++)
        {
            // More than one attempt may pass meanwhile; each is looked at by its place.
            await Eventually.TrueAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromSeconds(1));
                    return Waits().Length >= attempt;
                },
                "the attempt has failed");
            MqttStateChange waiting = Waits()[attempt - 1];
            double longest = Math.Min(8, Math.Pow(2, attempt - 1));
            Assert.InRange(waiting.RetryAfter.TotalSeconds, longest / 2, longest);
            Assert.NotNull(waiting.Error);
        }

        Assert.True(client.Snapshot().FailedAttempts >= 6);
        await client.DisposeAsync();
        Assert.Equal(MqttConnectionState.Stopped, client.State);
        Assert.Equal(MqttConnectionState.Stopped, changes.Last().State);

        MqttStateChange[] Waits() => [.. changes.Where(change => change.State == MqttConnectionState.Waiting)];
    }

    [Fact]
    public async Task ARefusingServer_IsTriedAgain_WithItsReasonInTheError()
    {
        await using Bench bench = await Bench.StartAsync();
        bench.Handler.OnConnect = _ => MqttReason.BadUserNameOrPassword;
        await using MqttReconnectingClient client = Client(bench, MqttProtocolVersion.V5, "refused");
        client.Start();
        await Eventually.TrueAsync(() => client.Snapshot().FailedAttempts >= 2, "two attempts");
        Assert.Contains("0x86", client.Snapshot().LastError, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", client.Snapshot().LastError, StringComparison.Ordinal);
        bench.Handler.OnConnect = _ => MqttReason.Success;
        await Eventually.TrueAsync(() => client.State == MqttConnectionState.Connected, "it gets in");
    }

    [Fact]
    public async Task Offline_ARefusingQueue_RefusesTheOneTooMany_AndCountsIt()
    {
        using var server = new ScriptedServer(MqttProtocolVersion.V5);
        await using var client = new MqttReconnectingClient(server.Options(like: new MqttReconnectOptions
        {
            Client = server.ClientOptions(), MaximumWaitingPublishes = 2, WhenQueueIsFull = MqttQueuePolicy.Refuse,
        }));
        Task first = client.PublishAsync("t", "1"u8.ToArray());
        Task second = client.PublishAsync("t", "2"u8.ToArray());
        MqttClientException refused = await Assert.ThrowsAsync<MqttClientException>(() => client.PublishAsync("t", "3"u8.ToArray()));
        Assert.Equal(MqttReason.QuotaExceeded, refused.Reason);
        Assert.Contains("at most 2 publishes", refused.Message, StringComparison.Ordinal);
        Assert.Equal((1, 2), (client.Snapshot().RefusedPublishes, client.Snapshot().WaitingPublishes));
        client.Start();
        using RawPeer peer = await server.OpenAsync(sessionPresent: false);
        foreach (string expected in new[] { "1", "2" })
        {
            (string text, ushort identifier) = peer.ExpectPublish(MqttProtocolVersion.V5);
            Assert.Equal(expected, text);
            peer.Acknowledge(MqttPacketType.PublishAcknowledge, identifier);
        }

        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task Offline_AWaitingQueue_MakesTheCallerWait_ByBytesToo()
    {
        using var server = new ScriptedServer(MqttProtocolVersion.V311);
        await using var client = new MqttReconnectingClient(server.Options(like: new MqttReconnectOptions
        {
            Client = server.ClientOptions(), MaximumWaitingBytes = 10,
        }));
        Task<MqttReason>[] answers = [.. "abcd".Select(letter => client.PublishAsync("t", Encoding.UTF8.GetBytes(new string(letter, 8))))];
        Assert.Equal(1, client.Snapshot().WaitingPublishes);
        using var impatient = new CancellationTokenSource();
        Task<MqttReason> cancelled = client.PublishAsync("t", "never"u8.ToArray(), cancellationToken: impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        client.Start();
        using RawPeer peer = await server.OpenAsync(sessionPresent: false);
        foreach (char letter in "abcd")
        {
            (string text, ushort identifier) = peer.ExpectPublish(MqttProtocolVersion.V311);
            Assert.Equal(new string(letter, 8), text);
            peer.Acknowledge(MqttPacketType.PublishAcknowledge, identifier);
        }

        await Task.WhenAll(answers);
        Assert.Equal(0, client.Snapshot().RefusedPublishes);
    }

    [Fact]
    public async Task Stopping_DisconnectsInOrder_AndFailsWhatIsUnacknowledged()
    {
        using var server = new ScriptedServer(MqttProtocolVersion.V5);
        var client = new MqttReconnectingClient(server.Options());
        client.Start();
        using RawPeer peer = await server.OpenAsync(sessionPresent: false);
        Task<MqttReason> unacknowledged = client.PublishAsync("t", "1"u8.ToArray());
        peer.ExpectPublish(MqttProtocolVersion.V5);
        Task stopping = client.DisposeAsync().AsTask();
        Assert.Empty(peer.Expect(MqttPacketType.Disconnect));
        peer.Dispose();
        await stopping;
        await Assert.ThrowsAsync<MqttClientException>(() => unacknowledged);
        Assert.Equal(1, client.Snapshot().AbandonedPublishes);
        await Assert.ThrowsAsync<MqttClientException>(() => client.PublishAsync("t", "2"u8.ToArray()));
    }

    [Fact]
    public void BackOff_DoublesBetweenItsBounds_AndStartsAgainAfterSuccess()
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), new Random(3));
        for (int round = 0; round < 2; round++)
        {
            double[] waits = [.. Enumerable.Range(0, 100).Select(_ => backOff.Next().TotalSeconds)];
            Assert.All(waits.Index(), wait => Assert.InRange(wait.Item, Math.Min(60, Math.Pow(2, wait.Index)) / 2, Math.Min(60, Math.Pow(2, wait.Index))));
            Assert.True(waits.Distinct().Count() > 95, "they are drawn, not fixed");
            backOff.Reset();
        }
    }

    private static MqttReconnectingClient Client(Bench bench, MqttProtocolVersion version, string clientId, MqttMessageOffer? offered = null) => new(new MqttReconnectOptions
    {
        Client = new MqttClientOptions
        {
            Port = bench.Server.EndPoint.Port, Version = version, ClientId = clientId, CleanStart = false, SessionExpirySeconds = 3600,
            UserName = "n7", Password = "s3cret"u8.ToArray(), MessageOffered = offered, MaximumInFlight = 32,
        },
        FirstDelay = TimeSpan.FromMilliseconds(1),
        LongestDelay = TimeSpan.FromMilliseconds(20),
    });
}
