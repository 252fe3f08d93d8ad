using System.Globalization;
using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Nodes;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// What the desk does for each test by itself: judges its figures, tells the dashboards, makes its watch anew, looks at the list before
/// arming, keeps the node at the fast rate, and stores what has changed. All on the desk's thread.
/// </summary>
internal sealed class AbuseCare(GatewayServices gateway, AbuseBook book, AbuseDesk desk)
{
    private const double LookEveryS = 1;
    private const double SilentAfterS = 3;
    private const double AskFastEveryS = 5;
    private const double RebuildEveryS = 1;

    private readonly AbuseReplay replay = new(gateway.Journal, gateway.Nodes.Calibrations);
    private readonly Dictionary<string, long> rebuildBegan = new(StringComparer.Ordinal);
    private long calibrationVersion = gateway.Nodes.Calibrations.Version;
    private double lastLookS;
    private long rebuilds;

    public long RebuildCount => Interlocked.Read(ref rebuilds);

    /// <summary>The record as it is stored: the figures of a test that goes on are made anew at any time.</summary>
    public static AbuseRecord Stored(AbuseRecord record) => record.IsOpen() ? record with { Figures = null } : record;

    public void Tick()
    {
        double now = desk.NowS;
        long version = gateway.Nodes.Calibrations.Version;
        bool isLook = now - lastLookS is >= LookEveryS or < 0;
        lastLookS = isLook ? now : lastLookS;
        foreach (AbuseSession session in book.Kept)
        {
            session.NeedsRebuild |= version != calibrationVersion || gateway.AbuseTaps.Find(session.Node, session.Channel)?.TakeIncomplete() == true;
            if (session.NeedsRebuild)
            {
                // A tap that two tests share is told of once: both are behind.
                foreach (AbuseSession other in book.At(session.Node, session.Channel))
                {
                    other.NeedsRebuild = true;
                }
            }
        }

        calibrationVersion = version;

        // What is watched comes first: it must not wait until the tests of last week have been read again.
        foreach (AbuseSession session in book.Kept.OrderByDescending(session => session.Record.IsWatched()))
        {
            try
            {
                Tick(session, now, isLook);
            }
#pragma warning disable CA1031 // Told in an alarm and counted; the other tests go on.
            catch (Exception error)
#pragma warning restore CA1031
            {
                gateway.Counters.AddFault($"The care for abuse test {session.Record.Id} failed: {error.Message}");
            }
        }

        if (isLook)
        {
            desk.Releases.Look(now);
        }
    }

    private void Tick(AbuseSession session, double now, bool isLook)
    {
        Rebuild(session, now);
        if (isLook)
        {
            LookAtStop(session);
            if (session.Record.IsOpen())
            {
                Look(session, now);
            }
        }

        Judge(session, now, isLook);
        Tell(session);
        if (session.IsUnsaved && isLook)
        {
            Save(session, action: null);
        }

        if (isLook)
        {
            AbuseAlarms.Look(gateway.Alarms, session, gateway.NowMicroseconds());
        }
    }

    /// <summary>Looks at the figures and makes of them what they mean.</summary>
    public void Judge(AbuseSession session, double now, bool isLook = true)
    {
        if (session.Feed is not { } feed || !session.Record.IsOpen() || (!isLook && session.Looked.Microseconds == feed.LastMicroseconds))
        {
            return;
        }

        if (Figures(session, feed, now) is not { } figures)
        {
            return;
        }

        int revision = feed.Watch.Revision;
        session.Looked = (feed.LastMicroseconds, now);
        bool isNew = session.JudgedRevision != revision;
        session.JudgedRevision = revision;
        session.SetFigures(figures);
        if (isNew && AbuseJudgement.Apply(session.Record, figures, now) is var next && next != session.Record)
        {
            desk.Note(session, next);
        }
    }

    // A fault of the evaluation must not hold up what people and the node have told: a test that was triggered is so.
    private AbuseFigures? Figures(AbuseSession session, WatchFeed feed, double now)
    {
        try
        {
            lock (feed.Gate)
            {
                return feed.Watch.Figures(now);
            }
        }
#pragma warning disable CA1031 // Told in an alarm and counted.
        catch (Exception error)
#pragma warning restore CA1031
        {
            gateway.Counters.AddFault($"The figures of {session.Record.Id} could not be made: {error.Message}");
            if (session.Record.State == AbuseState.Armed && session.Record.Moments.MinBy(moment => moment.At) is { } told)
            {
                desk.Note(session, AbuseMoves.Begin(session.Record, new AbuseTrigger(told.Source, told.At, told.UncertaintyS, told.Reason)));
            }

            return null;
        }
    }

