using System.Globalization;
using System.Text;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.EndToEnd.Tests.Durability;

/// <summary>What MQTT clients left with the gateway is there again after kill -9: sessions, their messages, retained ones, and wills.</summary>
public sealed class KeptSessionTests
{
    private const int Messages = 200;

    [Fact]
    public async Task SessionsRetainedMessagesAndWills_SurviveKill()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        await using (MqttClient away = await ConnectAsync(serve, "away"))
        {
            await away.SubscribeAsync([new MqttTopicFilter("notes/#", MqttQos.ExactlyOnce)]);
            await away.DisconnectAsync();
        }

        const string status = """{"state":"online","boot":"00000000000000a1","firmware":"1.0.0","uptimeMs":5,"channels":{"1":"pouch-9"}}""";
        await using MqttClient node = await ConnectAsync(serve, "node", will: new MqttWill
        {
            Topic = "pouch/v1/n9/status",
            Payload = Encoding.UTF8.GetBytes(status.Replace("online", "offline", StringComparison.Ordinal)),
            Qos = MqttQos.AtLeastOnce,
            Retain = true,
        });
        Assert.Equal(MqttReason.Success, await node.PublishAsync("pouch/v1/n9/status", Encoding.UTF8.GetBytes(status), MqttQos.AtLeastOnce, retain: true));
        for (int index = 0; index < Messages; index++)
        {
            MqttQos qos = index % 2 == 0 ? MqttQos.AtLeastOnce : MqttQos.ExactlyOnce;
            Assert.Equal(MqttReason.Success, await node.PublishAsync("notes/a", Encoding.UTF8.GetBytes(index.ToString(CultureInfo.InvariantCulture)), qos));
        }

        serve.Kill();
        await serve.StartAsync();
        var kept = new MessageBox();
        await using MqttClient back = await ConnectAsync(serve, "away", kept);
        await kept.Until("notes/a", body => body.GetInt32() == Messages - 1);
        Assert.Equal(Enumerable.Range(0, Messages), kept.All().Select(message => message.Body.GetInt32()));

        var read = new MessageBox();
        await using MqttClient reader = await ConnectAsync(serve, "reader", read);
        await reader.SubscribeAsync("pouch/v1/n9/status", MqttQos.AtLeastOnce);
        await read.Until("pouch/v1/n9/status", body => body.GetProperty("state").GetString() == "offline"); // the will: the node has not come back
        Assert.Single(read.All());
    }

    private static async Task<MqttClient> ConnectAsync(ServeProcess serve, string clientId, MessageBox? box = null, MqttWill? will = null)
    {
        var client = new MqttClient(new MqttClientOptions
        {
            Port = serve.MqttPort,
            ClientId = clientId,
            CleanStart = false,
            SessionExpirySeconds = 3600,
            Will = will,
            MessageReceived = box is null ? null : box.Take,
        });
        await client.ConnectAsync();
        return client;
    }
}
