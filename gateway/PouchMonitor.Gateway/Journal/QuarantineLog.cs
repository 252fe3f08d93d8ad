using System.Security.Cryptography;
using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Journal.Format;

namespace PouchMonitor.Gateway.Journal;

/// <summary>
/// What could not be taken, raw, in files of its own: a flood of it fills a bounded ring, not the journal. Written by the
/// journal's thread; read by any.
/// </summary>
internal sealed class QuarantineLog(JournalOptions options, FreeSpace freeSpace, Tally tally) : IDisposable
{
    private const string Prefix = "quarantine-";
    private const string Suffix = ".log";
    private readonly ByteBuffer buffer = new(4096);
    private volatile QuarantineFile[] ring = [];
    private QuarantineFile? current;
    private IJournalFile? file;
    private long bufferOffset;
    private int groupItems;
    private long dropped;

    /// <summary>Items dropped since opening.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Items on disk.</summary>
    public long Held => ring.Sum(each => each.Items);

    private int MostBytes => Math.Min(JournalEntry.MaximumBytes, (options.QuarantineFileBytes / 2) - 8192);

    /// <summary>Adds to the group under way; returns the item's position.</summary>
    public long Append(JournalEntry entry, string reason)
    {
        var bytes = entry.Bytes[..Math.Min(entry.Length, MostBytes)];
        string topic = Clip(entry.Topic);
        string text = Clip(reason);
        int most = RecordCodec.PrefixBytes + 32 + (3 * (topic.Length + text.Length)) + bytes.Length;
        if (current is null || bufferOffset + buffer.Length + most > options.QuarantineFileBytes)
        {
            Commit();
            Begin();
        }

        var to = current!;
        long offset = bufferOffset + buffer.Length;
        int start = RecordCodec.Begin(buffer);
        buffer.Signed(entry.ReceivedAtMicroseconds);
        buffer.Text(topic);
        buffer.Text(text);
        buffer.Bytes(bytes);
        var flags = RecordFlags.Quarantine | (groupItems == 0 ? RecordFlags.GroupStart : 0);
        RecordCodec.End(buffer, start, flags, to.Base + offset, to.Header.Salt);
        groupItems++;
        return to.Base + offset;
    }

    /// <summary>Makes the group durable; throws when it cannot be.</summary>
    public void Commit()
    {
        if (groupItems == 0)
        {
            return;
        }

        var to = file!;
        to.WriteAll(bufferOffset, buffer.Written);
        to.SyncData();
        Interlocked.Increment(ref tally.Syncs);
        bufferOffset += buffer.Length;
        current!.Publish(bufferOffset, groupItems);
        buffer.Clear();
        groupItems = 0;
    }

    /// <summary>After a failure: nothing more goes to this file, whose later pages cannot be relied on.</summary>
    public void Abandon()
    {
        file?.Dispose();
        file = null;
        current = null;
        buffer.Clear();
        groupItems = 0;
    }

    /// <summary>Finds what is on disk and goes on where it ends.</summary>
    public void Recover(DamageLog damage)
    {
        var files = options.Files;
        var found = files.List().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToList();
        for (int at = 0; at < found.Count; at++)
        {
            using var opened = files.Open(found[at], forWriting: false);
            var head = new byte[SegmentHeader.Bytes];
            bool isLast = at == found.Count - 1;
            if (opened.ReadAll(0, head) < head.Length || !SegmentHeader.TryRead(head, out var header))
            {
                if (!isLast)
                {
                    damage.Note(found[at], 0, SegmentHeader.Bytes, "the head is damaged");
                }

                files.Delete(found[at]);
                continue;
            }

            var scanner = new RecordScanner(opened, header, SegmentHeader.Bytes, opened.Length);
            int items = 0;
            while (scanner.MoveNext())
            {
                items++;
                if (scanner.SkippedBytes > 0 && !isLast)
                {
                    damage.Note(found[at], scanner.Offset - scanner.SkippedBytes, scanner.SkippedBytes, "no valid record");
                }
            }

            ring = [.. ring, new QuarantineFile(header, found[at], scanner.Next, items)];
        }

        if (ring.Length > 0 && ring[^1].Length < options.QuarantineFileBytes)
        {
            Resume(ring[^1]);
        }
    }

    public IReadOnlyList<QuarantinedItem> Newest(int most)
    {
        var newest = new List<QuarantinedItem>();
        var all = ring;
        for (int at = all.Length - 1; at >= 0 && newest.Count < most; at--)
        {
            newest.AddRange(Read(all[at], most - newest.Count));
        }

        return newest;
    }

    public void Dispose() => file?.Dispose();

    private static string Clip(string text) =>
        text.Length <= JournalEntry.MaximumTextLength ? text : text[..JournalEntry.MaximumTextLength];

    private void Begin()
    {
        file?.Dispose();
        file = null;
        current = null;
        freeSpace.Require(options.QuarantineFileBytes);
        while (ring.Length >= options.QuarantineFiles)
        {
            options.Files.Delete(ring[0].Name);
            Interlocked.Add(ref dropped, ring[0].Items);
            ring = ring[1..];
        }

        long basePosition = ring.Length == 0 ? 0 : ring[^1].Base + ring[^1].Length;
        var header = new SegmentHeader(basePosition, 0, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
        string name = string.Concat(Prefix, basePosition.ToString("x16", null), Suffix);
        file = Segment.CreateFile(options.Files, name, header, options.QuarantineFileBytes);
        current = new QuarantineFile(header, name, SegmentHeader.Bytes, 0);
        bufferOffset = SegmentHeader.Bytes;
        ring = [.. ring, current];
    }

    // What is in the file may be in memory only: written once more, so that forcing it to disk really does.
    private void Resume(QuarantineFile last)
    {
        file = options.Files.Open(last.Name, forWriting: true);
        var content = new byte[last.Length];
        file.ReadAll(0, content);
        file.WriteAll(0, content);
        file.Cut(last.Length, options.QuarantineFileBytes);
        file.SyncData();
        current = last;
        bufferOffset = last.Length;
    }

    private IEnumerable<QuarantinedItem> Read(QuarantineFile from, int most)
    {
        var items = new Queue<QuarantinedItem>();
        try
        {
            using var opened = options.Files.Open(from.Name, forWriting: false);
            var scanner = new RecordScanner(opened, from.Header, SegmentHeader.Bytes, from.Length);
            while (scanner.MoveNext())
            {
                var reader = new ByteReader(scanner.Record[RecordCodec.PrefixBytes..]);
                long receivedAt = reader.Signed();
                string topic = reader.Text();
                string reason = reader.Text();
                var bytes = scanner.Record[(RecordCodec.PrefixBytes + reader.At)..].ToArray();
                items.Enqueue(new QuarantinedItem(from.Base + scanner.Offset, receivedAt, topic, reason, bytes));
                if (items.Count > most)
                {
                    items.Dequeue();
                }
            }
        }
        catch (FileNotFoundException)
        {
            // Dropped from the ring in the meantime.
        }

        return items.Reverse();
    }

    private sealed class QuarantineFile(SegmentHeader header, string name, long length, int items)
    {
        private long length = length;
        private int items = items;

        public SegmentHeader Header { get; } = header;

        public string Name { get; } = name;

        public long Base => Header.BasePosition;

        public long Length => Volatile.Read(ref length);

        public int Items => Volatile.Read(ref items);

        public void Publish(long newLength, int more)
        {
            Volatile.Write(ref items, items + more);
            Volatile.Write(ref length, newLength);
        }
    }
}
