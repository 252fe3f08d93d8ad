using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Archive;

/// <summary>
/// Goes along a test's segments with its frames, as the analysis did: says with which of its samples a frame goes on,
/// since frames may overlap and a test may begin within one.
/// </summary>
internal sealed class SegmentWalk(TestRecord record)
{
    private int segment = -1;
    private long next;

    /// <summary>The segment of the frame last asked for.</summary>
    public int Segment => segment;

    /// <summary>Index of the first sample of the frame that is new; the frame's count where none is.</summary>
    public int FirstNewOf(SampleFrame frame)
    {
        while (segment < 0 || !Holds(record.Segments[segment], frame))
        {
            int found = Find(frame);
            if (found < 0)
            {
                return frame.Count;
            }

            segment = found;
            next = record.Segments[segment].FirstNumber;
        }

        int from = next > frame.FirstSampleNumber ? (int)Math.Min(frame.Count, next - frame.FirstSampleNumber) : 0;
        next = Math.Max(next, frame.FirstSampleNumber + frame.Count);
        return from;
    }

    private int Find(SampleFrame frame)
    {
        for (int at = segment + 1; at < record.Segments.Count; at++)
        {
            if (Holds(record.Segments[at], frame))
            {
                return at;
            }
        }

        return -1;
    }

    private static bool Holds(TestSegment part, SampleFrame frame) => part.Boot == frame.Boot
        && frame.FirstSampleNumber + frame.Count > part.FirstNumber && (part.EndNumber is not { } end || frame.FirstSampleNumber < end);
}
