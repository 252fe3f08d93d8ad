using System.Collections.Concurrent;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Persistence;

/// <summary>The log of sessions as a file: bounded, and honest where the disk is not.</summary>
public sealed class SessionLogTests
{
    [Fact]
    public async Task TheLog_IsWrittenAnewAsItGrows_AndStaysSmall()
    {
        var files = new MemoryLogFiles();
        await using (Bench first = await StartAsync(files))
        {
            using RawPeer away = first.Raw();
            away.Connect(RestartTests.Kept("away"));
            RestartTests.Subscribe(away, "waits", MqttQos.AtLeastOnce);
            away.Send(0xE0, 0);
            Assert.Empty(away.ReadToEnd());
            var got = new ConcurrentQueue<Got>();
            (MqttClient present, _) = await first.ConnectAsync(new MqttClientOptions { ClientId = "present", CleanStart = false, SessionExpirySeconds = 60 }, got.Enqueue);
            await present.SubscribeAsync("t", MqttQos.AtLeastOnce);
            (MqttClient publisher, _) = await first.ConnectAsync(new MqttClientOptions { MaximumInFlight = 20 });
            await publisher.PublishAsync("waits", "for long"u8.ToArray(), MqttQos.AtLeastOnce);
            for (int index = 0; index < 5000; index++)
            {
                await publisher.PublishPipelinedAsync("t"u8.ToArray(), new byte[100], MqttQos.AtLeastOnce, index);
            }

            await publisher.WaitForAcknowledgementsAsync();
            await Eventually.TrueAsync(() => got.Count == 5000, "all delivered");
            await Eventually.TrueAsync(() => files.List().Count <= 2, "old segments removed");
            Assert.InRange(files.List().Sum(files.LengthOf), 0, 200_000);
        }

        await using Bench second = await StartAsync(files);
        using RawPeer back = second.Raw();
        Assert.True(back.Connect(RestartTests.Kept("away")).SessionPresent);
        Assert.Equal("for long"u8, back.Expect(MqttPacketType.Publish)[^8..]);
    }

    [Fact]
    public async Task WhileTheDiskFails_NothingIsPromised_AndThenEverythingIsKept()
    {
        var files = new MemoryLogFiles();
        await using (Bench first = await StartAsync(files))
        {
            using RawPeer away = first.Raw();
            away.Connect(RestartTests.Kept("away"));
            RestartTests.Subscribe(away, "t", MqttQos.AtLeastOnce);
            away.Send(0xE0, 0);
            Assert.Empty(away.ReadToEnd());
            using RawPeer publisher = first.Raw();
            publisher.Connect(MqttProtocolVersion.V5, "publisher");
            files.Before = _ => throw new IOException("No space left on device");
            publisher.Send(RawPeer.Publish(MqttProtocolVersion.V5, "t", "x", MqttQos.AtLeastOnce, 1));
            await Eventually.TrueAsync(() => first.Server.Snapshot().LogFailedWrites > 0, "a failed write");
            Assert.Equal("No space left on device", first.Server.Snapshot().LogProblem);
            Assert.True(publisher.IsQuiet);
            files.Before = null;
            Assert.Equal([0, 1], publisher.Expect(MqttPacketType.PublishAcknowledge));
            await Eventually.TrueAsync(() => first.Server.Snapshot().LogProblem is null, "all well again");
            files = files.LosePower(new Random(7));
        }

        await using Bench second = await StartAsync(files);
        using RawPeer back = second.Raw();
        Assert.True(back.Connect(RestartTests.Kept("away")).SessionPresent);
        Assert.Equal("x"u8, back.Expect(MqttPacketType.Publish)[^1..]);
    }

    [Fact]
    public async Task DamagedBytes_AreTold_AndWhatStandsBeforeThemIsTakenUp()
    {
        var files = new MemoryLogFiles();
        await using (Bench first = await StartAsync(files))
        {
            using RawPeer one = first.Raw();
            one.Connect(RestartTests.Kept("one"));
            one.Send(0xE0, 0);
            Assert.Empty(one.ReadToEnd());
        }

        string name = Assert.Single(files.List());
        files.Rot(name, (int)files.LengthOf(name) - 3);
        var told = new List<string>();
        await using Bench second = await StartAsync(files, told.Add);
        Assert.Contains(name, Assert.Single(told), StringComparison.Ordinal);
        using RawPeer back = second.Raw();
        Assert.True(back.Connect(RestartTests.Kept("one")).SessionPresent);
    }

    [Fact]
    public async Task ALogOfANewerVersion_IsRefusedByName()
    {
        var files = new MemoryLogFiles();
        await using (await StartAsync(files))
        {
            // Only its files are wanted.
        }

        string name = Assert.Single(files.List());
        files.Rot(name, 7);
        InvalidDataException fault = await Assert.ThrowsAsync<InvalidDataException>(() => StartAsync(files));
        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        Assert.Contains("format 17", fault.Message, StringComparison.Ordinal);
    }

    private static Task<Bench> StartAsync(MemoryLogFiles files, Action<string>? damaged = null) => Bench.StartAsync(() => new MqttServerOptions
    {
        EndPoint = Bench.Options().EndPoint,
        SessionFiles = files,
        SessionStopPatience = TimeSpan.Zero,
        SessionSegmentBytes = 32 * 1024,
        SessionsDamaged = damaged,
    });
}
