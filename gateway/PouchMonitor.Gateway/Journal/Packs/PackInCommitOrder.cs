using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using PouchMonitor.Gateway.Journal.Index;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>
/// Reads a pack in the order in which its frames were committed. The places of all frames are sorted first; of each stream one
/// block with samples is held, since its frames mostly came in order.
/// </summary>
internal sealed class PackInCommitOrder
{
    private readonly SegmentStore store;
    private readonly Segment segment;
    private readonly PackTable table;
    private readonly FrameColumns?[] held;
    private readonly PackBlock?[] heldBlock;
    private readonly List<Place> places = [];
    private int next;

    /// <param name="store">Where to read.</param>
    /// <param name="segment">A packed segment.</param>
    /// <param name="fromPosition">Frames before it are left out.</param>
    public PackInCommitOrder(SegmentStore store, Segment segment, long fromPosition)
    {
        this.store = store;
        this.segment = segment;
        table = store.PackTableOf(segment);
        held = new FrameColumns?[table.Streams.Length];
        heldBlock = new PackBlock?[table.Streams.Length];
        using var lease = store.Borrow(segment);
        for (int stream = 0; stream < table.Streams.Length; stream++)
        {
            var packed = table.Streams[stream];
            for (int block = 0; block < packed.Blocks.Length; block++)
            {
                if (PackPieces.ReadTable(lease.File, packed.Blocks[block], packed.Id.Boot == 0) is not { } frames)
                {
                    store.FramesOf(segment, packed.Id, packed.Blocks[block]);
                    continue;
                }

                for (int at = 0; at < frames.Frames; at++)
                {
                    if (segment.Base + frames.Offset[at] >= fromPosition)
                    {
                        places.Add(new Place((int)frames.Offset[at], stream, block, at));
                    }
                }
            }
        }

        places.Sort(static (left, right) => left.Offset.CompareTo(right.Offset));
    }

    /// <summary>Moves to the next frame that can be read; false at the end.</summary>
    public bool TryMoveNext(RecordLoader loader, [NotNullWhen(true)] out JournalRecord? record)
    {
        while (next < places.Count)
        {
            var place = places[next++];
            var packed = table.Streams[place.Stream];
            var block = packed.Blocks[place.Block];
            if (!ReferenceEquals(heldBlock[place.Stream], block))
            {
                heldBlock[place.Stream] = block;
                held[place.Stream] = store.FramesOf(segment, packed.Id, block);
            }

            if (held[place.Stream] is { } columns)
            {
                record = loader.Load(segment, packed.Id, columns, place.At);
                return true;
            }
        }

        record = null;
        return false;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(int Offset, int Stream, int Block, int At);
}
