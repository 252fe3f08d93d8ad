namespace PouchMonitor.Mqtt.Server;

/// <summary>
/// The connections that got packets during one batch of work, to be flushed once at its end. One for each thread:
/// a batch never waits, so it ends on the thread where it began.
/// </summary>
internal sealed class FlushList
{
    [ThreadStatic]
    private static FlushList? _ofThread;

    private readonly List<MqttConnection> _connections = [];

    public static FlushList OfThread => _ofThread ??= new FlushList();

    /// <summary>A subscriber whose queue is half full and for whom publishers should wait; the last one seen.</summary>
    public MqttSession? Congested { get; set; }

    public void Add(MqttConnection connection) => _connections.Add(connection);

    public void Flush()
    {
        // Flushing may free room and so add more at the end of the list.
        for (int index = 0; index < _connections.Count; index++)
        {
            _connections[index].Sender.Flush();
        }

        _connections.Clear();
    }
}
