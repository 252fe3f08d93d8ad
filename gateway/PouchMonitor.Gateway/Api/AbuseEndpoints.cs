using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Abuse;
using PouchMonitor.Gateway.Api.Door;
using PouchMonitor.Gateway.Setup;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// Abuse tests under <c>/abuse</c>: made, checked, armed, triggered, ended and signed by operators, looked at by everybody. Each act
/// answers with the whole record once it is on disk; only the emergency stop is sent before that. See gateway/ABUSE.md.
/// </summary>
internal sealed class AbuseEndpoints(GatewayServices gateway)
{
    public const int MostListed = 500;
    private const int LongestNameShown = 40;
    private const int UsualListed = 100;
    private const int LongestNote = 1000;
    private static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(30);

    private readonly LabPlans plans = new(gateway.Database);

    private AbuseDesk Desk => gateway.Abuse!;

    public void Map(IEndpointRouteBuilder api)
    {
        new AbusePlanEndpoints(gateway).Map(api);
        new AbuseFileEndpoints(gateway).Map(api);
        new AbuseDataEndpoints(gateway).Map(api);
        new AbuseReportEndpoints(gateway).Map(api);
        api.MapGet("/abuse", List);
        api.MapPost("/abuse", context => AbuseAnswers.Guard(context, () => Create(context))).Needs(Role.Operator);
        api.MapGet("/abuse/{id}", Show);
        MapAct(api, "checks/{check}", Check, "good", "detail");
        MapAct(api, "arm", (id, body, person) => Desk.Commands.ArmAsync(id, person, Note(body)));
        MapAct(api, "trigger", Trigger);
        MapAct(api, "withdraw", Withdraw);
        MapAct(api, "end-exposure", EndExposure);
        MapAct(api, "end", End);
        MapAct(api, "cancel", Cancel);
        MapAct(api, "stop", Stop);
        MapAct(api, "notes", AddNote, "text", "isDeviation");
        MapAct(api, "sign", Sign, "meaning");
        api.MapPut("/abuse/{id}/observations", context => AbuseAnswers.Guard(context, () => Observe(context))).Needs(Role.Operator);
    }

    private void MapAct(IEndpointRouteBuilder api, string path, Func<string, ActBody, string, Task<AbuseRecord>> act, params string[] own)
    {
        string[] fields = ["by", .. own.Length > 0 ? own : ["note"]];
        api.MapPost("/abuse/{id}/" + path, context => AbuseAnswers.Guard(context, async () =>
        {
            if (await JsonBody.ReadAsync(context, mayBeEmpty: true) is { } body && await RequestBody.Person(context, body.Text("by")) is { } person)
            {
                // A misspelt note would be lost without a word. A stop is never refused for its form.
                if (path != "stop" && body.FieldBeside(fields) is { } unknown)
                {
                    throw SetupRefusal.Bad($"'{unknown[..Math.Min(unknown.Length, LongestNameShown)]}' is no field of this; {string.Join(", ", fields)} are.");
                }

                await AbuseAnswers.Send(context, await act(Id(context), new ActBody(body, (string?)context.Request.RouteValues["check"]), person));
            }
        })).Needs(Role.Operator);
    }

    private Task List(HttpContext context)
    {
        string? problem = null;
        double before = GatewayEndpoints.Number(context, "before", ref problem) ?? 1e12;
        bool isOpenOnly = context.Request.Query["state"] == "open";
        IReadOnlyList<AbuseRecord> records = Desk.Book.List((long)(before * 1e6), isOpenOnly, Paging.Limit(context, UsualListed));
        return AbuseAnswers.Send<IReadOnlyList<AbuseRecord>>(context, [.. records.Select(Short)]);
    }

    // A line of a list: what it is, how it stands, what came of it.
    private static AbuseRecord Short(AbuseRecord record) => record with
    {
        Log = [],
        Figures = record.Figures is { } figures ? figures with { Values = [], Readings = [], SensorLosses = [] } : null,
    };

    private Task Show(HttpContext context) => AbuseAnswers.Guard(context, () =>
    {
        AbuseRecord record = Desk.Book.Read(Id(context)) ?? throw SetupRefusal.Missing($"There is no abuse test '{Id(context)}'.");
        return AbuseAnswers.Send(context, Desk.Stopper.Of(record.Id) is { } stop ? record with { Stop = stop } : record);
    });

    private async Task Create(HttpContext context)
    {
        if (await JsonBody.ReadAsync(context) is not { } body || await RequestBody.Person(context, body.Text("by")) is not { } person
            || await body.NeedAsync(context, "plan") is not { } name || await body.NeedAsync(context, "node") is not { } node
            || await body.NeedAsync(context, "channel") is not { } channel)
        {
            return;
        }

        if (!TopicNames.IsNodeName(node) || !TopicNames.IsName(channel)
            || !(gateway.State.Find(node, channel) is not null || gateway.Nodes.Find(node)?.Channels.ContainsKey(channel) == true))
        {
            throw SetupRefusal.Missing("No such channel of a node is known; it has to have been heard once.");
        }

        AbusePlan plan = plans.Find(name) ?? throw SetupRefusal.Missing("There is no plan of that name.");
        AbuseRecord made = await Desk.Do(() =>
        {
            AbuseSession session = Desk.Book.Add(AbuseSetup.Make(gateway, plan, node, channel, person, Desk.NowS));
            Desk.Begin(session);
            return session.Shown;
        });
        await AbuseAnswers.Send(context, made);
    }

