using System.Collections.Concurrent;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Server;

/// <summary>Access that is taken away while it is in use, and clients that try to get at what belongs to others.</summary>
public sealed class RevokedAccessTests
{
    /// <summary>CVE-2018-12546: what was retained under rights that are gone since.</summary>
    [Fact]
    public async Task RetainedByOneWhoMayNoLongerWrite_IsNotDelivered_AndCounted()
    {
        await using Bench bench = await Bench.StartAsync();
        var revoked = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        bench.Handler.MayDeliver = message => message.Publisher is null || !revoked.ContainsKey(message.Publisher);
        (MqttClient bad, _) = await bench.ConnectAsync(new MqttClientOptions { ClientId = "a", UserName = "bad" });
        (MqttClient good, _) = await bench.ConnectAsync(new MqttClientOptions { ClientId = "b", UserName = "good" });
        await bad.PublishAsync("r/bad", "x"u8.ToArray(), MqttQos.AtLeastOnce, retain: true);
        await good.PublishAsync("r/good", "x"u8.ToArray(), MqttQos.AtLeastOnce, retain: true);
        bench.Server.Publish("r/own", "x"u8, retain: true);
        revoked["bad"] = true;
        (MqttClient reader, ConcurrentQueue<Got> got) = await bench.ConnectAsync(MqttProtocolVersion.V5);
        await reader.SubscribeAsync("r/#");
        await reader.SubscribeAsync("r/bad");
        bench.Server.Publish("r/last", "x"u8);
        await Eventually.TrueAsync(() => got.Any(item => item.Topic == "r/last"), "the last message");
        Assert.Equal(["r/good", "r/last", "r/own"], got.Select(item => item.Topic).Order(StringComparer.Ordinal));
        Assert.Equal(2, bench.Server.Snapshot().Drops[MqttDropReason.AccessRevoked]);
    }

    [Fact]
    public async Task ARetainedWill_RemembersWhoLeftIt()
    {
        await using Bench bench = await Bench.StartAsync();
        (MqttClient client, _) = await bench.ConnectAsync(new MqttClientOptions
        {
            UserName = "n7",
            Will = new MqttWill { Topic = "w", Payload = [1], Retain = true },
        });
        client.Abort();
        await Eventually.TrueAsync(() => bench.Server.Snapshot().RetainedMessages == 1, "the will");
        Assert.Equal("n7", bench.Server.RetainedMessages.Single().Publisher);
    }

    [Fact]
    public async Task RevokedSessions_EndAtOnce_ConnectedOrKept()
    {
        await using Bench bench = await Bench.StartAsync();
        var ends = new ConcurrentQueue<MqttReason>();
        var kept = new MqttClientOptions { ClientId = "kept", UserName = "n7", SessionExpirySeconds = 600 };
        (MqttClient away, _) = await bench.ConnectAsync(kept);
        await away.SubscribeAsync("t", MqttQos.AtLeastOnce);
        await away.DisconnectAsync();
        (MqttClient here, _) = await bench.ConnectAsync(new MqttClientOptions { ClientId = "here", UserName = "n7", SessionExpirySeconds = 600 });
        here.Disconnected += (_, end) => ends.Enqueue(end.Reason);
        await here.SubscribeAsync("t", MqttQos.AtLeastOnce);
        (MqttClient other, ConcurrentQueue<Got> got) = await bench.ConnectAsync(new MqttClientOptions { UserName = "n8" });
        await other.SubscribeAsync("t");
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 2, "the end of the first connection");

        Assert.Equal(2, bench.Server.EndSessions(session => session.IdentityName == "n7", MqttReason.NotAuthorized));
        await Eventually.TrueAsync(() => bench.Server.Snapshot() is { Connections: 1, Sessions: 1, Subscriptions: 1 }, "the end of the sessions");
        await Eventually.TrueAsync(() => !ends.IsEmpty, "the client's notice");
        Assert.Equal(MqttReason.NotAuthorized, ends.Single());
        bench.Server.Publish("t", "x"u8, MqttQos.AtLeastOnce);
        await Eventually.TrueAsync(() => got.Count == 1, "the other's message");
        Assert.Equal(0, bench.Server.EndSessions(session => session.IdentityName == "n7", MqttReason.NotAuthorized));
    }

    /// <summary>The subscriptions of a session were granted to its owner; another's client under the same name must not inherit them.</summary>
    [Fact]
    public async Task AnotherIdentity_NeitherTakesOverNorEndsASession()
    {
        await using Bench bench = await Bench.StartAsync();
        (MqttClient owner, ConcurrentQueue<Got> got) = await bench.ConnectAsync(new MqttClientOptions { ClientId = "same", UserName = "n7", SessionExpirySeconds = 600 });
        await owner.SubscribeAsync("secret", MqttQos.AtLeastOnce);
        (MqttClient thief, ConcurrentQueue<Got> stolen) = await bench.ConnectAsync(new MqttClientOptions
        {
            ClientId = "same", UserName = "n8", CleanStart = false, SessionExpirySeconds = 600,
        });
        bench.Server.Publish("secret", "x"u8, MqttQos.AtLeastOnce);
        await Eventually.TrueAsync(() => got.Count == 1, "the owner's message");
        Assert.True(owner.IsConnected);
        Assert.Equal(2, bench.Server.Snapshot().Sessions);
        await thief.SubscribeAsync("own", MqttQos.AtLeastOnce);
        bench.Server.Publish("own", "y"u8, MqttQos.AtLeastOnce);
        await Eventually.TrueAsync(() => !stolen.IsEmpty, "the other's own message");
        Assert.Equal("own", stolen.Single().Topic);
    }
}
