using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Api;

/// <summary>How far one open dashboard is; the events themselves are the stream's and shared by all.</summary>
internal sealed class LiveListener(LiveStream owner) : IDisposable
{
    /// <summary>Number up to which it has every alarm, incident and the like.</summary>
    public long Lasting { get; set; }

    /// <summary>Number up to which it has the newest of every channel.</summary>
    public long Cells { get; set; }

    /// <summary>Signs of life it has had.</summary>
    public long Beats { get; set; }

    /// <summary>What it is to be sent next; filled by the stream.</summary>
    public LiveBatch Batch { get; } = new();

    public void Dispose() => owner.Remove(this);
}

/// <summary>What one client is sent next.</summary>
internal sealed class LiveBatch
{
    /// <summary>Messages in the order to be sent.</summary>
    public List<ReadOnlyMemory<byte>> Messages { get; } = [];

    /// <summary>Channels of which it is sent the newest alone, in one event with the number <see cref="NewestNumber"/>; empty where it keeps up.</summary>
    public List<NewestOfChannel> Newest { get; } = [];

    /// <summary>Number that the client is at once it has <see cref="Newest"/>.</summary>
    public long NewestNumber { get; set; }

    /// <summary>True where alarms or the like are gone that it has not had: it is to be told, and given everything anew.</summary>
    public bool IsGap { get; set; }

    public bool IsEmpty => Messages.Count == 0 && Newest.Count == 0 && !IsGap;

    /// <summary>Used while a batch is put together.</summary>
    public List<LiveEvent> Events { get; } = [];

    public void Clear()
    {
        Messages.Clear();
        Newest.Clear();
        Events.Clear();
        IsGap = false;
    }
}

/// <summary>The newest of a channel that was shown.</summary>
internal sealed class NewestOfChannel(long number, ChannelView view)
{
    /// <summary>Number of the event that showed it.</summary>
    public long Number { get; } = number;

    public ChannelView View { get; } = view;

    /// <summary>Its JSON, once somebody has needed it; for everybody after.</summary>
    public byte[]? Json { get; set; }
}
