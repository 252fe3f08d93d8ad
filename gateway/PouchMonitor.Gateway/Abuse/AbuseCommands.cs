using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>What a test asks of its node: the fast rate, the protection armed and disarmed. The emergency stop is <see cref="AbuseStopper"/>'s.</summary>
internal sealed class AbuseCommands(GatewayServices gateway, AbuseDesk desk)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan StatusPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks for the fast rate; at the beginning, and again where the node has lost it over a restart.</summary>
    public async Task AskFastAsync(AbuseSession session)
    {
        (NodeAnswer? answer, string said) = await AskAsync(session.Node, "begin-abuse", ("channel", session.Channel));
        desk.Post(() => Log(session, answer is { IsAccepted: true } ? "The node samples at the fast rate on request" : $"The node does not sample at the fast rate: {said}"));
    }

    /// <summary>Arms a test: everything good, the protection armed and so told by the node, and only then on record.</summary>
    public async Task<AbuseRecord> ArmAsync(string id, string person, string? note)
    {
        (AbuseSession session, string? kind) = await desk.Do(() =>
        {
            AbuseSession asked = desk.Book.Need(id);
            AbuseMoves.Arm(asked.Record, person, desk.NowS, note);
            if (asked.IsBusy)
            {
                throw SetupRefusal.Conflict($"{id} is being armed already.");
            }

            asked.IsBusy = true;
            return (asked, asked.Record.Plan.ProtectionKind);
        });
        bool mayBeArmed = false;
        try
        {
            if (kind is not null && !IsArmedFor(session, kind))
            {
                // From here on it may have armed, also where its answer is lost.
                mayBeArmed = true;
                await ArmProtectionAsync(session, kind);
            }

            AbuseRecord armed = await desk.Act(id, person, "abuse.arm", note, at => AbuseMoves.Arm(at.Record, person, desk.NowS, note), at =>
            {
                // What was seen while it was prepared is no part of the test.
                at.Feed = AbuseReplay.Begin(at.Record, AbuseSetup.ProfileOf(gateway, at.Record), desk.NowS);
                at.NeedsRebuild = true;
                at.NextRebuildAt = 0;
            });
            mayBeArmed = false;
            return armed;
        }
        finally
        {
            desk.Post(() =>
            {
                session.IsBusy = false;
                if (mayBeArmed)
                {
                    desk.Releases.Add(session, disarms: true, endsFast: false);
                }
            });
        }
    }

    /// <summary>Tells a node something after a test; its log has the first failure and what was done.</summary>
    public async Task TellAsync(AbuseRelease release, string command, string done, bool isFirst, params (string Name, string Value)[] arguments)
    {
        (NodeAnswer? answer, string said) = await AskAsync(release.Node, command, arguments);
        bool isDone = answer is { IsAccepted: true };
        if ((isDone || isFirst) && desk.Book.Find(release.Test) is { } session)
        {
            desk.Post(() => Log(session, isDone ? done : $"The node was told '{command}': {said}; it is asked again"));
        }
    }

    private bool IsArmedFor(AbuseSession session, string kind) =>
        gateway.Nodes.Find(session.Node)?.Protection?.GetValueOrDefault(session.Channel) is { State: NodeProtection.Armed } now && now.Kind == kind;

    private async Task ArmProtectionAsync(AbuseSession session, string kind)
    {
        (NodeAnswer? answer, string said) = await AskAsync(session.Node, "arm", ("channel", session.Channel), ("kind", kind));
        if (answer is not { IsAccepted: true })
        {
            throw answer is null ? SetupRefusal.Unavailable($"Node '{session.Node}' was asked to arm its protection for '{kind}': {said}.")
                : SetupRefusal.Conflict($"Node '{session.Node}' does not arm its protection for '{kind}': {said}.");
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(desk.Stopping);
        limit.CancelAfter(StatusPatience);
        using PeriodicTimer timer = new(LookPause);
        try
        {
            while (gateway.Nodes.Find(session.Node)?.Protection?.GetValueOrDefault(session.Channel)?.State != NodeProtection.Armed)
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It has said that it did; the list goes on looking, and tells where its status says otherwise.
        }
    }

    private async Task<(NodeAnswer? Answer, string Said)> AskAsync(string node, string command, params (string Name, string Value)[] arguments)
    {
        try
        {
            NodeAnswer? answer = await NodeCommands.AskAsync(gateway, node, command, Patience, arguments);
            return (answer, answer is null ? $"no answer within {Patience.TotalSeconds:F0} s" : answer.IsAccepted ? "done" : $"refused, {answer.Detail}");
        }
        catch (Exception error) when (error is InvalidOperationException or OperationCanceledException)
        {
            return (null, error.Message);
        }
    }

    private void Log(AbuseSession session, string text)
    {
        // The same again and again, while a node is away, is one line.
        if (session.Record.State is not (AbuseState.Signed or AbuseState.Cancelled) && session.Record.Log.LastOrDefault(line => line.Kind == AbuseLog.Node)?.Text != text)
        {
            desk.Note(session, session.Record.With(desk.NowS, AbuseLog.Node, text));
        }
    }
}
