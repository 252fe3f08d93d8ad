using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Gateway.Journal.Index;
using PouchMonitor.Gateway.Journal.Packs;

namespace PouchMonitor.Gateway.Journal;

/// <summary>
/// Opens what is on disk. Each segment but the last ends where the next one starts, since a segment is only begun after
/// the one before it was durable up to there; of the last one a torn end is cut.
/// </summary>
internal sealed class Recovery(
    JournalOptions options, SegmentStore store, StreamDirectory streams, Sealer sealer, RemovedFrames removed)
{
    private readonly IJournalFiles files = options.Files;

    /// <summary>Returns the segment to go on with; null when a new one has to be begun.</summary>
    public ActiveSegment? Run()
    {
        var names = files.List();
        foreach (string leftover in names.Where(name => name.EndsWith(".new", StringComparison.Ordinal)))
        {
            files.Delete(leftover);
        }

        removed.Load();
        foreach (var stream in removed.Streams)
        {
            Merge(stream.Id, stream.Facts, stream.Stored, stream.Declared, 0);
        }

        var packs = PackRecovery.Run(store, removed.Below);
        var parts = packs.Select(each => (Base: each.Pack.Header.BasePosition, Pack: ((Pack Pack, PackTable Table)?)each)).ToList();
        foreach (string name in files.List())
        {
            if (Segment.TryParseName(name, out long basePosition))
            {
                parts.Add((basePosition, null));
            }
        }

        parts.Sort(static (left, right) => left.Base.CompareTo(right.Base));
        ActiveSegment? active = null;
        for (int at = 0; at < parts.Count; at++)
        {
            bool isLast = at == parts.Count - 1;
            if (parts[at].Pack is { } packed)
            {
                OpenPack(packed.Pack, packed.Table);
            }
            else if (ReadHeader(parts[at].Base, isLast, out long fileLength) is { } header)
            {
                if (isLast)
                {
                    active = OpenLast(header, fileLength);
                }
                else
                {
                    OpenSealed(header, parts[at + 1].Base - parts[at].Base, fileLength);
                }
            }
        }

        foreach (var state in streams.All)
        {
            state.Commit();
        }

        return active;
    }

    private SegmentHeader? ReadHeader(long basePosition, bool isLast, out long fileLength)
    {
        string name = Segment.NameOf(basePosition);
        using (var file = files.Open(name, forWriting: false))
        {
            var head = new byte[SegmentHeader.Bytes];
            fileLength = file.Length;
            if (file.ReadAll(0, head) == head.Length && SegmentHeader.TryRead(head, out var header) && header.BasePosition == basePosition)
            {
                return header;
            }
        }

        if (isLast)
        {
            // Its creation was cut short: nothing was ever acknowledged from it. Kept aside in case that is not so.
            files.Rename(name, name + ".unreadable");
        }

        store.Damage.Note(name, 0, SegmentHeader.Bytes, "the head is damaged or was never completed; the segment cannot be read");
        return null;
    }

    private void OpenPack(Pack pack, PackTable table)
    {
        var segment = Segment.Of(pack);
        store.Add(segment);
        foreach (var stream in table.Streams)
        {
            Merge(stream.Id, stream.Facts, stream.Stored, stream.Declared, segment.Base);
        }
    }

    private void OpenSealed(SegmentHeader header, long length, long fileLength)
    {
        var segment = new Segment(header, length);
        if (fileLength < length)
        {
            store.Damage.Note(segment.FileName, fileLength, length - fileLength, $"the file ends {length - fileLength} bytes too early");
        }

        store.Add(segment);
        if (store.LoadTable(segment) is { } table)
        {
            Merge(table, segment.Base);
            return;
        }

        segment.Memory = SegmentScan.Run(store, segment, length).Index;
        Merge(segment.Memory, segment.Base);
        try
        {
            store.Seal(segment);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // No room for it now: it stays in memory and is tried again.
            sealer.Add(segment);
        }
    }

    private ActiveSegment? OpenLast(SegmentHeader header, long fileLength)
    {
        var segment = new Segment(header, fileLength);
        var scan = SegmentScan.RunOpen(store, segment, fileLength);
        segment.Length = scan.End;
        segment.Memory = scan.Index;
        store.Add(segment);
        Merge(scan.Index, segment.Base);
        if (files.List().Contains(segment.IndexName, StringComparer.Ordinal))
        {
            files.Delete(segment.IndexName);
        }

        var file = files.Open(segment.FileName, forWriting: true);
        try
        {
            Settle(file, scan);
            if (scan.End < options.SegmentBytes && scan.Index.Count < options.SegmentRecords)
            {
                return new ActiveSegment(options, segment, file);
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        sealer.Add(segment);
        return null;
    }

    // Head and last group may have reached the page cache only, or failed to leave it and be called clean. They are written
    // once more, so that forcing them to disk really does; then what follows is cut off for good.
    private void Settle(IJournalFile file, SegmentScan scan)
    {
        Rewrite(file, 0, SegmentHeader.Bytes);
        Rewrite(file, scan.LastGroupOffset, scan.End);
        file.Cut(scan.End, Math.Max(options.SegmentBytes, scan.End));
        file.SyncData();
        files.SyncDirectory();
    }

    private static void Rewrite(IJournalFile file, long from, long to)
    {
        var piece = new byte[Math.Min(1 << 20, to - from)];
        for (long at = from; at < to;)
        {
            int got = file.ReadAll(at, piece.AsSpan(0, (int)Math.Min(piece.Length, to - at)));
            if (got == 0)
            {
                break;
            }

            file.WriteAll(at, piece.AsSpan(0, got));
            at += got;
        }
    }

    private void Merge(SideTable table, long segment)
    {
        foreach (var stream in table.Streams)
        {
            if (stream.Facts.Frames > 0)
            {
                Merge(stream.Definition.Id, stream.Facts, stream.Stored, stream.Declared, segment);
            }
        }
    }

    private void Merge(MemoryIndex index, long segment)
    {
        var declared = index.Declared.ToLookup(each => each.Local, each => each.Range);
        foreach (var stream in index.AllStreams())
        {
            if (stream.Committed.Frames > 0)
            {
                var stored = stream.Definition.Id.IsKeyed
                    ? []
                    : index.EntriesOf(stream, stream.CommittedHead).Select(entry => new SampleRange(entry.First, entry.First + entry.Count));
                Merge(stream.Definition.Id, stream.Committed, stored, declared[stream.Definition.Local], segment);
            }
        }
    }

    private void Merge(
        StreamId id, in LocalFacts facts, IEnumerable<SampleRange> stored, IEnumerable<SampleRange> declared, long segment)
    {
        var state = streams.FindOrAdd(id, evenBeyondTheBound: true)!;
        state.Working.Add(facts, segment);
        if (state.IsKeyed)
        {
            return;
        }

        foreach (var range in stored)
        {
            state.Working.Stored.Add(range.First, range.End);
            state.Working.Accounted.Add(range.First, range.End);
        }

        foreach (var range in declared)
        {
            state.Working.Accounted.Add(range.First, range.End);
        }
    }
}
