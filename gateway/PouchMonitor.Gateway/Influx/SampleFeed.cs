using PouchMonitor.Gateway.Journal;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Influx;

/// <summary>Finds the cell to whose test a sample belongs, as far as is known now.</summary>
internal delegate string CellFinder(string node, string channel, ulong boot, long sampleNumber);

/// <summary>
/// Reads <c>samples</c> frames in commit order into a batch. Captures and images are not sent: they are evidence beside the
/// samples, under other clocks, and would overwrite points. A boot is sent under the time that was known when its first frame
/// was sent, for ever; one without any time is kept back and read again from the journal when its time has come.
/// </summary>
internal sealed class SampleFeed
{
    private const int MostKnown = 10_000;
    private const int MostDeferred = 100_000;
    private const long MicrosecondsPerDay = 86_400_000_000;
    private readonly FrameJournal journal;
    private readonly ForwarderState state;
    private readonly CellFinder cellOf;
    private readonly InfluxOptions options;
    private readonly SampleLines lines = new();
    private readonly SampleFrame frame = new(SampleFrame.MaximumSamples);
    private readonly Dictionary<StreamId, KnownBoot> known = [];
    private (StreamId Stream, ForwardedBoot Boot, ForwardedBoot Before)? replayed;

    public SampleFeed(FrameJournal journal, ForwarderState state, InfluxOptions options, CellFinder cellOf)
    {
        this.journal = journal;
        this.state = state;
        this.options = options;
        this.cellOf = cellOf;
        Position = state.Number("journal");
    }

    /// <summary>Journal position after what is in the batch or was delivered.</summary>
    public long Position { get; private set; }

    /// <summary>True when the last filling came to the end of what is durable.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Samples in the batch.</summary>
    public long Samples { get; private set; }

    /// <summary>Frames in the batch.</summary>
    public long Frames { get; private set; }

    /// <summary>True when the batch holds frames that had waited for a time, or found that there are none left.</summary>
    public bool HasReplayed => replayed is not null;

    public long SameTimeSamples => lines.SameTimeSamples;

    /// <summary>Frames whose bytes could not be read; the journal names the damage.</summary>
    public long UnreadableFrames { get; private set; }

    /// <summary>Deferred boots given up since the start.</summary>
    public long GivenUpBoots { get; private set; }

    public void BeginBatch()
    {
        Samples = 0;
        Frames = 0;
        replayed = null;
    }

    /// <summary>Adds frames until the batch is full or there are no more.</summary>
    public void Fill(LineBuffer batch, CancellationToken cancellation)
    {
        if (replayed is null && state.NextReady() is { } ready)
        {
            Replay(ready.Stream, ready.Boot, batch, cancellation);
        }

        using CommitCursor cursor = journal.ReadFrom(Position);
        IsAtEnd = false;
        while (!IsFull(batch))
        {
            cancellation.ThrowIfCancellationRequested();
            if (cursor.ReadNext() is not { } record)
            {
                IsAtEnd = true;
                break;
            }

            if (record.Stream.Kind == FrameKind.Samples && BootOf(record) is { AnchorMicroseconds: { } anchor } boot && record.Position >= boot.AnchoredAt)
            {
                Write(record, anchor, batch);
            }

            Position = cursor.NextPosition;
        }

        Position = Math.Max(Position, cursor.NextPosition);
    }

    public bool IsFull(LineBuffer batch) => batch.LineCount >= options.BatchLines || batch.Length >= options.BatchBytes;

    /// <summary>Notes the batch as delivered; part of one transaction.</summary>
    public void SaveDelivered(long nowMicroseconds)
    {
        state.Set("journal", Position);
        if (replayed is { } part)
        {
            state.SaveBoot(part.Stream, part.Boot, nowMicroseconds);
            if (options.SettlingTime > TimeSpan.Zero && part.Before.DeferredFrom is { } began)
            {
                state.SaveReplayed(part.Stream, began, part.Before.ResumeNumber, nowMicroseconds);
            }
        }

        GivenUpBoots += state.GiveUp(nowMicroseconds - (options.UnanchoredDays * MicrosecondsPerDay), MostDeferred);
    }

    /// <summary>Forgets what is kept in memory, after a failure of the state file.</summary>
    public void Reset()
    {
        known.Clear();
        Position = state.Number("journal");
    }

