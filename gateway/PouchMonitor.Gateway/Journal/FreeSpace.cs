using System.Globalization;
using PouchMonitor.Gateway.Journal.Files;

namespace PouchMonitor.Gateway.Journal;

/// <summary>Keeps the disk from being filled to the last byte: below the reserve nothing more is taken.</summary>
internal sealed class FreeSpace(IJournalFiles files, TimeProvider time, long reserveBytes)
{
    private static readonly TimeSpan ReadingAge = TimeSpan.FromSeconds(1);
    private long readAt;
    private long available = -1;

    /// <summary>Throws when, with <paramref name="more"/> bytes taken, less than the reserve would be free.</summary>
    public void Require(long more)
    {
        if (available < 0 || more > 0 || time.GetElapsedTime(readAt) >= ReadingAge)
        {
            available = files.AvailableBytes();
            readAt = time.GetTimestamp();
        }

        if (available - more < reserveBytes)
        {
            long found = available;
            available = -1;
            throw new IOException(string.Create(
                CultureInfo.InvariantCulture,
                $"{files.Name} has {found / 1048576.0:F1} MiB free; {more / 1048576.0:F1} MiB are needed beside the reserve of {reserveBytes / 1048576.0:F1} MiB."));
        }
    }
}
