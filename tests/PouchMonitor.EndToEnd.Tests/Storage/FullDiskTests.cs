using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Durability;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.EndToEnd.Tests.Storage;

/// <summary>
/// The running program on a small disk of its own that is filled to the last byte: nothing is acknowledged, everybody is
/// told, cells are watched from memory, and all goes on by itself when there is room again.
/// </summary>
public sealed class FullDiskTests
{
    private const int Before = 40;
    private const int Meanwhile = 60;

    [Fact]
    public async Task OnAFullDisk_NothingIsAcknowledged_ARunawayIsAnnounced_AndAllGoesOnByItself()
    {
        using SmallDisk disk = new("600m");
        var token = TestContext.Current.CancellationToken;
        string data = Path.Combine(disk.Folder, "data");
        long stored;
        await using (ServeProcess serve = await ServeProcess.Open(data))
        {
            var box = new MessageBox();
            await using MqttClient listener = new(new MqttClientOptions { Port = serve.MqttPort, ClientId = "listener", MessageReceived = box.Take });
            await listener.ConnectAsync();
            await listener.SubscribeAsync("pouch/v1/alarm/#", MqttQos.AtLeastOnce);
            await using SampleDevice device = await SampleDevice.ConnectAsync(serve.MqttPort, "lab", "pouch-hot");
            using var publisher = new FramePublisher(serve.MqttPort, "steady", 5);
            await publisher.ConnectAsync(token);
            for (int number = 0; number < Before; number++)
            {
                await publisher.PublishAsync(number, token);
                Assert.Equal(FramePublisher.PacketId(number), await Acknowledgement(publisher, token));
            }

            disk.Fill();
            int acknowledged = Before;
            Task<ushort> next = Task.FromResult((ushort)0);
            await FirstRefused();
            for (int number = acknowledged + 1; number < acknowledged + Meanwhile; number++)
            {
                await publisher.PublishAsync(number, token);
            }

            await box.Until("pouch/v1/alarm/_gateway/storage", IsActive);
            await serve.Until("/api/v1/alarms", alarms => Has(alarms, "_gateway", "storage", isActive: true));
            // A cell that has no test yet, nothing of which can be stored.
            List<Task> samples = [];
            for (int second = 0; second < 60; second++)
            {
                samples.Add(device.SampleAsync("1", 1_790_000_000 + second, second < 40 ? 3.9 : 0.1, 0, 25 + (second < 20 ? 0 : 8.0 * (second - 20))));
            }

            await box.Until("pouch/v1/alarm/pouch-hot/thermal-runaway", IsActive);
            await serve.Until("/api/v1/alarms", alarms => Has(alarms, "pouch-hot", "thermal-runaway", isActive: true));
            Assert.DoesNotContain(samples, sample => sample.IsCompleted);
            Assert.False(next.IsCompleted);

            disk.MakeRoom();
            await Task.WhenAll(samples).WaitAsync(TimeSpan.FromMinutes(1), token);
            Assert.Equal(FramePublisher.PacketId(acknowledged), await next.WaitAsync(TimeSpan.FromMinutes(1), token));
            for (int number = acknowledged + 1; number < acknowledged + Meanwhile; number++)
            {
                Assert.Equal(FramePublisher.PacketId(number), await Acknowledgement(publisher, token));
            }

            await box.Until("pouch/v1/alarm/_gateway/storage", body => !IsActive(body));
            await serve.Until("/api/v1/tests", tests => Samples(tests, "pouch-hot") == 60 && Samples(tests, "steady.1") == (acknowledged + Meanwhile) * 32);
            await serve.Until("/api/v1/cells/pouch-hot/findings", findings => findings.EnumerateArray().Any(finding => finding.GetProperty("rule").GetString() == "thermal-runaway"));
            await serve.Until("/api/v1/alarms", alarms => alarms.EnumerateArray().Any(alarm =>
                alarm.GetProperty("test").GetString() == "pouch-hot@2" && alarm.GetProperty("rule").GetString() == "thermal-runaway" && IsActive(alarm)));
            Assert.Equal(0, await serve.Terminate());
            stored = acknowledged + Meanwhile;

            // The room left is looked at once a second at most, so that what is sent first may still be taken.
            async Task FirstRefused()
            {
                while (true)
                {
                    await publisher.PublishAsync(acknowledged, token);
                    next = publisher.ReadAcknowledgementAsync(token);
                    while (!next.IsCompleted)
                    {
                        if (await IsFailing(serve) && !next.IsCompleted)
                        {
                            return;
                        }
                    }

                    Assert.Equal(FramePublisher.PacketId(acknowledged++), await next);
                }
            }
        }

        await using var journal = FrameJournal.Open(JournalOptions.ForDirectory(Path.Combine(data, "journal")) with { ReserveBytes = 0 });
        Assert.Empty(journal.Verify(token));
        Assert.Equal(stored * 32, journal.CommittedBelow(new StreamId("steady", "1", 5, Wire.FrameKind.Samples)));
        Assert.DoesNotContain(
            Gateway.Doctor.DataDoctor.Look(data, DateTimeOffset.UtcNow, token), check => check.Status == Gateway.Doctor.HealthStatus.Fault && check.Part != "disk");
    }

    private static bool IsActive(JsonElement alarm) => alarm.GetProperty("state").GetString() is "unacknowledged" or "acknowledged";

    private static bool Has(JsonElement alarms, string cell, string rule, bool isActive) => alarms.EnumerateArray().Any(alarm =>
        alarm.GetProperty("cell").GetString() == cell && alarm.GetProperty("rule").GetString() == rule && IsActive(alarm) == isActive);

    private static long Samples(JsonElement tests, string cell) => tests.EnumerateArray()
        .Where(test => test.GetProperty("cell").GetString() == cell).Sum(test => test.GetProperty("sampleCount").GetInt64());

    private static Task<ushort> Acknowledgement(FramePublisher publisher, CancellationToken token) =>
        publisher.ReadAcknowledgementAsync(token).WaitAsync(TimeSpan.FromMinutes(1), token);

    private static async Task<bool> IsFailing(ServeProcess serve)
    {
        using HttpResponseMessage ready = await serve.Http.GetAsync(serve.Address + "/readyz", TestContext.Current.CancellationToken);
        return ready.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable;
    }
}
