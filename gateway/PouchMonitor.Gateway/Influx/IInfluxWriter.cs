namespace PouchMonitor.Gateway.Influx;

/// <summary>What a server made of a batch.</summary>
public enum InfluxOutcome
{
    /// <summary>Everything is stored.</summary>
    Accepted = 0,

    /// <summary>The named lines are refused for good; all others are stored.</summary>
    LinesRefused = 1,

    /// <summary>Something in the batch is refused and the server does not say which line: it has to be found by halving.</summary>
    SomethingRefused = 2,

    /// <summary>Nothing is known to be stored; the same batch may succeed later.</summary>
    TryLater = 3,

    /// <summary>The server does not know or does not allow the credentials, the database or the bucket: a person must act.</summary>
    NotAllowed = 4,
}

/// <summary>A line that a server will never take.</summary>
/// <param name="Index">Place in the batch, from 0.</param>
/// <param name="Reason">As the server said it.</param>
public sealed record RefusedLine(int Index, string Reason);

/// <summary>The answer to one batch.</summary>
public sealed record InfluxWriteResult(InfluxOutcome Outcome)
{
    public static InfluxWriteResult Accepted { get; } = new(InfluxOutcome.Accepted);

    /// <summary>Why, in words without any secret; empty when accepted.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Of <see cref="InfluxOutcome.LinesRefused"/>.</summary>
    public IReadOnlyList<RefusedLine> Lines { get; init; } = [];

    /// <summary>Of <see cref="InfluxOutcome.SomethingRefused"/>: how many lines it refused, where it says so.</summary>
    public int? RefusedCount { get; init; }

    /// <summary>How long the server asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>
/// Writes batches of line protocol to one server. A batch that is sent twice leaves the same points. Failures are results,
/// never exceptions, cancellation apart.
/// </summary>
public interface IInfluxWriter : IAsyncDisposable
{
    /// <summary>Connections made so far: one more may mean that the server was started anew. 0 where nobody counts.</summary>
    long Connections => 0;

    /// <summary>How old a point may be for the server to keep it, as it says itself; null where it was not asked or does not say.</summary>
    TimeSpan? ServerRetention => null;

    /// <param name="lines">Whole lines, each ended by a line feed, times in microseconds.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    Task<InfluxWriteResult> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellation);
}
