using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Archive;

/// <summary>One frame of a test.</summary>
internal interface ITestFrameSink
{
    /// <param name="frame">The frame, decoded.</param>
    /// <param name="record">Its bytes and its arrival.</param>
    /// <param name="boot">Its boot.</param>
    void Take(SampleFrame frame, JournalRecord record, BootLine boot);
}

/// <summary>
/// Reads the frames of a test from the journal in the order in which they were judged, up to where the judgement has
/// come: what is exported goes with the cycles and findings beside it.
/// </summary>
internal sealed class TestFrames(FrameJournal journal, StoredTest test)
{
    private readonly Dictionary<ulong, BootLine> boots = [];
    private readonly SampleFrame frame = new(SampleFrame.MaximumSamples);

    /// <summary>The test's boots whose frames are in the journal, as they lie in time.</summary>
    public IReadOnlyDictionary<ulong, BootLine> Boots
    {
        get
        {
            FindBoots();
            return boots;
        }
    }

    /// <summary>Gives every frame to the sink.</summary>
    public void Read(ITestFrameSink sink, CancellationToken cancellation)
    {
        FindBoots();
        for (int at = 0; at < test.Record.Segments.Count && at <= test.NextSegment; at++)
        {
            TestSegment segment = test.Record.Segments[at];
            if (!boots.TryGetValue(segment.Boot, out BootLine? boot))
            {
                continue;
            }

            long end = segment.EndNumber ?? long.MaxValue;
            end = at == test.NextSegment ? Math.Min(end, test.NextNumber) : end;
            using StreamCursor cursor = journal.ReadStream(IdOf(segment.Boot), segment.FirstNumber);
            while (cursor.ReadNext() is { } record && record.FirstSampleNumber < end)
            {
                cancellation.ThrowIfCancellationRequested();
                if (SampleFrameDecoder.TryDecode(record.Array, record.ArrayOffset, record.Length, frame) == DecodeFault.None)
                {
                    sink.Take(frame, record, boot);
                }
            }
        }
    }

    private StreamId IdOf(ulong boot) => new(test.Record.Node, test.Record.Channel, boot, FrameKind.Samples);

    // As at a start of the gateway: from the first and the last frame that are stored of a boot.
    private void FindBoots()
    {
        foreach (ulong boot in test.Record.Segments.Select(segment => segment.Boot).Where(boot => !boots.ContainsKey(boot)))
        {
            if (journal.FindStream(IdOf(boot)) is { } stream && TryRead(stream, long.MinValue))
            {
                var line = new BootLine(frame, stream.FirstArrivalMicroseconds);
                if (TryRead(stream, stream.Stored.Count > 0 ? stream.Stored[^1].End - 1 : 0))
                {
                    line.UpdateAnchor(frame);
                }

                boots[boot] = line;
            }
        }
    }

    private bool TryRead(StreamSummary stream, long from)
    {
        using StreamCursor cursor = journal.ReadStream(stream.Id, from);
        return cursor.ReadNext() is { } record
            && SampleFrameDecoder.TryDecode(record.Array, record.ArrayOffset, record.Length, frame) == DecodeFault.None;
    }
}
