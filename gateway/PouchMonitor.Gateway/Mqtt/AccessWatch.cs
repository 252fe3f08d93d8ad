using PouchMonitor.Gateway.Access;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Gateway.Mqtt;

/// <summary>
/// Ends what has no right any more: the connections and kept sessions of nodes that were taken off the access list or got
/// another token, and of tokens that were taken away or have expired. Asked several times a second; it costs a look at the
/// file's time unless the list has changed.
/// </summary>
internal sealed class AccessWatch(GatewayServices services, MqttServer mqtt)
{
    private object? edition;
    private long? nextExpiryMicroseconds;
    private string? lastProblem;

    /// <summary>True where the session belongs to nobody who would be let in with what was shown.</summary>
    public static bool IsRevoked(GatewayServices services, MqttSession session) => !services.Options.OpenOnLoopback && session.Identity switch
    {
        MqttIdentity.Node { Credential: { } credential } node => !services.Access.IsAdmitted(node.Name, credential),
        MqttIdentity.Node node => !services.Access.Knows(node.Name),
        MqttIdentity.AlarmReader reader => !services.Access.KnowsToken(reader.TokenId, services.NowMicroseconds()),
        _ => true,
    };

    public void Look()
    {
        if (services.Options.OpenOnLoopback)
        {
            return;
        }

        object current;
        try
        {
            current = services.Access.Edition;
            lastProblem = null;
        }
        catch (Exception error) when (AccessFile.IsUnreadable(error))
        {
            // A list that is being edited by hand must not stop a bench: who is in stays, nobody new comes in.
            if (lastProblem != error.Message)
            {
                lastProblem = error.Message;
                services.Counters.AddFault($"No node can connect: {error.Message}");
            }

            return;
        }

        long now = services.NowMicroseconds();
        if (!ReferenceEquals(edition, current) || now >= nextExpiryMicroseconds)
        {
            mqtt.EndSessions(session => IsRevoked(services, session), MqttReason.NotAuthorized);
            edition = current;
            nextExpiryMicroseconds = services.Access.NextExpiryMicroseconds(now);
        }
    }
}
