using PouchMonitor.Gateway.Journal.Index;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>Reads every piece of a pack and notes what is damaged.</summary>
internal static class PackCheck
{
    public static void Run(SegmentStore store, Segment segment, CancellationToken cancellation)
    {
        using var lease = store.Borrow(segment);
        foreach (var piece in segment.Pack!.Tables)
        {
            if (PackPieces.Read(lease.File, piece) is null)
            {
                store.Damage.Note(segment.FileName, piece.Offset, piece.Bytes, "a table of the pack is damaged");
            }
        }

        if (segment.Pack.ReadTable(lease.File) is not { } table)
        {
            return;
        }

        foreach (var stream in table.Streams)
        {
            foreach (var block in stream.Blocks)
            {
                cancellation.ThrowIfCancellationRequested();
                if (PackPieces.ReadFrames(lease.File, block, stream.Id.Boot == 0) is null)
                {
                    store.NoteDamage(segment, stream.Id, block);
                }
            }

            foreach (var block in stream.RollUps)
            {
                cancellation.ThrowIfCancellationRequested();
                if (PackPieces.ReadRollUps(lease.File, block) is null)
                {
                    store.Damage.Note(segment.FileName, block.Piece.Offset, block.Piece.Bytes, $"{block.Rows} roll-ups of {stream.Id} are damaged");
                }
            }
        }
    }
}