    private Task<AbuseRecord> Check(string id, ActBody body, string person)
    {
        bool isGood = body.Fields.Flag("good") ?? throw SetupRefusal.Bad("'good' must be true or false.");
        string? detail = body.Fields.Text("detail");
        return Desk.Act(id, person, "abuse.check", $"{body.Check}: {(isGood ? "good" : "bad")}{(detail is null ? "" : $", {detail}")}",
            session => AbuseNotes.Acknowledge(session.Record, body.Check!, isGood, detail, person, Desk.NowS));
    }

    private Task<AbuseRecord> Trigger(string id, ActBody body, string person)
    {
        string? note = Note(body);
        AbuseMoment moment = new(TriggerSource.Command, Desk.NowS, AbuseMoves.CommandUncertaintyS, $"{person} has triggered it{(note is null ? "" : $": {note}")}");
        return Desk.Act(id, person, "abuse.trigger", note,
            session => AbuseMoves.Tell(session.Record, moment, Desk.NowS, person), session => Desk.Tell(session, moment));
    }

    private Task<AbuseRecord> Withdraw(string id, ActBody body, string person) => Desk.Act(id, person, "abuse.withdraw", Note(body), session =>
    {
        AbuseFigures? figures = Desk.FinalFigures(session); // may be what begins it
        return AbuseMoves.Withdraw(session.Record, person, Desk.NowS, figures, Note(body));
    }, AbuseDesk.Withdraw);

    private Task<AbuseRecord> EndExposure(string id, ActBody body, string person) => Desk.Act(id, person, "abuse.end-exposure", Note(body),
        session => AbuseMoves.EndExposure(session.Record, person, Desk.NowS, Note(body)), Desk.EndExposure);

    private async Task<AbuseRecord> End(string id, ActBody body, string person)
    {
        AbuseRecord ended = await Desk.Act(id, person, "abuse.end", Note(body), session =>
        {
            AbuseFigures? figures = Desk.FinalFigures(session); // may write into the record what it ends with
            return AbuseMoves.End(session.Record, person, Desk.NowS, figures, Note(body));
        }, Desk.Close);
        return ended;
    }

    private Task<AbuseRecord> Cancel(string id, ActBody body, string person) => Desk.Act(id, person, "abuse.cancel", Note(body),
        session => AbuseMoves.Cancel(session.Record, person, Desk.NowS, Note(body)), Desk.Close);

    private async Task<AbuseRecord> Stop(string id, ActBody body, string person)
    {
        AbuseStop stop = await Desk.Stopper.StopAsync(id, person);
        return Desk.Book.Read(id)! with { Stop = stop };
    }

    private Task<AbuseRecord> AddNote(string id, ActBody body, string person)
    {
        string text = body.Fields.Text("text") ?? "";
        bool isDeviation = body.Fields.Flag("isDeviation") ?? false;
        return Desk.Act(id, person, "abuse.note", text[..Math.Min(text.Length, LongestNote)],
            session => AbuseNotes.Note(session.Record, text, isDeviation, person, Desk.NowS));
    }

    private async Task<AbuseRecord> Sign(string id, ActBody body, string person)
    {
        string? meaning = body.Fields.Text("meaning");
        await Settled(id);
        if (Desk.Book.Find(id) is null && Desk.Book.Read(id) is { State: AbuseState.Signed })
        {
            return await Desk.Do(() => Desk.SignAgain(id, person, meaning));
        }

        AbuseRecord signed = await Desk.Act(id, person, "abuse.sign", meaning, session => AbuseSigning.Sign(session.Record, person, meaning, Desk.NowS));
        return Desk.Book.Read(id) ?? signed;
    }

    // Nobody signs figures that are just being made from what came late.
    private async Task Settled(string id)
    {
        using CancellationTokenSource limit = new(SettlePatience);
        using PeriodicTimer timer = new(SettlePause);
        try
        {
            while (await Desk.Do(() => Desk.Book.Find(id) is { Record.State: AbuseState.Ended } session && (session.NeedsRebuild || session.Rebuild is not null)))
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw SetupRefusal.Conflict($"The figures of {id} are still being made from data that came late; sign it when they are done.");
        }
    }

    private async Task Observe(HttpContext context)
    {
        if (await RequestBody.Read(context) is not { } text || await RequestBody.Person(context, context.Request.Query["by"]) is not { } person)
        {
            return;
        }

        AbuseObservations said;
        try
        {
            said = JsonSerializer.Deserialize<AbuseObservations>(text, AbuseJson.Options) ?? throw SetupRefusal.Bad("The observations are null.");
        }
        catch (JsonException fault)
        {
            throw SetupRefusal.Bad($"The observations cannot be read: {fault.Message}");
        }

        await AbuseAnswers.Send(context, await Desk.Act(Id(context), person, "abuse.observations", null,
            session => AbuseNotes.Observe(session.Record, said, person, Desk.NowS)));
    }

    private static string? Note(ActBody body)
    {
        string? note = body.Fields.Text("note");
        AbuseNotes.RequireLength("note", note, LongestNote);
        return note;
    }

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private sealed record ActBody(JsonBody Fields, string? Check);
}
