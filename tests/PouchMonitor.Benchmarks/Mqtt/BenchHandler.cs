using System.Text;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Benchmarks.Mqtt;

/// <summary>
/// An application as strict as the gateway, without its work: it checks the token of each client, lets each publish and
/// read under <c>bench/</c> alone, and counts what comes, acknowledging from memory or after an append to <paramref name="log"/>.
/// </summary>
internal sealed class BenchHandler(AccessFile access, GroupLog? log) : IMqttServerHandler
{
    private long payloadBytes;
    private long messages;

    public long Messages => Volatile.Read(ref messages);

    public ValueTask<MqttReason> ConnectAsync(MqttConnectRequest request, CancellationToken cancellationToken)
    {
        bool isKnown = request.UserName is { } name && request.Password is { } token && access.IsNode(name, token.Span);
        request.IdentityName = request.UserName;
        return new(isKnown ? MqttReason.Success : MqttReason.BadUserNameOrPassword);
    }

    public bool MaySubscribe(MqttSession session, string filter, out MqttReason refusal)
    {
        refusal = MqttReason.NotAuthorized;
        return IsOwn(Encoding.UTF8.GetBytes(filter));
    }

    public PublishOutcome OnPublish(in MqttInboundPublish publish)
    {
        if (!IsOwn(publish.TopicUtf8))
        {
            return PublishOutcome.Refuse(MqttReason.NotAuthorized);
        }

        if (log is not null && publish.Token.IsExpected)
        {
            if (!log.TryAppend(publish.Payload, publish.Token))
            {
                return PublishOutcome.Busy;
            }

            Count(publish.Payload.Length);
            return PublishOutcome.Deferred(PublishRouting.All);
        }

        Count(publish.Payload.Length);
        return PublishOutcome.Acknowledge;
    }

    public ValueTask WhenReadyAsync(CancellationToken cancellationToken) => log?.WhenReadyAsync(cancellationToken) ?? ValueTask.CompletedTask;

    public void OnDisconnected(MqttConnection connection, MqttReason reason)
    {
    }

    private static bool IsOwn(ReadOnlySpan<byte> topicUtf8) => topicUtf8.StartsWith("bench/"u8);

    private void Count(int bytes)
    {
        Interlocked.Increment(ref messages);
        Interlocked.Add(ref payloadBytes, bytes);
    }
}
