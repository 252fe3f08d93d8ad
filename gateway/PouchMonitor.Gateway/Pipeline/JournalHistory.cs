using PouchMonitor.Gateway.Journal;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>Reads stored frames back from the journal and decodes them.</summary>
internal sealed class JournalHistory(FrameJournal journal) : IFrameHistory
{
    public long StartPosition { get; } = journal.CommittedPosition;

    public IFrameCursor Open(string node, string channel, ulong boot, long fromNumber) =>
        new Cursor(journal.ReadStream(new StreamId(node, channel, boot, FrameKind.Samples), fromNumber));

    public long RemovedEnd(string node, string channel, ulong boot) =>
        journal.RemovedEnd(new StreamId(node, channel, boot, FrameKind.Samples));

    private sealed class Cursor(StreamCursor cursor) : IFrameCursor
    {
        public long Position { get; private set; }

        public bool TryRead(SampleFrame frame)
        {
            while (cursor.ReadNext() is { } record)
            {
                // Only whole frames are ever stored; damage on the disk is skipped here and named by the journal.
                if (record.TryDecode(frame))
                {
                    Position = record.Position;
                    return true;
                }
            }

            return false;
        }

        public void Dispose() => cursor.Dispose();
    }
}