    /// <summary>Tells the dashboards where something has changed that they show.</summary>
    public void Tell(AbuseSession session)
    {
        AbuseRecord shown = session.Shown;
        string what = string.Create(CultureInfo.InvariantCulture,
            $"{shown.State} {shown.TriggeredAt} {AbuseJudgement.Worst(shown)} {session.JudgedRevision} {shown.Log.Count} {shown.LogDropped} {shown.Stop?.State} "
            + $"{string.Concat(shown.Checks.Select(check => (int)check.State))} {shown.Attachments.Count} {shown.Signatures.Count} {shown.Observations.At}");
        if (session.Told == what)
        {
            return;
        }

        session.Told = what;
        session.ToldRevision++;
        gateway.Stream.Send("abuse", JsonBytes.Write(writer => AbuseEventJson.Write(writer, shown, session.ToldRevision)));
    }

    /// <summary>Stores a test; where that fails it is tried again.</summary>
    public void Save(AbuseSession session, string? action)
    {
        try
        {
            string? detail = action is null ? null : session.Record.Log.LastOrDefault()?.Text;
            gateway.Database.SaveAbuse(Stored(session.Record), gateway.NowMicroseconds(), null, action, detail);
            session.IsUnsaved = false;
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            session.IsUnsaved = true; // The storage alarm tells why; what counts is in the journal.
        }
    }

    private void Rebuild(AbuseSession session, double now)
    {
        if (session.Rebuild is { IsCompleted: true } done)
        {
            session.Rebuild = null;
            Swap(session, done, now);
        }

        // While the disk takes nothing, what was handed over is in the watch alone.
        if (!session.NeedsRebuild || session.Rebuild is not null || now < session.NextRebuildAt || gateway.Journal.IsFailing || IsReading(session))
        {
            return;
        }

        session.NeedsRebuild = false;
        session.RebuildCountsFrom = session.Record.CountsFrom();
        AbuseRecord record = session.Record;
        Interlocked.Increment(ref rebuilds);
        rebuildBegan[session.Record.Id] = Environment.TickCount64;
        session.Rebuild = Task.Run(() => new AbuseReplay(gateway.Journal, gateway.Nodes.Calibrations)
            .Build(record, AbuseSetup.ProfileOf(gateway, record), now, desk.Stopping));
    }

    // One at a time of the watched, and one of the others: the journal and the processor belong to the rules first.
    private bool IsReading(AbuseSession session) =>
        book.Kept.Any(other => other.Rebuild is not null && other.Record.IsWatched() == session.Record.IsWatched());

    private void Swap(AbuseSession session, Task<WatchFeed> done, double now)
    {
        double tookS = (Environment.TickCount64 - rebuildBegan.GetValueOrDefault(session.Record.Id, Environment.TickCount64)) / 1000.0;
        session.NextRebuildAt = now + Math.Max(RebuildEveryS, 5 * tookS);
        if (done.IsFaulted || done.IsCanceled)
        {
            session.NeedsRebuild = true;
            gateway.Counters.AddFault($"The figures of {session.Record.Id} could not be made: {done.Exception?.InnerException?.Message}");
            return;
        }

#pragma warning disable MA0042, MA0045, VSTHRD002 // It has completed.
        WatchFeed feed = done.Result;
#pragma warning restore MA0042, MA0045, VSTHRD002
        if (session.Record.State == AbuseState.Ended)
        {
            Freeze(session, feed);
            return;
        }

        if (session.Record.CountsFrom() != session.RebuildCountsFrom)
        {
            session.NeedsRebuild = true; // Begun before arming, its rule looks for nothing; before a withdrawal, for what was taken back.
            session.NextRebuildAt = 0;
            return;
        }

        // What has come since is stored too; the rest comes by the hand-over.
        session.NeedsRebuild = true;
        replay.CatchUp(feed, session.Record, desk.Stopping);
        session.NeedsRebuild = false;
        Adopt(session, feed);
        Judge(session, now);
    }

    // Moments that were told while it was made are not in it.
    private static void Adopt(AbuseSession session, WatchFeed feed)
    {
        foreach (AbuseMoment moment in session.Record.Moments.Skip(feed.MomentCount))
        {
            session.NeedsRebuild |= !feed.Watch.Trigger(moment.Source, moment.At, moment.UncertaintyS, moment.Reason);
        }

        if (session.Record.ExposureEndedAt is { } ended && !feed.KnowsExposureEnd)
        {
            feed.Watch.EndExposure(ended);
        }

        session.Feed = feed;
        session.JudgedRevision = -1;
    }

