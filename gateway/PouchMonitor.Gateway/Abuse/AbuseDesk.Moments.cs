using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Abuse.Report;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Setup;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>What the moments of a test do to its watch; all on the desk's thread, but for <see cref="TakeEdgeOf"/>.</summary>
internal sealed partial class AbuseDesk
{
    private const double SameMomentS = 0.001;

    // In-flight frames of the last moments are still to come when a test is ended.
    private const double SettleS = 1.5;

    /// <summary>A test has been made: its channel is listened to, and the node asked for the fast rate.</summary>
    public void Begin(AbuseSession session)
    {
        AbuseWarmUp.Once(gateway.Counters.AddFault);
        Taps.Set(Book.Places());
        care.Tell(session);
    }

    /// <summary>A moment is on record; the watch is told, or made anew where it no longer has the samples around it.</summary>
    public void Tell(AbuseSession session, AbuseMoment moment)
    {
        if (session.Feed is not { } feed)
        {
            session.NeedsRebuild = true;
            return;
        }

        lock (feed.Gate)
        {
            session.NeedsRebuild |= !feed.Watch.Trigger(moment.Source, moment.At, moment.UncertaintyS, moment.Reason);
        }

        feed.MomentCount++;
    }

    /// <summary>The end of the exposure is on record.</summary>
    public void EndExposure(AbuseSession session)
    {
        if (session.Feed is not { } feed)
        {
            session.NeedsRebuild = true;
            return;
        }

        lock (feed.Gate)
        {
            feed.Watch.EndExposure(session.Record.ExposureEndedAt!.Value);
        }

        feed.KnowsExposureEnd = true;
    }

    /// <summary>The event was taken back: what was counted from it is made anew, from what is stored, before anything else is judged.</summary>
    public static void Withdraw(AbuseSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        session.Feed = null;
        session.NeedsRebuild = true;
        session.NextRebuildAt = 0;
        session.SetFigures(null);
    }

    /// <summary>The figures that a test ends with; null before there are any.</summary>
    public AbuseFigures? FinalFigures(AbuseSession session)
    {
        care.Judge(session, NowS);
        return session.Shown.Figures;
    }

    /// <summary>A test has ended or was cancelled: the node is let go, and the figures are completed with what is still under way.</summary>
    public void Close(AbuseSession session)
    {
        session.Feed = null;
        session.NeedsRebuild = session.Record.State == AbuseState.Ended;
        session.NextRebuildAt = NowS + SettleS;
        bool isArmed = session.Record.ArmedAt is not null
            || gateway.Nodes.Find(session.Node)?.Protection?.GetValueOrDefault(session.Channel)?.State == NodeProtection.Armed;
        Releases.Add(session, disarms: isArmed && session.Record.Plan.ProtectionKind is not null, endsFast: true);
    }

    /// <summary>A further signature under a test that is closed already.</summary>
    public AbuseRecord SignAgain(string id, string person, string? meaning)
    {
        string body = gateway.Database.FindAbuse(id) ?? throw SetupRefusal.Missing($"There is no abuse test '{id}'.");
        AbuseRecord record = JsonSerializer.Deserialize<AbuseRecord>(body, AbuseJson.Options)!;
        string hash = AbuseIdentity.ContentSha256(body);
        if (record.Signatures.Any(signature => signature.ContentSha256 != hash))
        {
            throw SetupRefusal.Conflict($"{id} is no longer what was signed; it takes no further signature. Restore it from a backup.");
        }

        AbuseRecord signed = AbuseSigning.Sign(record, person, meaning, NowS);
        gateway.Database.SaveAbuse(signed, gateway.NowMicroseconds(), person, "abuse.sign", meaning);
        return Book.Read(id)!;
    }

    /// <summary>
    /// Takes an event or a status of a node, from any thread; what tells of no edge of a trigger input is left alone. The status is for an
    /// edge whose event was acknowledged by a gateway that ended before it was on disk.
    /// </summary>
    public void TakeEdgeOf(string node, ReadOnlySpan<byte> payload)
    {
        if (AbuseTriggerEvent.Read(node, payload) is { } edge && Taps.Find(node, edge.Channel) is not null)
        {
            Post(() => TakeEdge(edge));
        }
    }

    private void TakeEdge(AbuseTriggerEvent edge)
    {
        foreach (AbuseSession session in Book.At(edge.Node, edge.Channel))
        {
            long? start = session.Feed?.StartOf(edge.Boot)
                ?? gateway.Journal.FindStream(new StreamId(edge.Node, edge.Channel, edge.Boot, FrameKind.Samples))?.UptimeZeroMicroseconds;
            if (!edge.IsTold && (start is null || (start + edge.UptimeMicroseconds) / 1e6 < (session.Record.CountsFrom() ?? double.PositiveInfinity)))
            {
                continue; // Said again and again; only what a test waits for is news.
            }

            AbuseMoment moment = edge.MomentOf(start, NowS);
            AbuseRecord record = session.Record;
            if (IsKnown(record.Moments, moment) || record.EndedAt < moment.At)
            {
                continue;
            }

            if (record.Withdrawals.Any(taken => IsKnown(taken.Moments, moment)))
            {
                continue; // Said again by the status.
            }

            if (record.CountsFrom() is not { } from || moment.At < from || record.State is AbuseState.Signed or AbuseState.Cancelled)
            {
                Note(session, record.With(moment.At, AbuseLog.Node, $"{moment.Reason} while the test was not armed{(record.Withdrawals.Count > 0 ? ", or before its last trigger was taken back" : "")}"));
                continue;
            }

            if (record.State == AbuseState.Ended)
            {
                Note(session, (record with { Moments = [.. record.Moments, moment] }).With(moment.At, AbuseLog.State, moment.Reason));
                session.NeedsRebuild = true;
                continue;
            }

            Note(session, AbuseMoves.Tell(record, moment, moment.At, person: null));
            Tell(session, moment);
            care.Judge(session, NowS);
            care.Tell(session);
        }
    }

    private static bool IsKnown(IReadOnlyList<AbuseMoment> told, AbuseMoment moment) =>
        told.Any(known => known.Source == TriggerSource.Input && Math.Abs(known.At - moment.At) < SameMomentS);
}
