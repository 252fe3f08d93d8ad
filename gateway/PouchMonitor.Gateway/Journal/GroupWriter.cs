using PouchMonitor.Gateway.Journal.Index;
using PouchMonitor.Gateway.Journal.Packs;

namespace PouchMonitor.Gateway.Journal;

/// <summary>
/// Takes groups of entries to stable storage and says what became of each. Runs on the journal's thread alone.
/// </summary>
internal sealed class GroupWriter(
    JournalOptions options,
    SegmentStore store,
    StreamDirectory streams,
    RemovedFrames removed,
    QuarantineLog quarantine,
    Sealer sealer,
    FreeSpace freeSpace,
    Outages outages,
    Tally tally,
    Action<long> published) : IDisposable
{
    private const string OtherBytes = "Another frame with the same identity and other bytes is stored.";
    private const string Overlaps = "Some of its samples are stored in another frame.";
    private readonly KnownFrames known = new(store, removed);
    private readonly List<StreamState> touched = [];
    private readonly AppendOutcome[] outcomes = new AppendOutcome[options.QueueEntries];
    private readonly long[] positions = new long[options.QueueEntries];
    private readonly string?[] notes = new string?[options.QueueEntries];
    private ActiveSegment? active;
    private long group;
    private bool hasQuarantined;
    private string? groupQuarantineFailure;

    /// <summary>Position after everything durable.</summary>
    public long CommittedPosition => store.Segments is [.., var last] ? last.End : 0;

    /// <summary>Goes on in a segment that was found at opening.</summary>
    public void Resume(ActiveSegment segment) => active = segment;

    /// <summary>
    /// Commits entries from <paramref name="from"/> on, as many as one segment takes, and reports them; returns how many.
    /// </summary>
    public int Commit(JournalEntry[] entries, int from, int count)
    {
        group++;
        hasQuarantined = false;
        int placed = 0;
        string? failure = null;
        try
        {
            while (placed < count && Place(entries[from + placed], placed))
            {
                placed++;
            }

            if (active is { HasRecords: true })
            {
                tally.BytesWritten += active.Sync();
                tally.Syncs++;
                outages.Frames.Over();
            }
        }
        catch (Exception fault)
        {
            // Whatever it was: none of this group may be acknowledged, and the next must find a sound state.
            failure = fault.Message;
            placed = count;
            Abandon(failure);
        }

        string? quarantineFailure = CommitQuarantine();
        Settle(failure is null);
        published(CommittedPosition);
        Report(entries, from, placed, failure, quarantineFailure);
        return placed;
    }

    /// <summary>After a pause, finds out whether the disk takes data again, so that it need not wait for the next entry.</summary>
    public void Probe()
    {
        if (outages.Frames.IsDue)
        {
            try
            {
                Ready();
                outages.Frames.Over();
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                outages.Frames.Failed(fault.Message);
            }
        }

        if (outages.Quarantine.IsDue)
        {
            // Its next item begins a new file, which is the true trial.
            outages.Quarantine.Over();
        }
    }

    public void Dispose() => active?.Dispose();

    // False when the entry has to wait for the next segment.
    private bool Place(JournalEntry entry, int at)
    {
        notes[at] = null;
        positions[at] = -1;
        if (entry.QuarantineReason is { } reason)
        {
            Quarantine(entry, at, AppendOutcome.Quarantined, reason, reason);
            return true;
        }

        if (!IsSound(entry))
        {
            const string unsound = QuarantinedItem.BadIdentityReason;
            Quarantine(entry, at, AppendOutcome.Quarantined, unsound, unsound);
            return true;
        }

        if (streams.FindOrAdd(entry.Stream) is not { } state)
        {
            const string tooMany = QuarantinedItem.TooManyStreamsReason;
            Quarantine(entry, at, AppendOutcome.Quarantined, tooMany, tooMany);
            return true;
        }

        return PlaceFrame(entry, state, at);
    }

    private bool PlaceFrame(JournalEntry entry, StreamState state, int at)
    {
        long first = entry.FirstSampleNumber;
        long end = first + entry.Count;
        bool mayBeKnown = state.IsKeyed
            ? state.Working.Frames > 0 && first <= state.Working.HighestFirst
            : state.Working.Stored.Overlaps(first, end);
        if (mayBeKnown && !IsNew(entry, state, at))
        {
            return true;
        }

        if (!state.IsKeyed && state.Working.Stored.Count >= options.RangesPerStream && state.Working.Stored.WouldSplit(first, end))
        {
            const string tooMany = QuarantinedItem.TooManyGapsReason;
            Quarantine(entry, at, AppendOutcome.Quarantined, tooMany, tooMany);
            return true;
        }

        Ready();
        if (!active!.HasRoomFor(entry) || active.IsOlderThan(options.SegmentAge))
        {
            if (active.HasRecords)
            {
                return false;
            }

            Close();
            Ready();
        }

        Touch(state);
        positions[at] = active.Append(entry, state, out var facts);
        state.Working.Add(state.IsKeyed, facts, entry.HasAnchor ? entry.AnchorUnixMicroseconds : null, active.Segment.Base);
        outcomes[at] = AppendOutcome.Stored;
        return true;
    }

    // True when the frame is to be stored; otherwise its outcome is set.
    private bool IsNew(JournalEntry entry, StreamState state, int at)
    {
        Comparison comparison;
        try
        {
            comparison = known.Compare(entry, state, active, out positions[at]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            outcomes[at] = AppendOutcome.Failed;
            notes[at] = $"Cannot tell whether the frame is known: {fault.Message}";
            return false;
        }

        switch (comparison)
        {
            case Comparison.Same:
                outcomes[at] = AppendOutcome.Duplicate;
                return false;
            case Comparison.Different:
                Quarantine(entry, at, AppendOutcome.Conflict, QuarantinedItem.ConflictReason, OtherBytes);
                return false;
            case Comparison.Damaged:
                tally.Repaired++;
                return true;
            case Comparison.Absent when state.IsKeyed:
                return true;
            default:
                Quarantine(entry, at, AppendOutcome.Conflict, QuarantinedItem.ConflictReason, Overlaps);
                return false;
        }
    }

    private static bool IsSound(JournalEntry entry) =>
        entry.Count >= 1
        && entry.FirstSampleNumber <= long.MaxValue - entry.Count
        && (entry.Stream.Boot == 0
            ? entry.Count == 1 && entry.DroppedBeforeCount == 0
            : entry.FirstSampleNumber >= 0 && entry.DroppedBeforeCount >= 0 && entry.DroppedBeforeCount <= entry.FirstSampleNumber);

    private void Quarantine(JournalEntry entry, int at, AppendOutcome outcome, string reason, string note)
    {
        outcomes[at] = outcome;
        notes[at] = note;
        hasQuarantined = true;
        try
        {
            outages.Quarantine.ThrowIfPausing();
            freeSpace.Require(0);
            positions[at] = quarantine.Append(entry, reason);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            FailQuarantine(fault.Message);
            outcomes[at] = AppendOutcome.Failed;
            notes[at] = fault.Message;
        }
    }

    private void FailQuarantine(string reason)
    {
        groupQuarantineFailure ??= reason;
        outages.Quarantine.Failed(reason);
        quarantine.Abandon();
    }

    private string? CommitQuarantine()
    {
        if (!hasQuarantined)
        {
            return null;
        }

        try
        {
            quarantine.Commit();
            if (groupQuarantineFailure is null)
            {
                outages.Quarantine.Over();
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            FailQuarantine(fault.Message);
        }

        string? failure = groupQuarantineFailure;
        groupQuarantineFailure = null;
        return failure;
    }

    // A segment with room on a disk with room, or an exception that says why not.
    private void Ready()
    {
        outages.Frames.ThrowIfPausing();
        freeSpace.Require(active is null ? options.SegmentBytes : 0);
        if (active is null)
        {
            sealer.RequireRoom();
            active = ActiveSegment.Create(options, CommittedPosition);
            store.Add(active.Segment);
        }
    }

    private void Close()
    {
        active!.Dispose();
        sealer.Add(active.Segment);
        active = null;
    }

    private void Abandon(string reason)
    {
        outages.Frames.Failed(reason);
        if (active is null)
        {
            return;
        }

        bool isSpoilt = active.HasWritten;
        active.RollBack();
        if (isSpoilt)
        {
            // Pages that could not be forced to disk may be dropped and called clean: nothing more goes to this file.
            Close();
        }
    }

    private void Touch(StreamState state)
    {
        if (state.TouchedByGroup != group)
        {
            state.TouchedByGroup = group;
            touched.Add(state);
        }
    }

    private void Settle(bool isDurable)
    {
        foreach (var state in touched)
        {
            if (isDurable)
            {
                state.Commit();
            }
            else
            {
                state.RollBack();
            }
        }

        touched.Clear();
    }

    private void Report(JournalEntry[] entries, int from, int count, string? failure, string? quarantineFailure)
    {
        tally.Groups++;
        tally.FailedGroups += failure is null ? 0 : 1;
        tally.LargestGroup = Math.Max(tally.LargestGroup, count);
        for (int at = 0; at < count; at++)
        {
            var entry = entries[from + at];
            entries[from + at] = null!;
            bool isQuarantined = outcomes[at] is AppendOutcome.Conflict or AppendOutcome.Quarantined;
            if ((failure ?? (isQuarantined ? quarantineFailure : null)) is { } reason)
            {
                outcomes[at] = AppendOutcome.Failed;
                notes[at] = reason;
            }

            Count(entry, outcomes[at], notes[at]);
            try
            {
                entry.OnCommitted(outcomes[at], outcomes[at] == AppendOutcome.Failed ? -1 : positions[at], notes[at]);
            }
            catch (Exception)
            {
                // A fault of the caller's must not keep the others from being reported.
                tally.CallbackFaults++;
            }
        }
    }

    private void Count(JournalEntry entry, AppendOutcome outcome, string? note)
    {
        switch (outcome)
        {
            case AppendOutcome.Stored:
                tally.Stored++;
                tally.Samples += entry.Count;
                break;
            case AppendOutcome.Duplicate:
                tally.Duplicates++;
                break;
            case AppendOutcome.Conflict:
                tally.Conflicts++;
                tally.CountQuarantined(QuarantinedItem.ConflictReason);
                break;
            case AppendOutcome.Quarantined:
                tally.CountQuarantined(note ?? "");
                break;
            default:
                tally.Failed++;
                break;
        }
    }
}
