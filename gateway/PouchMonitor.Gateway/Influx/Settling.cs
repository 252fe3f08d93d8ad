using System.Runtime.InteropServices;

namespace PouchMonitor.Gateway.Influx;

/// <summary>How far the forwarder is in each of the three orders that it reads.</summary>
/// <param name="Samples">Position in the journal.</param>
/// <param name="Changed">Number of a change of tests.</param>
/// <param name="Alarm">Number of the last alarm event.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ForwarderPlaces(long Samples, long Changed, long Alarm)
{
    public ForwarderPlaces Lower(ForwarderPlaces other) =>
        new(Math.Min(Samples, other.Samples), Math.Min(Changed, other.Changed), Math.Min(Alarm, other.Alarm));
}

/// <summary>
/// A server that answers before it has written to its disk forgets its newest points when it is killed. What went to it counts
/// as delivered only after a while, and is sent again when the server may have been started anew in between.
/// </summary>
/// <param name="time">How long; zero for a server that is to be believed at once.</param>
internal sealed class Settling(TimeSpan time)
{
    /// <summary>Deliveries this close together are kept as one, so that only few are kept.</summary>
    private const int Parts = 64;

    private readonly LinkedList<(long AtMicroseconds, ForwarderPlaces From)> young = [];

    /// <summary>False where a server is to be believed at once.</summary>
    public bool IsNeeded => time > TimeSpan.Zero;

    /// <summary>Notes that something has been delivered.</summary>
    /// <param name="from">Where the reading of it began.</param>
    /// <param name="nowMicroseconds">Gateway time.</param>
    public void Delivered(ForwarderPlaces from, long nowMicroseconds)
    {
        if (!IsNeeded)
        {
            return;
        }

        if (young.Last is { } last && nowMicroseconds - last.Value.AtMicroseconds < time.TotalMicroseconds / Parts)
        {
            last.Value = (last.Value.AtMicroseconds, last.Value.From.Lower(from));
        }
        else
        {
            young.AddLast((nowMicroseconds, from));
        }
    }

    /// <summary>Everything before this has been delivered for long enough.</summary>
    /// <param name="places">Where the forwarder is.</param>
    /// <param name="nowMicroseconds">Gateway time.</param>
    public ForwarderPlaces Settled(ForwarderPlaces places, long nowMicroseconds)
    {
        // The first part of a merged delivery is as old as it says, the last up to one part younger.
        double age = time.TotalMicroseconds * (1 + (1.0 / Parts));
        while (young.First is { } first && nowMicroseconds - first.Value.AtMicroseconds > age)
        {
            young.RemoveFirst();
        }

        foreach ((_, ForwarderPlaces from) in young)
        {
            places = places.Lower(from);
        }

        return places;
    }
}
