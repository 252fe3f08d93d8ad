using System.Globalization;
using PouchMonitor.Gateway.Backup;
using PouchMonitor.Gateway.Mqtt;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Gateway.Doctor;

/// <summary>Reads the log of MQTT sessions as a gateway would at its start, without changing it.</summary>
internal static class SessionDoctor
{
    private const string Part = "sessions";
    private const int MostNamed = 20;

    public static HealthCheck Look(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return new HealthCheck(Part, HealthStatus.Note, "There is no log of sessions yet.");
        }

        var problems = new List<string>();
        using ViewFiles files = ViewFiles.Take(folder);
        var server = new MqttServer(
            new MqttServerOptions { SessionFiles = new MqttLogFiles(files), SessionsDamaged = problems.Add }, new Nobody());
        server.Open();
        int retained = server.RetainedMessages.Count();
        server.StopAsync().GetAwaiter().GetResult();
        return problems.Count > 0
            ? new HealthCheck(Part, HealthStatus.Fault, $"sessions: {string.Join("; ", problems.Take(MostNamed))}")
            : new HealthCheck(Part, HealthStatus.Sound, string.Create(CultureInfo.InvariantCulture, $"The log can be read; {retained} messages are retained."));
    }

    /// <summary>No client ever connects.</summary>
    private sealed class Nobody : IMqttServerHandler
    {
        public ValueTask<MqttReason> ConnectAsync(MqttConnectRequest request, CancellationToken cancellationToken) =>
            ValueTask.FromResult(MqttReason.NotAuthorized);

        public bool MaySubscribe(MqttSession session, string filter, out MqttReason refusal)
        {
            refusal = MqttReason.NotAuthorized;
            return false;
        }

        public PublishOutcome OnPublish(in MqttInboundPublish publish) => PublishOutcome.Refuse(MqttReason.NotAuthorized);

        public ValueTask WhenReadyAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public void OnDisconnected(MqttConnection connection, MqttReason reason)
        {
            // Nobody was connected.
        }
    }
}
