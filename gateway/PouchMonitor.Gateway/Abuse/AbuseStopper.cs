using System.Collections.Concurrent;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// The emergency stop: the node's <c>trip</c> goes out before anything else is done, in any state of the test, and waits for no disk and no
/// other work. It counts as confirmed only where the node has answered and its protection says that it has tripped.
/// </summary>
internal sealed class AbuseStopper(GatewayServices gateway, AbuseDesk desk)
{
    public const string Sent = "sent";
    public const string Confirmed = "confirmed";
    public const string Refused = "refused";
    public const string Unanswered = "unanswered";

    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<string, AbuseStop> apart = new(StringComparer.Ordinal);

    /// <summary>How long the node's answer, and then its protection state, is waited for.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The stop of a test that is signed or was cancelled and so takes no more entries; null where there was none since the start.</summary>
    public AbuseStop? Of(string id) => apart.GetValueOrDefault(id);

    /// <summary>Sends the stop and returns once it is known what became of it.</summary>
    /// <param name="id">The test.</param>
    /// <param name="person">Who stops.</param>
    public async Task<AbuseStop> StopAsync(string id, string person)
    {
        AbuseSession? session = desk.Book.Find(id);
        (string node, string channel) = session is not null ? (session.Node, session.Channel)
            : desk.Book.Read(id) is { } old ? (old.Node ?? "", old.Channel ?? "") : throw SetupRefusal.Missing($"There is no abuse test '{id}'.");
        Task<NodeAnswer?> asked = AskAsync(node, channel);
        AbuseStop stop = new(desk.NowS, person, Sent, null, null);
        Show(id, session, stop);
        NodeAnswer? answer = null;
        string? fault = null;
        try
        {
            answer = await asked;
        }
        catch (Exception error) when (error is InvalidOperationException or OperationCanceledException)
        {
            fault = error.Message;
        }

        if (answer is { IsAccepted: true } && await HasTrippedAsync(node, channel))
        {
            stop = stop with { State = Confirmed, AnsweredAt = desk.NowS, Detail = "the node has tripped" };
        }
        else if (answer is not null)
        {
            stop = answer.IsAccepted
                ? stop with { State = Unanswered, AnsweredAt = desk.NowS, Detail = "the node has taken it, but its protection does not say that it has tripped" }
                : stop with { State = Refused, AnsweredAt = desk.NowS, Detail = answer.Detail };
        }
        else
        {
            stop = stop with { State = Unanswered, Detail = fault ?? $"no answer within {Patience.TotalSeconds:F0} s; it may have acted all the same" };
        }

        Show(id, session, stop);
        return stop;
    }

    /// <summary>The node's status says later what its answer did not.</summary>
    public void ConfirmLate(AbuseSession session, string why)
    {
        if (session.Stop is { } stop)
        {
            Show(session.Record.Id, session, stop with { State = Confirmed, AnsweredAt = desk.NowS, Detail = why });
        }
    }

    private async Task<NodeAnswer?> AskAsync(string node, string channel) =>
        await NodeCommands.AskAsync(gateway, node, "trip", Patience, ("channel", channel));

    private async Task<bool> HasTrippedAsync(string node, string channel)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(desk.Stopping);
        limit.CancelAfter(Patience);
        using PeriodicTimer timer = new(LookPause);
        try
        {
            while (gateway.Nodes.Find(node)?.Protection?.GetValueOrDefault(channel)?.State != NodeProtection.Tripped)
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Shown at once; on disk as soon as the desk comes to it.
    private void Show(string id, AbuseSession? session, AbuseStop stop)
    {
        string text = $"Emergency stop {stop.State}{(stop.Detail is { } detail ? $": {detail}" : "")}";
        if (session is null || session.Record.State is AbuseState.Signed or AbuseState.Cancelled)
        {
            apart[id] = stop;
            desk.Post(() =>
            {
                if (desk.Book.Read(id) is { } closed)
                {
                    AbuseAlarms.TellStop(gateway.Alarms, closed, stop, gateway.NowMicroseconds());
                }

                gateway.Database.Audit(gateway.NowMicroseconds(), stop.Person, "abuse.stop", id, text);
            });
            return;
        }

        session.SetStop(stop);
        gateway.Stream.Send("abuse", Api.JsonBytes.Write(writer => AbuseEventJson.Write(writer, session.Shown, session.ToldRevision)));
        desk.Post(() =>
        {
            AbuseRecord next = (session.Record with { Stop = stop }).With(desk.NowS, AbuseLog.Stop, text, stop.Person);
            session.Set(next);
            desk.Audit(session, stop.Person, "abuse.stop", text);
        });
    }
}
