using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>
/// What the outbox keeps on disk, and in memory what the disk does not take for now: notices first, then the newest state of each
/// delivery. What can never be written goes out from memory and holds nothing up. The outbox guards it.
/// </summary>
internal sealed class OutboxStore(StateDatabase database, int mostRows, DeliveryCounters counters)
{
    /// <summary>Notices kept in memory while the database cannot be written.</summary>
    public const int MostUnstored = 1000;

    private readonly Dictionary<string, (AlarmNotice Notice, IReadOnlyCollection<DeliveryRecord> Deliveries)> unstored = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, AlarmNotice> unwritable = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Notice, string Route), DeliveryRecord> unsaved = [];

    /// <summary>Takes a notice once.</summary>
    /// <returns>False where its key is known, or there is no room for it any more.</returns>
    public bool Take(AlarmNotice notice, IReadOnlyCollection<DeliveryRecord> deliveries)
    {
        if (unstored.ContainsKey(notice.Key) || unwritable.ContainsKey(notice.Key))
        {
            return false;
        }

        try
        {
            return database.TakeNotice(notice, deliveries);
        }
#pragma warning disable CA1031 // Whatever is wrong with the database, the alarm goes out.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (UnwritableEntries.IsOfTheEntry(error))
            {
                KeepUnwritable(notice, error);
                return true;
            }

            counters.StoreFailed(error.Message);
            if (unstored.Count >= MostUnstored)
            {
                counters.Dropped();
                return false;
            }

            unstored.Add(notice.Key, (notice, deliveries));
            return true;
        }
    }

    /// <returns>False where they could not be stored; they are kept for <see cref="StoreWaiting"/> then.</returns>
    public bool Save(IReadOnlyCollection<DeliveryRecord> deliveries)
    {
        if (deliveries.Count == 0)
        {
            return true;
        }

        // A notice that waits is stored with the first state of its deliveries: that must not come after a newer one.
        if (unstored.Count > 0)
        {
            StoreWaiting();
        }

        if (unstored.Count > 0)
        {
            Keep(deliveries);
            return false;
        }

        try
        {
            database.SaveDeliveries(deliveries);
            foreach (DeliveryRecord delivery in deliveries)
            {
                unsaved.Remove((delivery.Notice, delivery.Route));
            }

            return true;
        }
#pragma warning disable CA1031 // Told, and tried again: alarms go on from memory.
        catch (Exception error)
#pragma warning restore CA1031
        {
            counters.StoreFailed(error.Message);
            Keep(deliveries);
            return false;
        }
    }

    public void StoreWaiting()
    {
        try
        {
            foreach ((string key, (AlarmNotice notice, IReadOnlyCollection<DeliveryRecord> deliveries)) in unstored.ToArray())
            {
                try
                {
                    database.TakeNotice(notice, deliveries);
                }
#pragma warning disable CA1031 // Whatever this one has in it, the others are stored.
                catch (Exception error) when (UnwritableEntries.IsOfTheEntry(error))
#pragma warning restore CA1031
                {
                    KeepUnwritable(notice, error);
                }

                unstored.Remove(key);
            }

            if (unsaved.Count > 0)
            {
                database.SaveDeliveries([.. unsaved.Values]);
                unsaved.Clear();
            }

            counters.StoreFailed(null);
        }
#pragma warning disable CA1031 // Told, and tried again at the next turn.
        catch (Exception error)
#pragma warning restore CA1031
        {
            counters.StoreFailed(error.Message);
        }
    }

    /// <summary>The notice of a key; null where it was removed.</summary>
    public AlarmNotice? Find(string key) =>
        unstored.TryGetValue(key, out (AlarmNotice Notice, IReadOnlyCollection<DeliveryRecord> Deliveries) kept) ? kept.Notice
        : unwritable.GetValueOrDefault(key) ?? database.ReadNotice(key);

    public IReadOnlyList<DeliveryRecord> ReadOpen() => database.ReadOpenDeliveries();

    /// <summary>Removes the oldest that are done beyond what the log may hold.</summary>
    public void Trim()
    {
        try
        {
            counters.Trimmed(database.TrimDeliveries(mostRows));
        }
#pragma warning disable CA1031 // Tried again later; nothing waits for it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            counters.StoreFailed(error.Message);
        }
    }

    // The oldest has been tried long since when there are as many.
    private void KeepUnwritable(AlarmNotice notice, Exception error)
    {
        counters.Faulted($"notice {notice.Key} cannot be stored: {error.Message}");
        if (unwritable.Count >= MostUnstored)
        {
            unwritable.RemoveAt(0);
        }

        unwritable[notice.Key] = notice;
    }

    private void Keep(IReadOnlyCollection<DeliveryRecord> deliveries)
    {
        foreach (DeliveryRecord delivery in deliveries)
        {
            unsaved[(delivery.Notice, delivery.Route)] = delivery;
        }
    }
}