    // Figures of a test that has ended stand in its record; frames that came late have changed what they were made from.
    private void Freeze(AbuseSession session, WatchFeed feed)
    {
        double ended = session.Record.EndedAt!.Value;
        feed.Watch.End(ended);
        AbuseFigures figures = feed.Watch.Figures(ended);
        session.Feed = null;
        AbuseRecord record = session.Record;
        if (Same(record.Figures, figures))
        {
            return;
        }

        // That it has ended is told by the figures only now: what was not reached, what is judged at the end.
        AbuseRecord next = record with { Figures = figures };
        if (figures.Trigger is { } trigger && record.TriggeredAt is { } known && Math.Abs(trigger.At - known) > AbuseJudgement.SameMomentS)
        {
            next = AbuseMoves.Correct(next, trigger, desk.NowS);
        }

        long before = record.Figures?.SampleCount ?? 0;
        desk.Note(session, before == figures.SampleCount ? next : next.With(desk.NowS, AbuseLog.Data, string.Create(CultureInfo.InvariantCulture,
            $"Figures made from {figures.SampleCount} samples, {before} before")));
    }

    private static bool Same(AbuseFigures? before, AbuseFigures after) => before is not null
        && JsonSerializer.Serialize(before, AbuseJson.Options) == JsonSerializer.Serialize(after, AbuseJson.Options);

    private void Look(AbuseSession session, double now)
    {
        NodeInfo? node = gateway.Nodes.Find(session.Node);
        AbuseRecord next = LookAtNode(session, node, now);
        next = LookAtSilence(session, next, now);
        if (next.State is AbuseState.Preparing or AbuseState.Armed)
        {
            next = LookAtChecks(next, session.Sight(node, now, GatewayJson.FreeBytes(gateway.Options.DataDirectory), gateway.Journal.FailureReason), now);
        }

        if (next.Test is null && gateway.State.Find(session.Node, session.Channel)?.Running is { } test)
        {
            next = next with { Test = test.Test };
        }

        if (next != session.Record)
        {
            bool isLogged = next.Log.Count != session.Record.Log.Count || next.Test != session.Record.Test;
            session.Set(next);
            session.IsUnsaved |= isLogged;
        }
    }

    private static AbuseRecord LookAtChecks(AbuseRecord record, AbuseSight sight, double now)
    {
        IReadOnlyList<AbuseCheck> checks = AbuseChecks.Look(record, sight, now);
        if (ReferenceEquals(checks, record.Checks))
        {
            return record;
        }

        AbuseRecord next = record with { Checks = checks };
        foreach ((AbuseCheck before, AbuseCheck after) in record.Checks.Zip(checks))
        {
            if (record.State == AbuseState.Armed && before.State != after.State)
            {
                next = next.With(now, AbuseLog.Check, $"{after.Text}: {(after.State == CheckState.Good ? "good again" : $"NO LONGER ({after.Detail})")}");
            }
        }

        return next;
    }

    private AbuseRecord LookAtNode(AbuseSession session, NodeInfo? node, double now)
    {
        AbuseRecord next = session.Record;
        if (session.Feed is { LastBoot: not 0 } feed)
        {
            next = next.WithOnce(now, AbuseLog.Node, $"Samples come from boot {feed.LastBoot:x16} of node {session.Node}");
        }

        if (node is { IsHeard: true, IsOnline: true, AbuseChannel: null } && !session.IsBusy && now - session.AskedFastAt >= AskFastEveryS)
        {
            session.AskedFastAt = now;
            _ = desk.Commands.AskFastAsync(session);
        }

        return next;
    }

    private void LookAtStop(AbuseSession session)
    {
        if (session.Stop is { State: AbuseStopper.Sent or AbuseStopper.Unanswered or AbuseStopper.Refused }
            && gateway.Nodes.Find(session.Node)?.Protection?.GetValueOrDefault(session.Channel)?.State == NodeProtection.Tripped)
        {
            desk.Stopper.ConfirmLate(session, "the protection has tripped");
        }
    }

    private static AbuseRecord LookAtSilence(AbuseSession session, AbuseRecord record, double now)
    {
        if (!record.IsWatched())
        {
            return record;
        }

        // A node that is away when the gateway starts is as silent as one that went.
        double heardAt = Math.Max(session.ReceivedAt, session.TakenUpAt);
        bool isSilent = now - heardAt > SilentAfterS;
        if (isSilent && session.SilentSince is null)
        {
            session.SilentSince = heardAt;
            return record.With(now, AbuseLog.Data, "No samples arrive; the clock of the observation runs on");
        }

        if (!isSilent && session.SilentSince is { } since)
        {
            session.SilentSince = null;
            return record.With(now, AbuseLog.Data, AbuseJudgement.Silence(session.ReceivedAt - since));
        }

        return record;
    }
}
