using System.Globalization;
using System.Security.Cryptography;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// The events for every open dashboard. They are held once, in two bounded rings: what lasts (alarms, incidents) and cells.
/// A client is a position in them, so one that is slow costs nothing and delays nobody, and one that comes back goes on where
/// it was by the same means. Where cells have gone from their ring, a client that still lacks them gets the newest of each
/// channel; where something that lasts has gone, it is told so and given everything anew. Alarms overtake cells.
/// </summary>
internal sealed class LiveStream
{
    /// <summary>Most channels in one event of cells: alarms wait for one at most.</summary>
    public const int ChannelsPerEvent = 32;

    private const int MostBatchBytes = 64 * 1024;
    private const int MostCellEvents = 4096;
    private readonly Lock gate = new();
    private readonly LiveStreamLimits limits;
    private readonly TimeProvider time;
    private readonly EventRing lasting;
    private readonly EventRing cells;
    private readonly Dictionary<(string Node, string Channel), NewestOfChannel> newest = [];
    private readonly HashSet<LiveListener> listeners = [];
    private TaskCompletionSource news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long lastNumber;
    private long lastCells;
    private long cellsSkippedAt;
    private long leftAt;
    private long beats;

    public LiveStream(LiveStreamLimits? limits = null, TimeProvider? time = null)
    {
        this.limits = limits ?? new LiveStreamLimits();
        this.time = time ?? TimeProvider.System;
        lasting = new EventRing(this.limits.LastingEvents, this.limits.LastingBytes);
        cells = new EventRing(MostCellEvents, this.limits.CellBytes);
        leftAt = this.time.GetTimestamp() - (long)(this.limits.Linger.TotalSeconds * this.time.TimestampFrequency);
    }

    /// <summary>Names this run of the gateway: numbers begin anew with each.</summary>
    public string Run { get; } = RandomNumberGenerator.GetHexString(8, lowercase: true);

    public LiveStreamLimits Limits => limits;

    public LiveStreamFigures Figures { get; } = new();

    public int ListenerCount
    {
        get
        {
            lock (gate)
            {
                return listeners.Count;
            }
        }
    }

    /// <summary>True while somebody listens, or has until a moment ago and may come back.</summary>
    public bool WantsCells
    {
        get
        {
            lock (gate)
            {
                return listeners.Count > 0 || time.GetElapsedTime(leftAt) < limits.Linger;
            }
        }
    }

    /// <summary>Ends when something has come since it was read; read before <see cref="Take"/>.</summary>
    public Task News => Volatile.Read(ref news).Task;

    /// <summary>Adds a listener, at no position yet; null when there are as many as allowed.</summary>
    public LiveListener? Add()
    {
        lock (gate)
        {
            if (listeners.Count >= limits.Clients)
            {
                Figures.Refuse();
                return null;
            }

            LiveListener listener = new(this) { Beats = beats };
            listeners.Add(listener);
            return listener;
        }
    }

    public void Remove(LiveListener listener)
    {
        lock (gate)
        {
            if (listeners.Remove(listener) && listeners.Count == 0)
            {
                leftAt = time.GetTimestamp();
            }
        }
    }

    /// <summary>Sends an event that no client may lose without being told: an alarm, an incident.</summary>
    public void Send(string name, ReadOnlySpan<byte> json)
    {
        lock (gate)
        {
            lasting.Add(new LiveEvent(Run, ++lastNumber, lastCells, name, json));
        }

        Wake();
    }

    /// <summary>Adds an event of cells; to be followed by <see cref="Wake"/> once all are added.</summary>
    public void AddCells(IReadOnlyList<ChannelView> views, ReadOnlySpan<byte> json)
    {
        lock (gate)
        {
            long before = lastCells;
            lastCells = ++lastNumber;
            cells.Add(new LiveEvent(Run, lastNumber, before, "cells", json));
            foreach (ChannelView view in views)
            {
                newest[(view.Node, view.Channel)] = new NewestOfChannel(lastNumber, view);
            }
        }
    }

