using PouchMonitor.Analysis.Series;

namespace PouchMonitor.Gateway.Influx.Remote;

/// <summary>A server did not give what it was asked for; the message holds no secret.</summary>
public sealed class RemoteHistoryException : Exception
{
    public RemoteHistoryException()
    {
    }

    public RemoteHistoryException(string message)
        : base(message)
    {
    }

    public RemoteHistoryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Samples that the journal no longer holds, from the server to which they were forwarded.</summary>
public interface IRemoteHistory
{
    /// <summary>
    /// The samples of a channel in order of time, read page by page, so that memory is bounded whatever the range. Times are
    /// those under which they were forwarded; VictoriaMetrics keeps them to the millisecond.
    /// </summary>
    /// <param name="node">Node name.</param>
    /// <param name="channel">Channel name.</param>
    /// <param name="fromMicroseconds">First time, Unix microseconds, included.</param>
    /// <param name="toMicroseconds">Last time, Unix microseconds, included.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="RemoteHistoryException">While reading: the server does not answer, or refuses.</exception>
    IAsyncEnumerable<Sample> ReadAsync(string node, string channel, long fromMicroseconds, long toMicroseconds, CancellationToken cancellation);
}
