namespace PouchMonitor.Gateway.Mqtt;

/// <summary>Who an MQTT session is.</summary>
/// <param name="Node">The node; null is everyone on loopback in an open trial.</param>
/// <param name="Credential">What the node was let in with, as the access list keeps it; null where it has not come back since a restart.</param>
internal sealed record MqttIdentity(string? Node, string? Credential);
