namespace PouchMonitor.Gateway.Delivery;

/// <summary>How an attempt ended.</summary>
internal enum SendOutcome
{
    /// <summary>The receiver has said that it took it.</summary>
    Sent = 0,

    /// <summary>It has certainly not arrived; try again.</summary>
    TryLater = 1,

    /// <summary>Nobody knows whether it arrived; try again and say so.</summary>
    Unknown = 2,

    /// <summary>The receiver refuses this message; trying again would not help.</summary>
    Refused = 3,
}

/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">Why, without secrets; empty where it was sent.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone.</param>
internal sealed record SendResult(SendOutcome Outcome, string Reason = "", TimeSpan? RetryAfter = null)
{
    public static readonly SendResult Sent = new(SendOutcome.Sent);
}

/// <summary>Sends one message by one route, once.</summary>
internal interface IRouteSender
{
    Task<SendResult> SendAsync(DeliverySettings settings, DeliveryPerson person, DeliveryRoute route, NoticeMessage message, CancellationToken cancellation);
}

/// <summary>How long a route that fails is left alone, and when a message is given up.</summary>
internal static class RetryPlan
{
    /// <summary>An alarm of yesterday helps nobody.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    /// <summary>Mail servers that turn somebody away for now (greylisting) mean minutes; webhooks mean seconds.</summary>
    private static (TimeSpan First, TimeSpan Longest) Limits(RouteKind kind) => kind == RouteKind.Mail
        ? (TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(15))
        : (TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(5));

    /// <summary>The wait after so many failures in a row: doubled each time, drawn between half and all of it.</summary>
    /// <param name="kind">Of the route.</param>
    /// <param name="failures">1 after the first.</param>
    /// <param name="asked">What the receiver asked for; honoured up to the longest wait.</param>
    /// <param name="draw">From 0 to 1.</param>
    public static TimeSpan Wait(RouteKind kind, int failures, TimeSpan? asked, double draw)
    {
        (TimeSpan first, TimeSpan longest) = Limits(kind);
        double seconds = Math.Min(first.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 20)), longest.TotalSeconds);
        double drawn = seconds * (0.5 + (0.5 * draw));
        double least = Math.Min(asked?.TotalSeconds ?? 0, longest.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Max(drawn, least));
    }
}
