using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Mqtt.Client;

/// <summary>How a client connects and how much it holds.</summary>
public sealed class MqttClientOptions
{
    public string Host { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 1883;

    public MqttProtocolVersion Version { get; init; } = MqttProtocolVersion.V5;

    /// <summary>Null connects in the clear.</summary>
    public MqttClientTls? Tls { get; init; }

    /// <summary>Empty lets the server choose; told by <see cref="MqttClient.ClientId"/> in MQTT 5.</summary>
    public string ClientId { get; init; } = string.Empty;

    public string? UserName { get; init; }

    /// <summary>Never to be logged.</summary>
    public byte[]? Password { get; init; }

    /// <summary>Whether the server forgets what it kept for this client id. "Clean session" in MQTT 3.1.1.</summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>MQTT 5: seconds that the session outlives its connection; 0xFFFFFFFF for ever.</summary>
    public uint SessionExpirySeconds { get; init; }

    /// <summary>0 to 65,535 s; zero switches it off. A server may ask for less, and is then obeyed.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    public MqttWill? Will { get; init; }

    /// <summary>Messages of QoS 1 and 2 that this client takes without having acknowledged them: 1 to 65,535; told in MQTT 5.</summary>
    public ushort ReceiveMaximum { get; init; } = 1024;

    /// <summary>Publishes of QoS 1 and 2 in flight: 1 to 32,767; the server's receive maximum holds besides.</summary>
    public ushort MaximumInFlight { get; init; } = 1024;

    /// <summary>Bytes waiting for the socket before publishing waits.</summary>
    public int MaximumQueuedBytes { get; init; } = 1024 * 1024;

    /// <summary>The largest packet accepted, in bytes.</summary>
    public int MaximumPacketBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>From the start of connecting to CONNACK, and for each answer to SUBSCRIBE and UNSUBSCRIBE.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Called for every message, one at a time, on the reading thread; QoS 1 is acknowledged when it returns.</summary>
    public MqttMessageHandler? MessageReceived { get; init; }

    /// <summary>
    /// In place of <see cref="MessageReceived"/>, where the application decides when each message is acknowledged: now,
    /// later by the message's token, not at all for the moment (<see cref="PublishOutcome.Busy"/>: nothing is read until
    /// <see cref="WhenReady"/> completes, then the same message is offered again), or with a refusal. The outcome's routing
    /// has no meaning here.
    /// </summary>
    public MqttMessageOffer? MessageOffered { get; init; }

    /// <summary>Awaited after <see cref="PublishOutcome.Busy"/>; cancelled when the connection ends.</summary>
    public Func<CancellationToken, ValueTask>? WhenReady { get; init; }

    /// <summary>Called on the reading thread for every acknowledged <see cref="MqttClient.PublishPipelinedAsync"/>, with its tag.</summary>
    public Action<long, MqttReason>? PublishAcknowledged { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

/// <summary>Takes one message; what is to be kept must be copied.</summary>
public delegate void MqttMessageHandler(in MqttReceivedMessage message);

/// <summary>Takes one message and decides on its acknowledgement; what is to be kept must be copied.</summary>
public delegate PublishOutcome MqttMessageOffer(in MqttReceivedMessage message);

/// <summary>A message as it lies in the receive buffer.</summary>
public readonly ref struct MqttReceivedMessage
{
    public ReadOnlySpan<byte> TopicUtf8 { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Coded MQTT 5 properties, already checked; see <see cref="PropertyScanner"/>.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    public MqttQos Qos { get; init; }

    public bool Retain { get; init; }

    public bool Duplicate { get; init; }

    /// <summary>What to complete after <see cref="PublishOutcome.Deferred"/>; does nothing at QoS 0.</summary>
    public MqttClientAckToken Token { get; init; }

    public string Topic => System.Text.Encoding.UTF8.GetString(TopicUtf8);
}

/// <summary>What the server answered to CONNECT.</summary>
public sealed record MqttConnectResult(bool SessionPresent, MqttProperties? Properties);

/// <summary>Why a connection ended. <see cref="MqttReason.Success"/> is this client's own wish.</summary>
public sealed class MqttDisconnectedEventArgs(MqttReason reason, Exception? exception) : EventArgs
{
    public MqttReason Reason { get; } = reason;

    public Exception? Exception { get; } = exception;
}

/// <summary>The server refused, broke the protocol or went away.</summary>
public sealed class MqttClientException : Exception
{
    public MqttClientException()
    {
    }

    public MqttClientException(string message)
        : base(message)
    {
    }

    public MqttClientException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public MqttReason Reason { get; init; } = MqttReason.UnspecifiedError;
}
