using Microsoft.Data.Sqlite;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Nodes;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>A node that has to be let go after a test.</summary>
/// <param name="Node">The node.</param>
/// <param name="Channel">Its channel.</param>
/// <param name="Test">Id of the abuse test that had it.</param>
/// <param name="Cell">The cell of that test.</param>
/// <param name="Disarms">The protection is to be disarmed and the relay opened.</param>
/// <param name="EndsFast">It is to sample at its usual rate again.</param>
/// <param name="SinceMicroseconds">Gateway time at which the test let it go; only what it says afterwards counts.</param>
internal sealed record AbuseRelease(string Node, string Channel, string Test, string Cell, bool Disarms, bool EndsFast, long SinceMicroseconds);

/// <summary>
/// Lets nodes go after a test: back to the usual rate, the relay open. A node that was out of reach just then is asked again until its own
/// status says so, over restarts of gateway and node, and somebody is called: an armed relay on a finished test is closed onto a cell that
/// people go back to. All on the desk's thread.
/// </summary>
internal sealed class AbuseReleases(GatewayServices gateway, AbuseDesk desk)
{
    /// <summary>So long a node may take before somebody is called, s.</summary>
    public const double PatienceS = 60;

    private const double AskEveryS = 5;
    private readonly Dictionary<(string Node, string Channel), Pending> pending = [];

    /// <summary>Takes up what was left unfinished.</summary>
    public void Restore()
    {
        foreach (AbuseRelease release in gateway.Database.ReadAbuseReleases())
        {
            pending[(release.Node, release.Channel)] = new Pending(release);
        }
    }

    /// <summary>Asks the node at once or as soon as it is back, and again until its status says so.</summary>
    public void Add(AbuseSession session, bool disarms, bool endsFast)
    {
        AbuseRelease release = new(session.Node, session.Channel, session.Record.Id, session.Record.Cell, disarms, endsFast, gateway.NowMicroseconds());
        Pending added = new(release) { IsUnsaved = true };
        pending[(session.Node, session.Channel)] = added;
        Save(added);
        AskWhereItHears(added, desk.NowS);
    }

    /// <summary>Looks what the nodes say by now.</summary>
    public void Look(double now)
    {
        foreach (Pending one in pending.Values.ToArray())
        {
            YieldToTheNextTest(one);
            AbuseRelease release = one.Release;
            if (IsDone(release))
            {
                Remove(one);
                continue;
            }

            if (one.IsUnsaved)
            {
                Save(one);
            }

            if (!one.IsAsking && now - one.AskedAt >= AskEveryS)
            {
                AskWhereItHears(one, now);
            }

            if (now - (release.SinceMicroseconds / 1e6) > PatienceS)
            {
                Call(release);
            }
        }
    }

    // A test that has been made on the channel since wants it fast, and sees to the relay from arming on.
    private void YieldToTheNextTest(Pending one)
    {
        AbuseSession? next = desk.Book.At(one.Release.Node, one.Release.Channel).FirstOrDefault(session => session.Record.IsOpen());
        if (next is not null)
        {
            one.Release = one.Release with { EndsFast = false, Disarms = one.Release.Disarms && !next.IsBusy && !next.Record.IsWatched() };
        }
    }

    private bool IsDone(AbuseRelease release)
    {
        if (!release.Disarms && !release.EndsFast)
        {
            return true;
        }

        return gateway.Nodes.Find(release.Node) is { IsHeard: true, IsOnline: true } node && node.SeenMicroseconds > release.SinceMicroseconds
            && !(release.EndsFast && node.AbuseChannel == release.Channel)
            && !(release.Disarms && node.Protection?.GetValueOrDefault(release.Channel)?.State == NodeProtection.Armed);
    }

    // For a node that is away the orders would wait in its session, one every few seconds, and reach it all at once.
    private void AskWhereItHears(Pending one, double now)
    {
        if (gateway.Nodes.Find(one.Release.Node) is not { IsHeard: true, IsOnline: true })
        {
            return;
        }

        one.AskedAt = now;
        one.IsAsking = true;
        bool isFirst = !one.WasAsked;
        one.WasAsked = true;
        _ = AskAsync(one, isFirst);
    }

    private async Task AskAsync(Pending one, bool isFirst)
    {
        AbuseRelease release = one.Release;
        try
        {
            if (release.Disarms)
            {
                await desk.Commands.TellAsync(release, "disarm", "The protection is disarmed and the relay open", isFirst, ("channel", release.Channel));
            }

            // The order names no channel: another channel that a later test has fast is not meant.
            string? fast = gateway.Nodes.Find(release.Node)?.AbuseChannel;
            if (release.EndsFast && (fast is null || fast == release.Channel))
            {
                await desk.Commands.TellAsync(release, "end-abuse", "The node samples at its usual rate again", isFirst);
            }
        }
        finally
        {
            desk.Post(() => one.IsAsking = false);
        }
    }

    private void Call(AbuseRelease release)
    {
        string what = release is { Disarms: true, EndsFast: true } ? "its relay may still be armed, and it may still sample fast"
            : release.Disarms ? "its relay may still be armed" : "it may still sample fast";
        string key = Key(release);
        Alarm? active = gateway.Alarms.Open(key).FirstOrDefault(alarm => alarm.IsActive);
        gateway.Alarms.Raise(release.Cell, key, new Finding
        {
            Rule = RuleNames.AbuseTest,
            OnsetMicroseconds = active?.Finding.OnsetMicroseconds ?? release.SinceMicroseconds,
            Severity = release.Disarms ? FindingSeverity.Critical : FindingSeverity.Warning,
            Measure = "release",
            Unit = "",
            Message = $"Abuse test {release.Test} on {release.Node}/{release.Channel}: node {release.Node} has not confirmed that it was let go; {what}.",
        }, gateway.NowMicroseconds(), release.Node);
    }

    private void Save(Pending one)
    {
        try
        {
            gateway.Database.SaveAbuseRelease(one.Release);
            one.IsUnsaved = false;
        }
        catch (SqliteException)
        {
            one.IsUnsaved = true; // The storage alarm tells why; the node is asked all the same.
        }
    }

    private void Remove(Pending one)
    {
        try
        {
            gateway.Database.RemoveAbuseRelease(one.Release.Node, one.Release.Channel);
        }
        catch (SqliteException)
        {
            return; // Tried again at the next look.
        }

        pending.Remove((one.Release.Node, one.Release.Channel));
        gateway.Alarms.Clear(Key(one.Release), RuleNames.AbuseTest, gateway.NowMicroseconds(), "the node has been let go");
    }

    private static string Key(AbuseRelease release) => release.Test + "@release"; // no test can be called so

    private sealed class Pending(AbuseRelease release)
    {
        public AbuseRelease Release { get; set; } = release;

        public double AskedAt { get; set; }

        public bool IsAsking { get; set; }

        public bool WasAsked { get; set; }

        public bool IsUnsaved { get; set; }
    }
}
