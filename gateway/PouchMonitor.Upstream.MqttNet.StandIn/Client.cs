using System.Buffers;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>
/// Types with the names and shapes of those of MQTTnet 5 that the adapter uses, and nothing behind them: they let the adapter
/// compile where the package cannot be had. Making a client is refused.
/// </summary>
public sealed class MqttClientFactory
{
    public IMqttClient CreateMqttClient() => throw new NotSupportedException("MQTTnet is not restored here; build with -p:UpstreamPackages=true");
}

public interface IMqttClient : IDisposable
{
#pragma warning disable MA0046 // The library's events are of this shape.
    event Func<MqttApplicationMessageReceivedEventArgs, Task> ApplicationMessageReceivedAsync;

    event Func<MqttClientDisconnectedEventArgs, Task> DisconnectedAsync;
#pragma warning restore MA0046

    bool IsConnected { get; }

    Task<MqttClientConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default);

    Task DisconnectAsync(MqttClientDisconnectOptions options, CancellationToken cancellationToken = default);

    Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage applicationMessage, CancellationToken cancellationToken = default);

    Task<MqttClientSubscribeResult> SubscribeAsync(MqttClientSubscribeOptions options, CancellationToken cancellationToken = default);
}

public sealed class MqttApplicationMessage
{
    public string Topic { get; set; } = "";

    public ReadOnlySequence<byte> Payload { get; set; }

    public bool Retain { get; set; }

    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; set; }
}

public sealed class MqttApplicationMessageReceivedEventArgs : EventArgs
{
    public MqttApplicationMessage ApplicationMessage { get; } = new();

    public bool AutoAcknowledge { get; set; } = true;

    public MqttApplicationMessageReceivedReasonCode ReasonCode { get; set; }

    public Task AcknowledgeAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

public enum MqttApplicationMessageReceivedReasonCode
{
    Success = 0,
}

public sealed class MqttClientConnectResult
{
    public bool IsSessionPresent { get; init; }

    public string? ReasonString { get; init; }

    public MqttClientConnectResultCode ResultCode { get; init; }
}

public enum MqttClientConnectResultCode
{
    Success = 0,
}

public sealed class MqttClientDisconnectedEventArgs : EventArgs
{
    public bool ClientWasConnected { get; init; }

    public Exception? Exception { get; init; }

    public MqttClientDisconnectReason Reason { get; init; }
}

public enum MqttClientDisconnectReason
{
    NormalDisconnection = 0,
}

public sealed class MqttClientDisconnectOptions;

public sealed class MqttClientPublishResult
{
    public MqttClientPublishReasonCode ReasonCode { get; init; }
}

public enum MqttClientPublishReasonCode
{
    Success = 0,
}

public sealed class MqttClientSubscribeOptions
{
    public List<Packets.MqttTopicFilter> TopicFilters { get; set; } = [];
}

public sealed class MqttClientSubscribeResult
{
    public IReadOnlyCollection<MqttClientSubscribeResultItem> Items { get; init; } = [];
}

public sealed class MqttClientSubscribeResultItem
{
    public MqttClientSubscribeResultCode ResultCode { get; init; }

    public Packets.MqttTopicFilter TopicFilter { get; init; } = new();
}

public enum MqttClientSubscribeResultCode
{
    GrantedQoS0 = 0,
    GrantedQoS1 = 1,
    GrantedQoS2 = 2,
}