    /// <summary>Channels changed while nobody listened: who comes back from before this needs them all.</summary>
    public void SkipCells()
    {
        lock (gate)
        {
            cellsSkippedAt = lastCells = ++lastNumber;
        }
    }

    /// <summary>A sign of life to all.</summary>
    public void Beat()
    {
        Interlocked.Increment(ref beats);
        Wake();
    }

    /// <summary>Has everybody look for news.</summary>
    public void Wake()
    {
        TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref news, next).SetResult();
    }

    /// <summary>True once for each beat.</summary>
    public bool NeedsBeat(LiveListener listener)
    {
        long now = Volatile.Read(ref beats);
        bool isDue = now > listener.Beats;
        listener.Beats = now;
        return isDue;
    }

    /// <summary>Number of the newest event.</summary>
    public long LastNumber
    {
        get
        {
            lock (gate)
            {
                return lastNumber;
            }
        }
    }

    /// <summary>The id of an event with a number, as it goes over the wire.</summary>
    public string IdOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{Run}-{number}");

    /// <summary>Sets a listener to where a client was when it left.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="id">The last id that the client has had.</param>
    /// <returns>Null where it goes on from there; otherwise why it cannot.</returns>
    public string? Resume(LiveListener listener, string id)
    {
        int dash = id.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !long.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return "The id of the last event is none of this gateway's.";
        }

        lock (gate)
        {
            if (!id.AsSpan(0, dash).SequenceEqual(Run) || number > lastNumber)
            {
                return "The gateway has been started anew since.";
            }

            if (number < lasting.EvictedUpTo || number < cellsSkippedAt)
            {
                return "More has happened since than is kept.";
            }

            listener.Lasting = number;
            listener.Cells = number;
            Figures.Resume();
            return null;
        }
    }

    /// <summary>Puts together what a listener is to be sent next, and moves it on.</summary>
    public void Take(LiveListener listener)
    {
        LiveBatch batch = listener.Batch;
        batch.Clear();
        lock (gate)
        {
            if (listener.Lasting < lasting.EvictedUpTo)
            {
                batch.IsGap = true;
                Figures.Gap();
                return;
            }

            bool hasMore = lasting.CopyAfter(listener.Lasting, MostBatchBytes, batch.Events);
            foreach (LiveEvent next in batch.Events)
            {
                batch.Messages.Add(listener.Cells >= next.CellsBefore ? next.Message : next.MessageWithoutId);
            }

            listener.Lasting = hasMore ? batch.Events[^1].Number : lastNumber;
            if (!hasMore)
            {
                TakeCells(listener, batch);
            }
        }
    }

    private void TakeCells(LiveListener listener, LiveBatch batch)
    {
        if (listener.Cells < cells.EvictedUpTo)
        {
            bool isRest = TakeNewest(listener.Cells, cells.EvictedUpTo, batch.Newest);
            listener.Cells = isRest ? cells.EvictedUpTo : batch.Newest[^1].Number;
            batch.NewestNumber = listener.Cells;
            if (batch.Newest.Count > 0)
            {
                Figures.Coalesce();
                return;
            }
        }

        batch.Events.Clear();
        bool hasMore = cells.CopyAfter(listener.Cells, MostBatchBytes, batch.Events);
        foreach (LiveEvent next in batch.Events)
        {
            batch.Messages.Add(next.Message);
        }

        listener.Cells = hasMore ? batch.Events[^1].Number : lastNumber;
    }

    // Whole events, oldest first; returns true where these were all.
    private bool TakeNewest(long after, long upTo, List<NewestOfChannel> into)
    {
        foreach (NewestOfChannel channel in newest.Values)
        {
            if (channel.Number > after && channel.Number <= upTo)
            {
                into.Add(channel);
            }
        }

        if (into.Count <= ChannelsPerEvent)
        {
            return true;
        }

        into.Sort(static (a, b) => a.Number.CompareTo(b.Number));
        int count = ChannelsPerEvent;
        while (count < into.Count && into[count].Number == into[count - 1].Number)
        {
            count++;
        }

        bool isRest = count == into.Count;
        into.RemoveRange(count, into.Count - count);
        return isRest;
    }
}
