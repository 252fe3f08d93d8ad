namespace PouchMonitor.Gateway.Mqtt;

/// <summary>Who an MQTT session is.</summary>
internal abstract record MqttIdentity
{
    /// <summary>Anybody on loopback in an open trial: writes and reads everything.</summary>
    public sealed record Anyone : MqttIdentity;

    /// <summary>A node: writes what nodes write under its own name, reads what is said to it.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Credential">What it was let in with, as the access list keeps it; null where it has not come back since a restart.</param>
    public sealed record Node(string Name, string? Credential) : MqttIdentity;

    /// <summary>A program with a token of this gateway: reads the alarms and writes nothing.</summary>
    /// <param name="TokenId">The token's id in the access list.</param>
    public sealed record AlarmReader(string TokenId) : MqttIdentity
    {
        // No node's name has a colon, so that a reader never meets a node's session.
        private const string Prefix = "token:";

        public string SessionName => Prefix + TokenId;

        /// <summary>The reader whose session has that name; null where it is a node's.</summary>
        public static AlarmReader? OfSession(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? new AlarmReader(name[Prefix.Length..]) : null;
    }
}
