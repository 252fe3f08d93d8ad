using System.Net;
using System.Net.Sockets;
using System.Text;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Mqtt;

/// <summary>Nodes at a running gateway while the access list changes beside it, as <c>pouchmonitor node</c> changes it.</summary>
public sealed class MqttAccessTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("mqtt-access-").FullName;
    private MonitorGateway gateway = null!;
    private string token = null!;

    private string AccessPath => Path.Combine(folder, "access.json");

    public async ValueTask InitializeAsync()
    {
        token = new AccessFile(folder).AddNode("n7");
        new AccessFile(folder).AddNode("n8");
        gateway = await MonitorGateway.StartAsync(new GatewayOptions { DataDirectory = folder, HttpPort = 0, MqttPort = 0 }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ANodeThatIsRemoved_OrGetsAnotherToken_IsDisconnectedAtOnce(bool isRemoved)
    {
        TaskCompletionSource<MqttReason> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using MqttClient client = await Connect("n7", token);
        client.Disconnected += (_, ended) => end.TrySetResult(ended.Reason);
        await client.SubscribeAsync(TopicNames.Command("n7"), MqttQos.AtLeastOnce);
        AccessFile beside = new(folder);
        string? next = isRemoved ? null : beside.AddNode("n7");
        Assert.True(!isRemoved || beside.RemoveNode("n7"));
        Assert.Equal(MqttReason.NotAuthorized, await end.Task.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(MqttReason.BadUserNameOrPassword, await Refusal("n7", token));

        // Nothing is left of the session for whoever gets the name next.
        await using MqttClient again = Client("n7", next ?? beside.AddNode("n7"));
        Assert.False((await again.ConnectAsync()).SessionPresent);
    }

    [Fact]
    public async Task OtherChangesOfTheList_DisturbNobody()
    {
        await using MqttClient client = await Connect("n7", token);
        TaskCompletionSource<MqttReason> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using MqttClient other = await Connect("n9", new AccessFile(folder).AddNode("n9"));
        other.Disconnected += (_, ended) => end.TrySetResult(ended.Reason);
        Assert.True(new AccessFile(folder).RemoveNode("n9"));
        await end.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(client.IsConnected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{ \"Key\": ")]
    [InlineData("{\"Key\":\"\",\"Nodes\":{\"n7\":\"\"},\"Users\":{}}")]
    [InlineData("{\"Key\":\"xyz\",\"Nodes\":{},\"Users\":{}}")]
    [InlineData("{\"Key\":null,\"Nodes\":null,\"Users\":null}")]
    [InlineData("{\"Nodes\":{\"n7\":\"00\"}}")]
    public async Task ADamagedList_LetsNobodyNewIn_AndLeavesThoseThere(string content)
    {
        await using MqttClient client = await Connect("n7", token);
        byte[] good = await File.ReadAllBytesAsync(AccessPath);
        await File.WriteAllTextAsync(AccessPath, content);
        Assert.Equal(MqttReason.ServerUnavailable, await Refusal("n7", token));
        Assert.Equal(MqttReason.ServerUnavailable, await Refusal("n7", "wrong"));
        Assert.Equal(MqttReason.ServerUnavailable, await Refusal("nobody", token));
        Assert.Equal(MqttReason.Success, await client.PublishAsync("pouch/v1/n7/event", new byte[] { 1 }, MqttQos.AtLeastOnce));
        await File.WriteAllBytesAsync(AccessPath, good);
        await using MqttClient other = await Connect("n7", token, "second");
        Assert.True(client.IsConnected);
    }

    [Fact]
    public async Task AListThatWasEmptied_EndsEverything()
    {
        TaskCompletionSource<MqttReason> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using MqttClient client = await Connect("n7", token);
        client.Disconnected += (_, ended) => end.TrySetResult(ended.Reason);
        await File.WriteAllTextAsync(AccessPath, "{}");
        Assert.Equal(MqttReason.NotAuthorized, await end.Task.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(MqttReason.BadUserNameOrPassword, await Refusal("n7", token));
    }

    /// <summary>An unknown node and a wrong token get the same bytes, in both versions of the protocol.</summary>
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public void NamesCannotBeProbed(MqttProtocolVersion version)
    {
        byte[] wrongToken = Answer(version, "n7", new string('0', 64));
        Assert.Equal(wrongToken, Answer(version, "nobody", new string('0', 64)));
        Assert.Equal(wrongToken, Answer(version, "nobody", token));
        Assert.Equal(wrongToken, Answer(version, "n8", token));
        Assert.Equal(Answer(version, "n7", ""), Answer(version, "nobody", ""));
    }

    [Fact]
    public async Task TwoNodesUnderOneClientIdentifier_DoNotMeet()
    {
        string other = new AccessFile(folder).AddNode("n8");
        await using MqttClient owner = await Connect("n7", token, "same");
        await using MqttClient second = await Connect("n8", other, "same");
        Assert.Equal(MqttReason.GrantedQos1, await owner.SubscribeAsync(TopicNames.Command("n7"), MqttQos.AtLeastOnce));
        Assert.Equal(MqttReason.NotAuthorized, await second.SubscribeAsync(TopicNames.Command("n7"), MqttQos.AtLeastOnce));
    }

    private MqttClient Client(string node, string password, string clientId = "bench") => new(new MqttClientOptions
    {
        Port = gateway.MqttEndPoint.Port,
        ClientId = clientId,
        UserName = node,
        Password = Encoding.UTF8.GetBytes(password),
        CleanStart = false,
        SessionExpirySeconds = 600,
        AnswerTimeout = TimeSpan.FromSeconds(60),
    });

    private async Task<MqttClient> Connect(string node, string password, string clientId = "bench")
    {
        MqttClient client = Client(node, password, clientId);
        await client.ConnectAsync();
        return client;
    }

    private async Task<MqttReason> Refusal(string node, string password)
    {
        await using MqttClient client = Client(node, password, "refused");
        return (await Assert.ThrowsAsync<MqttClientException>(() => client.ConnectAsync())).Reason;
    }

    private byte[] Answer(MqttProtocolVersion version, string node, string password)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 60_000 };
        socket.Connect(IPAddress.Loopback, gateway.MqttEndPoint.Port);
        socket.Send(new ConnectPacket
        {
            Version = version,
            ClientId = "probe",
            UserName = node,
            Password = Encoding.UTF8.GetBytes(password),
        }.Write(new MqttWriter()));
        byte[] buffer = new byte[1000];
        int length = 0;
        for (int count = -1; count != 0; length += count)
        {
            count = socket.Receive(buffer, length, buffer.Length - length, SocketFlags.None);
        }

        return buffer[..length];
    }
}
