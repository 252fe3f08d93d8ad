using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Setup;

/// <summary>
/// Changes which cell is on a channel. One change at a time: each is checked against all others. The worker that owns the
/// channel makes it between two frames: it stores where the samples stood before anything follows from it.
/// </summary>
internal sealed class ChannelSetup(GatewayServices gateway) : IDisposable
{
    /// <summary>Longest note and reason, characters.</summary>
    public const int LongestNote = 1000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim turn = new(1);

    public void Dispose() => turn.Dispose();

    /// <summary>Makes a change; on disk when this returns.</summary>
    /// <exception cref="SetupRefusal">It is not made; the message says why.</exception>
    public async Task Change(string node, string channel, AssignmentRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckNames(node, channel, request);
        await turn.WaitAsync(cancellation);
        try
        {
            CheckSeen(node, channel, request);
            Assignment asked = new()
            {
                Node = node,
                Channel = channel,
                Person = request.Person,
                Cell = request.Cell,
                Profile = request.Profile,
                Bench = request.Bench,
                Limits = request.Limits,
                Note = request.Note,
                Confirm = request.Confirm,
            };
            CheckProfile(asked);
            CheckOthers(asked, gateway.Setup.Of(asked, node, channel).Cell);
            ChannelWorker worker = gateway.WorkerOf(node, channel)
                ?? throw SetupRefusal.Conflict($"Node '{node}' has {ChannelAdmission.MostPerNode} channels already; '{channel}' would be one more.");
            await worker.Do(node, channel, known => Make(known, asked, request)).WaitAsync(LongestWait, cancellation);
        }
        catch (TimeoutException)
        {
            throw SetupRefusal.Unavailable("The channel's worker has not answered within 10 s; look whether the change was made before trying again.");
        }
        catch (SqliteException fault)
        {
            throw SetupRefusal.Unavailable($"The change could not be stored, so it was not made: {fault.Message}.");
        }
        finally
        {
            turn.Release();
        }
    }

    // On the channel's worker.
    private bool Make(WorkerChannel? known, Assignment asked, AssignmentRequest request)
    {
        ChannelState? state = known?.State;
        TestRun? running = state?.Running();
        string cell = gateway.Setup.Of(asked, asked.Node, asked.Channel).Cell;
        if (running is not null && running.Record.Cell != cell && !request.EndsTest)
        {
            throw SetupRefusal.Conflict($"Test {running.Record.Test} of cell '{running.Record.Cell}' runs on {asked.Node}/{asked.Channel}. "
                + $"Another cell there ends it: say endTest, or leave the cell as it is.");
        }

        BootPlace? cut = running is not null && request.EndsTest ? state!.EndOfRunning() : null;
        CheckEnding(known, asked, request, cut);
        Assignment made = asked with
        {
            // Later than the one before, whatever the clock does: their order decides.
            ChangedMicroseconds = Math.Max(
                gateway.NowMicroseconds(), (gateway.Setup.Assignments.Last(asked.Node, asked.Channel)?.ChangedMicroseconds ?? 0) + 1),
            Places = state?.Places() ?? [],
            Cut = cut,
        };
        gateway.Database.SaveAssignment(made, made.Cell is null ? "assignment.remove" : "assignment.set");
        gateway.Setup.Assignments.Set(made);
        if (cut is not null)
        {
            state!.Cut(cut);
        }

        return true;
    }

    private void CheckEnding(WorkerChannel? known, Assignment asked, AssignmentRequest request, BootPlace? cut)
    {
        if (cut is null)
        {
            return;
        }

        if (known!.HasFailed)
        {
            throw SetupRefusal.Conflict($"The analysis of {asked.Node}/{asked.Channel} has stopped; restart the gateway before ending its test.");
        }

        if (gateway.Nodes.Find(asked.Node) is { IsOnline: false } && request.Confirm is null)
        {
            throw SetupRefusal.Conflict($"Node '{asked.Node}' is offline: what it has measured but not sent yet would count to the next test. "
                + "Wait until it has sent it, or say in confirm why the test ends now.");
        }
    }

