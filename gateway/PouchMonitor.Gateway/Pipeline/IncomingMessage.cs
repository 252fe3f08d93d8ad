using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>A message as the pipeline takes it, wherever it came from; the spans are valid during the call only.</summary>
public readonly ref struct IncomingMessage
{
    /// <summary>Topic as it was published; empty where the receiver of the message knows it already.</summary>
    public ReadOnlySpan<byte> TopicUtf8 { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>To be completed once after <see cref="MessageVerdict.Deferred"/>.</summary>
    public MessageReceipt Receipt { get; init; }
}

/// <summary>What became of a message.</summary>
public enum MessageVerdict
{
    /// <summary>Done with; acknowledge now.</summary>
    Acknowledge,

    /// <summary>Taken; its receipt is completed when it is durable.</summary>
    Deferred,

    /// <summary>Not taken for want of room; offer it again.</summary>
    Busy,

    /// <summary>Not taken, and not to be offered again: nobody but the gateway speaks on that topic.</summary>
    Refuse,
}

/// <summary>Something that can acknowledge the messages it brought.</summary>
public interface IMessageAcknowledger
{
    /// <summary>Called from any thread, in any order, once for each message.</summary>
    void Acknowledge(long number, MqttReason reason);
}

/// <summary>Acknowledges one message to whoever sent it: a client of the endpoint or an external broker.</summary>
public readonly struct MessageReceipt
{
    private readonly MqttAckToken endpoint;
    private readonly MqttClientAckToken client;
    private readonly IMessageAcknowledger? acknowledger;
    private readonly long number;

    /// <summary>For a message that came to the gateway's own endpoint.</summary>
    public MessageReceipt(MqttAckToken token) => endpoint = token;

    /// <summary>For a message that the gateway's own client received.</summary>
    public MessageReceipt(MqttClientAckToken token) => client = token;

    /// <summary>For a message that came in some other way.</summary>
    public MessageReceipt(IMessageAcknowledger acknowledger, long number)
    {
        this.acknowledger = acknowledger;
        this.number = number;
    }

    /// <summary>Lets the acknowledgement go. Never blocks; a second call does nothing.</summary>
    public void Complete(MqttReason reason)
    {
        endpoint.Complete(reason);
        client.Complete(reason);
        acknowledger?.Acknowledge(number, reason);
    }
}