    // The frames of a boot that came before its time was known.
    private void Replay(StreamId stream, ForwardedBoot boot, LineBuffer batch, CancellationToken cancellation)
    {
        ForwardedBoot before = boot;
        using StreamCursor cursor = journal.ReadStream(stream, boot.ResumeNumber);
        while (cursor.ReadNext() is { } record)
        {
            cancellation.ThrowIfCancellationRequested();
            if (IsFull(batch))
            {
                replayed = (stream, boot, before);
                return;
            }

            if (record.Position >= boot.DeferredFrom && record.Position < boot.AnchoredAt)
            {
                Write(record, boot.AnchorMicroseconds!.Value, batch);
            }

            boot = boot with { ResumeNumber = Math.Max(boot.ResumeNumber, record.FirstSampleNumber + record.Count) };
        }

        replayed = (stream, boot with { DeferredFrom = null }, before);
    }

    private ForwardedBoot BootOf(JournalRecord record)
    {
        KnownBoot boot = Known(record.Stream);
        if (boot.Boot is { AnchorMicroseconds: not null })
        {
            return boot.Boot;
        }

        long? anchor = record.Stream.Boot == Pipeline.BootLine.Foreign ? 0
            : journal.FindStream(record.Stream)?.AnchorUnixMicroseconds ?? record.AnchorUnixMicroseconds;
        ForwardedBoot next = boot.Boot ?? new ForwardedBoot(null, null, record.Position, long.MinValue);
        next = anchor is not null ? next with { AnchorMicroseconds = anchor, AnchoredAt = record.Position }
            : next with { DeferredFrom = next.DeferredFrom ?? record.Position };
        if (next != boot.Boot)
        {
            // Durable before anything is sent under it, so that a crash cannot give the boot another time.
            state.SaveBoot(record.Stream, next, record.ReceivedAtMicroseconds);
            boot.Boot = next;
        }

        return next;
    }

    private void Write(JournalRecord record, long anchor, LineBuffer batch)
    {
        if (SampleFrameDecoder.TryDecode(record.Array, record.ArrayOffset, record.Length, frame) != DecodeFault.None)
        {
            UnreadableFrames++;
            return;
        }

        Frames++;
        Samples += record.Count;
        lines.Write(frame, SeriesOf(record), anchor, batch);
    }

    private byte[] SeriesOf(JournalRecord record)
    {
        KnownBoot boot = Known(record.Stream);
        long number = record.FirstSampleNumber;
        int at = boot.Places.FindLastIndex(place => place.FromNumber <= number && place.FromPosition <= record.Position);
        bool begins = frame.StartsTest && record.Stream.Boot != Pipeline.BootLine.Foreign;
        if (at < 0 || boot.Places[at].Cell is null || (begins && boot.Places[at].FromNumber != number))
        {
            CellPlace place = new(
                at < 0 ? long.MinValue : begins ? number : boot.Places[at].FromNumber,
                at < 0 ? 0 : begins && boot.Places[at].FromNumber != number ? record.Position : boot.Places[at].FromPosition,
                cellOf(record.Stream.Node, record.Stream.Channel, record.Stream.Boot, number));
            at = boot.Keep(place);
            state.SavePlace(record.Stream, place);
        }

        byte[] key = boot.KeyOf(boot.Places[at].Cell!, record.Stream, options.Tags);
        long end = number + record.Count;
        if (record.EndsTest && !boot.Places.Exists(place => place.FromNumber == end))
        {
            // What follows belongs to another test, and may be another cell.
            CellPlace following = new(end, record.Position, null);
            boot.Keep(following);
            state.SavePlace(record.Stream, following);
        }

        return key;
    }

    private KnownBoot Known(StreamId stream)
    {
        if (!known.TryGetValue(stream, out KnownBoot? boot))
        {
            if (known.Count >= MostKnown)
            {
                known.Clear();
            }

            boot = new KnownBoot { Boot = state.FindBoot(stream), Places = [.. state.Places(stream)] };
            known.Add(stream, boot);
        }

        return boot;
    }

    private sealed class KnownBoot
    {
        private string? keyCell;
        private byte[] key = [];

        public ForwardedBoot? Boot { get; set; }

        public required List<CellPlace> Places { get; init; }

        public int Keep(CellPlace place)
        {
            Places.RemoveAll(other => other.FromNumber == place.FromNumber && other.FromPosition == place.FromPosition);
            int at = Places.FindLastIndex(other => (other.FromNumber, other.FromPosition).CompareTo((place.FromNumber, place.FromPosition)) < 0) + 1;
            Places.Insert(at, place);
            return at;
        }

        public byte[] KeyOf(string cell, StreamId stream, IReadOnlyList<(string Tag, string Value)> tags)
        {
            if (keyCell != cell)
            {
                keyCell = cell;
                key = LineBuffer.SeriesKey(InfluxSchema.Samples,
                    [(InfluxSchema.Cell, cell), (InfluxSchema.Node, stream.Node), (InfluxSchema.Channel, stream.Channel), .. tags]);
            }

            return key;
        }
    }
}
