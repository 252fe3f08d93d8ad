namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// Frames that a channel has read from the journal before the journal's report of them reached it. Under load the reports
/// queue up: without this, each of them would look like a late frame and have the channel judge again what it has judged.
/// </summary>
/// <param name="startPosition">Where the journal ended at the start: of what was stored before, no report will come.</param>
internal sealed class ReadAhead(long startPosition)
{
    private readonly HashSet<long> positions = [];
    private long reportedBelow = startPosition;

    /// <summary>A frame was read from the journal and analysed.</summary>
    public void Read(long position)
    {
        if (position >= reportedBelow)
        {
            positions.Add(position);
        }
    }

    /// <summary>The journal has reported a frame; reports come in commit order, so that those before it have come.</summary>
    /// <returns>True when the frame had been read already.</returns>
    public bool Reported(long position)
    {
        reportedBelow = Math.Max(reportedBelow, position + 1);
        return positions.Remove(position);
    }
}
