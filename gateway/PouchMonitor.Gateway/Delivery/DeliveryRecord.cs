using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>Where a notice stands on the way to one route.</summary>
internal enum DeliveryState
{
    /// <summary>To be sent as soon as possible.</summary>
    Pending = 0,

    /// <summary>Being sent; where the gateway dies now it may have arrived.</summary>
    Sending = 1,

    /// <summary>The receiver has taken it.</summary>
    Sent = 2,

    /// <summary>The receiver has refused it for good.</summary>
    Failed = 3,

    /// <summary>It could not be sent for too long.</summary>
    GaveUp = 4,

    /// <summary>Waits for the end of quiet hours or of a rush, then goes, with others as a digest.</summary>
    Held = 5,

    /// <summary>Not for this person.</summary>
    Skipped = 6,
}

/// <summary>One notice on the way to one route. Immutable; each step makes a new one.</summary>
internal sealed record DeliveryRecord
{
    /// <summary>Number in the log; 0 where it is not stored yet.</summary>
    public long Id { get; init; }

    /// <summary>Key of the notice.</summary>
    public required string Notice { get; init; }

    /// <summary>Key of the route.</summary>
    public required string Route { get; init; }

    /// <summary>Gateway time at which it was taken, Unix microseconds.</summary>
    public required long AtMicroseconds { get; init; }

    public required DeliveryState State { get; init; }

    public int Attempts { get; init; }

    public required AlarmPriority Priority { get; init; }

    public required NoticeKind Kind { get; init; }

    public required string Incident { get; init; }

    public required string Title { get; init; }

    /// <summary>Not before this; null at once.</summary>
    public long? NextMicroseconds { get; init; }

    /// <summary>When it was first tried.</summary>
    public long? FirstTriedMicroseconds { get; init; }

    /// <summary>When it was last tried.</summary>
    public long? TriedMicroseconds { get; init; }

    public long? SentMicroseconds { get; init; }

    public string? LastError { get; init; }

    /// <summary>Why it waits, was left out or given up; in a digest with whom.</summary>
    public string? Reason { get; init; }

    /// <summary>An earlier attempt may have arrived: the next one says so.</summary>
    public bool MayBeRepeat { get; init; }

    /// <summary>Key of the digest it goes with; null where it goes alone.</summary>
    public string? Group { get; init; }

    public bool IsOpen => State is DeliveryState.Pending or DeliveryState.Sending or DeliveryState.Held;

    public static string NameOf(DeliveryState state) => state switch
    {
        DeliveryState.Pending => "pending",
        DeliveryState.Sending => "sending",
        DeliveryState.Sent => "sent",
        DeliveryState.Failed => "failed",
        DeliveryState.GaveUp => "gaveUp",
        DeliveryState.Held => "held",
        _ => "skipped",
    };
}
