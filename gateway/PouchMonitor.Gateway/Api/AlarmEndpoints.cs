using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// Alarms and incidents for people: lists, history and statistics, and what can be done about them. What a person does is answered
/// only when it is on disk.
/// </summary>
internal sealed class AlarmEndpoints(GatewayServices gateway)
{
    private const int MostAlarms = AlarmBook.MostKept;
    private const int MostHistory = 1000;
    public const int MostIncidents = 500;

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/alarms", List);
        api.MapGet("/alarms/history", History);
        api.MapGet("/alarms/statistics", Statistics);
        api.MapPost("/alarms/{cell}/{rule}/acknowledge", context => Act(context, AlarmAction.Acknowledge)).Needs(Role.Operator);
        api.MapPost("/alarms/{cell}/{rule}/shelve", context => Act(context, AlarmAction.Shelve)).Needs(Role.Operator);
        api.MapPost("/alarms/{cell}/{rule}/unshelve", context => Act(context, AlarmAction.Unshelve)).Needs(Role.Operator);
        api.MapPost("/alarms/{cell}/{rule}/reset", context => Act(context, AlarmAction.Reset)).Needs(Role.Operator);
        api.MapGet("/incidents", Incidents);
        api.MapGet("/incidents/{incident}", Incident);
        api.MapPost("/incidents/{incident}/acknowledge", AcknowledgeIncident).Needs(Role.Operator);
    }

    private Task List(HttpContext context)
    {
        string? problem = null;
        Whole(context, "limit", MostAlarms, 1, MostAlarms, ref problem);
        Whole(context, "after", 0, 0, Paging.Most, ref problem);
        string? state = OneOf(context, "state", ["open", "all"], ref problem);
        string? priority = OneOf(context, "priority", [.. Enum.GetValues<AlarmPriority>().Select(AlarmPriorities.NameOf)], ref problem);
        if (problem is not null)
        {
            return GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, problem);
        }

        string? cell = context.Request.Query["cell"];
        string? bench = context.Request.Query["bench"];
        List<Alarm> alarms = gateway.Alarms.List()
            .Where(alarm => (state != "open" || alarm.State != AlarmState.Normal)
                && (priority is null || AlarmPriorities.NameOf(alarm.Priority) == priority)
                && (string.IsNullOrEmpty(cell) || alarm.Cell == cell)
                && (string.IsNullOrEmpty(bench) || (alarm.Node is { } node && gateway.BenchOf(node) == bench)))
            .ToList();
        return GatewayEndpoints.Send(context, writer => GatewayEndpoints.WriteArray(writer, Paging.Page(context, alarms), AlarmJson.Write));
    }

    private Task History(HttpContext context)
    {
        string? problem = null;
        double? from = GatewayEndpoints.Number(context, "from", ref problem);
        double? to = GatewayEndpoints.Number(context, "to", ref problem);
        double? before = GatewayEndpoints.Number(context, "before", ref problem);
        int most = Whole(context, "limit", MostHistory, 1, MostHistory, ref problem);
        if (problem is not null)
        {
            return GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, problem);
        }

        AlarmHistoryFilter filter = new()
        {
            Cell = Text(context, "cell"),
            Rule = Text(context, "rule"),
            FromMicroseconds = Microseconds(from),
            ToMicroseconds = Microseconds(to),
            BeforeId = before is { } id ? (long)id : long.MaxValue,
            Most = most,
        };
        return GatewayEndpoints.Send(context, writer =>
            GatewayEndpoints.WriteArray(writer, gateway.Database.ReadAlarmHistory(filter), AlarmHistoryJson.Write));
    }

    private Task Statistics(HttpContext context)
    {
        string? problem = null;
        int weeks = Whole(context, "weeks", 4, 1, AlarmStatistics.MostWeeks, ref problem);
        if (problem is not null)
        {
            return GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, problem);
        }

        long now = gateway.NowMicroseconds();
        AlarmStatistics statistics = new(
            gateway.Database.ReadAlarmEvents(now - (weeks * 7L * 86_400_000_000), AlarmStatistics.MostLines), gateway.Alarms.List(), weeks, now);
        return GatewayEndpoints.Send(context, writer => AlarmStatisticsJson.Write(writer, statistics));
    }

    private async Task Act(HttpContext context, AlarmAction action)
    {
        string cell = (string)context.Request.RouteValues["cell"]!;
        string rule = (string)context.Request.RouteValues["rule"]!;
        (AlarmRequest? request, string problem) = await AlarmRequest.Read(context, action);
        if (request is null)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        if (gateway.Alarms.Current(cell, rule, request.Test) is not { } current)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status404NotFound, $"There is no alarm '{rule}' of cell '{cell}'{(request.Test is null ? "" : $" in test '{request.Test}'")}.");
            return;
        }

        if (action == AlarmAction.Shelve && AlarmShelf.ProblemOf(current.Priority, request.Seconds) is { } outside)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, outside);
            return;
        }

        Recording recording = new();
        long now = gateway.NowMicroseconds();
        Alarm? alarm = action switch
        {
            AlarmAction.Acknowledge => gateway.Alarms.Acknowledge(cell, rule, request.By, request.Note, now, out problem, recording, request.Test, request.Seen),
            AlarmAction.Shelve => gateway.Alarms.Shelve(cell, rule, request.By, request.Note!, request.Seconds, now, out problem, recording, request.Test),
            AlarmAction.Unshelve => gateway.Alarms.Unshelve(cell, rule, request.By, now, out problem, recording, request.Test),
            _ => gateway.Alarms.Reset(cell, rule, request.By, request.Note, now, out problem, recording, request.Test),
        };
        if (alarm is null)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status409Conflict, problem);
            return;
        }

        if (await Recorded(context, recording))
        {
            await GatewayEndpoints.Send(context, writer => AlarmJson.Write(writer, alarm));
        }
    }

    private Task Incidents(HttpContext context)
    {
        string? problem = null;
        int most = Whole(context, "limit", 100, 1, MostIncidents, ref problem);
        long before = Microseconds(GatewayEndpoints.Number(context, "before", ref problem)) ?? long.MaxValue;
        string? state = OneOf(context, "state", ["open", "all"], ref problem);
        if (problem is not null)
        {
            return GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, problem);
        }

        IReadOnlyList<IncidentRecord> open = gateway.Alarms.OpenIncidents();
        HashSet<string> isOpen = open.Select(incident => incident.Id).ToHashSet(StringComparer.Ordinal);
        IEnumerable<IncidentRecord> all = state == "all"
            ? open.Concat(gateway.Database.ReadIncidents(most, before).Where(stored => !isOpen.Contains(stored.Id)))
                .OrderByDescending(incident => incident.OpenedMicroseconds)
            : open;
        return GatewayEndpoints.Send(context, writer => GatewayEndpoints.WriteArray(writer, all.Where(incident => incident.OpenedMicroseconds < before).Take(most), IncidentJson.Write));
    }

    private Task Incident(HttpContext context)
    {
        string id = (string)context.Request.RouteValues["incident"]!;
        return (gateway.Alarms.FindOpenIncident(id) ?? gateway.Database.FindIncident(id)) is { } incident
            ? GatewayEndpoints.Send(context, writer => IncidentJson.Write(writer, incident))
            : GatewayEndpoints.Fail(context, StatusCodes.Status404NotFound, $"There is no incident '{id}'.");
    }

    private async Task AcknowledgeIncident(HttpContext context)
    {
        string id = (string)context.Request.RouteValues["incident"]!;
        (AlarmRequest? request, string problem) = await AlarmRequest.Read(context, AlarmAction.Acknowledge);
        if (request is null)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        Recording recording = new();
        IncidentRecord? incident = gateway.Alarms.AcknowledgeIncident(id, request.By, request.Note, gateway.NowMicroseconds(), out problem, recording, request.Seen);
        if (incident is null)
        {
            bool exists = gateway.Alarms.FindOpenIncident(id) is not null || gateway.Database.FindIncident(id) is not null;
            await GatewayEndpoints.Fail(context, exists ? StatusCodes.Status409Conflict : StatusCodes.Status404NotFound, problem);
            return;
        }

        if (await Recorded(context, recording))
        {
            await GatewayEndpoints.Send(context, writer => IncidentJson.Write(writer, incident));
        }
    }

    private static async Task<bool> Recorded(HttpContext context, Recording recording)
    {
        if (await recording.Result is { } failure)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status503ServiceUnavailable, $"It was not recorded and does not count: {failure}");
            return false;
        }

        return true;
    }

    private static string? Text(HttpContext context, string name) => context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    private static long? Microseconds(double? seconds) => seconds is { } known ? (long)Math.Round(known * 1e6) : null;

    private static int Whole(HttpContext context, string name, int otherwise, int least, int most, ref string? problem)
    {
        double value = GatewayEndpoints.Number(context, name, ref problem) ?? otherwise;
        if (value >= least && value <= most && value == Math.Floor(value))
        {
            return (int)value;
        }

        problem ??= string.Create(CultureInfo.InvariantCulture, $"{name} = {value} is not a whole number from {least} to {most}.");
        return otherwise;
    }

    private static string? OneOf(HttpContext context, string name, string[] choices, ref string? problem)
    {
        string? text = Text(context, name);
        if (text is not null && !choices.Contains(text, StringComparer.Ordinal))
        {
            problem ??= $"{name} = '{text[..Math.Min(text.Length, 40)]}' is none of {string.Join(", ", choices)}.";
        }

        return text;
    }
}
