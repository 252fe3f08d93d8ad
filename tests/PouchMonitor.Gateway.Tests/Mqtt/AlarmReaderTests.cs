using System.Text;
using System.Threading.Channels;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Tests.Alarms;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Gateway.Tests.Mqtt;

/// <summary>Programs that read alarms from the built-in broker of a gateway with accounts, by a token as their password.</summary>
public sealed class AlarmReaderTests : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
    private readonly string folder = Directory.CreateTempSubdirectory("alarm-reader-").FullName;
    private readonly Channel<(string Topic, string Body)> received = Channel.CreateUnbounded<(string Topic, string Body)>();
    private MonitorGateway gateway = null!;

    public async ValueTask InitializeAsync() => gateway = await Start();

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(TokenScopes.Read)]
    [InlineData(TokenScopes.Operate)]
    [InlineData(TokenScopes.Admin)]
    public async Task ATokenThatMayRead_GetsAlarmsAsTheyComeAndThoseThatAre(string scope)
    {
        await using MqttClient client = await Connect(Token(scope));
        Assert.Equal(MqttReason.GrantedQos1, await client.SubscribeAsync("pouch/v1/alarm/#", MqttQos.AtLeastOnce));
        Raise();
        (string topic, string body) = await Next();
        Assert.Equal("pouch/v1/alarm/cell-1/thermal-limit", topic);
        Assert.Contains("\"thermal-limit\"", body, StringComparison.Ordinal);

        await using MqttClient later = await Connect(Token(scope), "later");
        await later.SubscribeAsync("pouch/v1/alarm/cell-1/+", MqttQos.AtLeastOnce);
        Assert.Equal(topic, (await Next()).Topic);
    }

    [Theory]
    [InlineData("#")]
    [InlineData("pouch/v1/#")]
    [InlineData("pouch/v1/+/+/+")]
    [InlineData("pouch/v1/n7/status")]
    [InlineData("pouch/v1/n7/command")]
    [InlineData("pouch/v1/n7/config")]
    [InlineData("pouch/v1/alarms/#")]
    [InlineData("$SYS/#")]
    [InlineData("$share/g/pouch/v1/#")]
    public async Task ItReadsNothingElse(string filter)
    {
        await using MqttClient client = await Connect(Token(TokenScopes.Admin));
        Assert.Equal(MqttReason.NotAuthorized, await client.SubscribeAsync(filter, MqttQos.AtLeastOnce));
        Assert.True(client.IsConnected);
    }

    [Theory]
    [InlineData("pouch/v1/alarm/cell-1/thermal-limit")]
    [InlineData("pouch/v1/n7/0/frame")]
    [InlineData("pouch/v1/n7/status")]
    [InlineData("pouch/v1/n7/command")]
    [InlineData("anything")]
    public async Task ItWritesNothing(string topic)
    {
        await using MqttClient client = await Connect(Token(TokenScopes.Admin));
        Assert.Equal(MqttReason.NotAuthorized, await client.PublishAsync(topic, "x"u8.ToArray(), MqttQos.AtLeastOnce));
    }

    [Fact]
    public async Task ItLeavesNoWill() => Assert.Equal(MqttReason.NotAuthorized, await Refusal(Token(TokenScopes.Admin), will: "pouch/v1/n7/status"));

    [Fact]
    public async Task OfNoUse_AreATokenForMetrics_AnExpiredOne_AWrongOne()
    {
        string expiring = new AccessFile(folder).AddToken("short", [TokenScopes.Read], TimeSpan.FromTicks(TimeSpan.TicksPerMicrosecond), "cli").Token;
        Assert.Equal(MqttReason.BadUserNameOrPassword, await Refusal(Token(TokenScopes.Metrics)));
        Assert.Equal(MqttReason.BadUserNameOrPassword, await Refusal(expiring));
        Assert.Equal(MqttReason.BadUserNameOrPassword, await Refusal(AccessFile.TokenPrefix + new string('0', 64)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WithItsToken_ItsConnectionEnds(bool isRemoved)
    {
        AccessFile beside = new(folder);
        (string token, ApiToken entry) = beside.AddToken("wall", [TokenScopes.Read], isRemoved ? TimeSpan.FromDays(1) : TimeSpan.FromSeconds(3), "cli");
        await using MqttClient client = await Connect(token);
        TaskCompletionSource<MqttReason> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Disconnected += (_, ended) => end.TrySetResult(ended.Reason);
        if (isRemoved)
        {
            Assert.NotNull(beside.RemoveToken(entry.Id));
        }

        Assert.Equal(MqttReason.NotAuthorized, await end.Task.WaitAsync(Long));
        Assert.Equal(MqttReason.BadUserNameOrPassword, await Refusal(token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AfterARestart_ItsSessionIsThere_AsLongAsItsTokenIs(bool isRemoved)
    {
        AccessFile beside = new(folder);
        (string token, ApiToken entry) = beside.AddToken("wall", [TokenScopes.Read], TimeSpan.FromDays(1), "cli");
        await using (MqttClient client = await Connect(token))
        {
            await client.SubscribeAsync("pouch/v1/alarm/#", MqttQos.AtLeastOnce);
        }

        await gateway.DisposeAsync();
        if (isRemoved)
        {
            beside.RemoveToken(entry.Id);
        }

        gateway = await Start();
        Raise();
        if (isRemoved)
        {
            Assert.Equal(MqttReason.BadUserNameOrPassword, await Refusal(token));
            return;
        }

        await using MqttClient again = Client(token, "reader");
        Assert.True((await again.ConnectAsync()).SessionPresent);
        Assert.Equal("pouch/v1/alarm/cell-1/thermal-limit", (await Next()).Topic);
    }

    [Fact]
    public async Task ItsUseIsNoted()
    {
        (string token, ApiToken entry) = new AccessFile(folder).AddToken("wall", [TokenScopes.Read], TimeSpan.FromDays(1), "cli");
        Assert.Null(gateway.Services.Door!.LastUse(entry.Id));
        await using MqttClient client = await Connect(token);
        Assert.NotNull(gateway.Services.Door.LastUse(entry.Id));
    }

    private Task<(string Topic, string Body)> Next() => received.Reader.ReadAsync().AsTask().WaitAsync(Long);

    private string Token(string scope) => new AccessFile(folder).AddToken("wall", [scope], TimeSpan.FromDays(1), "cli").Token;

    private void Raise() => gateway.Services.Alarms.Raise(
        "cell-1", "cell-1@1", AlarmRig.Finding("thermal-limit", gateway.Services.NowMicroseconds()), gateway.Services.NowMicroseconds(), "n7");

    private Task<MonitorGateway> Start() =>
        MonitorGateway.StartAsync(new GatewayOptions { DataDirectory = folder, HttpPort = 0, MqttPort = 0 }, CancellationToken.None);

    private MqttClient Client(string token, string clientId, string? will = null) => new(new MqttClientOptions
    {
        Port = gateway.MqttEndPoint.Port,
        ClientId = clientId,
        UserName = "wall",
        Password = Encoding.UTF8.GetBytes(token),
        Will = will is null ? null : new MqttWill { Topic = will, Payload = "gone"u8.ToArray() },
        MessageReceived = (in MqttReceivedMessage message) => received.Writer.TryWrite((Encoding.UTF8.GetString(message.TopicUtf8), Encoding.UTF8.GetString(message.Payload))),
        CleanStart = false,
        SessionExpirySeconds = 600,
        AnswerTimeout = Long,
    });

    private async Task<MqttClient> Connect(string token, string clientId = "reader")
    {
        MqttClient client = Client(token, clientId);
        await client.ConnectAsync();
        return client;
    }

    private async Task<MqttReason> Refusal(string token, string? will = null)
    {
        await using MqttClient client = Client(token, "refused", will);
        return (await Assert.ThrowsAsync<MqttClientException>(() => client.ConnectAsync())).Reason;
    }
}
