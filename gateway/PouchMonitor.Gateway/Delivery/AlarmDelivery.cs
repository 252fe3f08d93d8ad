using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>Everything that brings alarms to people: settings, outbox, senders, heartbeat.</summary>
internal sealed class AlarmDelivery : IAsyncDisposable
{
    private readonly RouteSenders senders;
    private Heartbeat? heartbeat;

    public AlarmDelivery(StateDatabase database, GatewayOptions options)
    {
        Book = new DeliveryBook(database, options.DataDirectory, options.Delivery);
        senders = new RouteSenders(Book, TimeProvider.System);
#pragma warning disable CA5394 // Spreads retries over time; nothing secret.
        Outbox = new NoticeDispatcher(database, Book, senders, TimeProvider.System, new Random());
#pragma warning restore CA5394
    }

    public DeliveryBook Book { get; }

    public NoticeDispatcher Outbox { get; }

    public HeartbeatFigures? Heartbeat => heartbeat?.Figures;

    /// <summary>Takes a notice, once for each key.</summary>
    public void Take(AlarmNotice notice) => Outbox.Take(notice);

    /// <param name="problem">What of the gateway is not well; null while everything is. Without that the watchdog hears nothing.</param>
    public void Start(Func<string?> problem)
    {
        Outbox.Start();
        heartbeat = new Heartbeat(Book, senders.Http, problem, TimeProvider.System);
        heartbeat.Start();
    }

    public async ValueTask DisposeAsync()
    {
        if (heartbeat is not null)
        {
            await heartbeat.DisposeAsync();
        }

        await Outbox.DisposeAsync();
        senders.Dispose();
    }
}