    private static void CheckNames(string node, string channel, AssignmentRequest request)
    {
        const string Rule = "1 to 64 of A-Z a-z 0-9 . _ - are possible";
        if (!TopicNames.IsNodeName(node) || !TopicNames.IsName(channel))
        {
            throw SetupRefusal.Bad($"'{Shortened(node)}/{Shortened(channel)}' is no channel of a node: {Rule}.");
        }

        if (request.Cell is { } cell && !TopicNames.IsCellName(cell))
        {
            throw SetupRefusal.Bad($"cell '{Shortened(cell)}': {Rule}, but not _gateway.");
        }

        if (request.Bench is { } bench && !TopicNames.IsName(bench))
        {
            throw SetupRefusal.Bad($"bench '{Shortened(bench)}': {Rule}.");
        }

        if (request.Note?.Length > LongestNote || request.Confirm?.Length > LongestNote)
        {
            throw SetupRefusal.Bad($"note has {request.Note?.Length ?? 0} and confirm {request.Confirm?.Length ?? 0} characters, {LongestNote} are the most.");
        }
    }

    private void CheckSeen(string node, string channel, AssignmentRequest request)
    {
        AssignmentBook book = gateway.Setup.Assignments;
        Assignment? last = book.Last(node, channel);
        if (request.SeenMicroseconds is { } seen && seen != (last?.ChangedMicroseconds ?? 0))
        {
            throw SetupRefusal.Overtaken($"{last?.Person ?? "Somebody"} has changed {node}/{channel} meanwhile; look at it and save again.");
        }

        if (last is null && book.Count >= AssignmentBook.MostChannels)
        {
            throw SetupRefusal.Conflict($"{book.Count} channels are assigned, {AssignmentBook.MostChannels} are the most.");
        }
    }

    private void CheckProfile(Assignment asked)
    {
        if (asked.Profile is { } name && !gateway.Setup.Profiles.TryGet(name, out _))
        {
            throw SetupRefusal.Bad($"There is no profile '{Shortened(name)}'.");
        }

        gateway.Setup.Of(asked, asked.Node, asked.Channel); // limits that are not possible are told here
        if (AssignedLimits.Loosened(gateway.Setup.ProfileOf(asked), asked.Limits) is { } looser && asked.Confirm is null)
        {
            throw SetupRefusal.Conflict($"These limits protect less than the profile's: {looser}. Say in confirm why that is right.");
        }
    }

    // One cell cannot be in two places: its tests and alarms would be mixed.
    private void CheckOthers(Assignment asked, string cell)
    {
        bool IsElsewhere(string node, string channel) => node != asked.Node || channel != asked.Channel;

        if (gateway.Setup.Assignments.Current.FirstOrDefault(each => each.Cell == cell && IsElsewhere(each.Node, each.Channel)) is { } assigned)
        {
            throw SetupRefusal.Conflict($"Cell '{cell}' is assigned to {assigned.Node}/{assigned.Channel} by {assigned.Person}; take it from there first.");
        }

        foreach (ChannelView view in gateway.State.Channels)
        {
            if (IsElsewhere(view.Node, view.Channel) && view.Running is { } test && test.Cell == cell)
            {
                throw SetupRefusal.Conflict($"Test {test.Test} of cell '{cell}' runs on {view.Node}/{view.Channel}; end it there first.");
            }
        }

        foreach (Nodes.NodeInfo node in gateway.Nodes.Nodes.Where(node => node.IsOnline))
        {
            foreach (string channel in node.Channels.Keys)
            {
                if (IsElsewhere(node.Node, channel) && gateway.Nodes.CellOf(node.Node, channel) == cell)
                {
                    throw SetupRefusal.Conflict($"Node '{node.Node}' labels its channel '{channel}' as cell '{cell}'; assign another cell there first.");
                }
            }
        }
    }

    private static string Shortened(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
