using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Abuse;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// Plans of abuse tests: <c>GET /abuse/plans</c>, <c>GET /abuse/plans/{name}</c> (<c>?version=N</c>), <c>PUT /abuse/plans/{name}</c> with a plan whose
/// version is the one it was made from, and <c>POST /abuse/plans/check</c>.
/// </summary>
internal sealed class AbusePlanEndpoints(GatewayServices gateway)
{
    private readonly LabPlans plans = new(gateway.Database);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/abuse/plans", context => AbuseAnswers.Send(context, plans.All()));
        api.MapGet("/abuse/plans/{name}", Show);
        api.MapPut("/abuse/plans/{name}", Save).Needs(Role.Operator);
        api.MapPost("/abuse/plans/check", Check).Needs(Role.Viewer);
    }

    private Task Show(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["name"]!;
        int? version = int.TryParse(context.Request.Query["version"], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        return plans.Find(name, version) is { } plan
            ? AbuseAnswers.Send(context, plan)
            : GatewayEndpoints.Fail(context, StatusCodes.Status404NotFound, version is null ? $"There is no plan '{name}'." : $"There is no version {version} of a plan '{name}'.");
    }

    private Task Save(HttpContext context) => AbuseAnswers.Guard(context, async () =>
    {
        string name = (string)context.Request.RouteValues["name"]!;
        if (await RequestBody.Read(context) is not { } text || await RequestBody.Person(context, context.Request.Query["by"]) is not { } person)
        {
            return;
        }

        AbusePlan plan = AbusePlans.Read(text, "body");
        if (plan.Name != name)
        {
            throw SetupRefusal.Bad($"The body is of plan '{plan.Name}', the address of '{name}'; both must be the same.");
        }

        await AbuseAnswers.Send(context, plans.Save(plan, person, gateway.NowMicroseconds()));
    });

    private static async Task Check(HttpContext context)
    {
        if (await RequestBody.Read(context) is not { } text)
        {
            return;
        }

        IReadOnlyList<AbusePlanProblem> problems;
        try
        {
            problems = AbusePlans.Check(AbusePlans.Read(text, "body"));
        }
        catch (AbusePlanException fault)
        {
            problems = fault.Problems;
        }

        await GatewayEndpoints.SendProblems(context, problems.Select(problem => (problem.Field, problem.Message)));
    }
}

/// <summary>Answers about abuse tests: in the one form of their JSON, and refusals as errors.</summary>
internal static class AbuseAnswers
{
    public static Task Send<T>(HttpContext context, T answer) =>
        GatewayEndpoints.Send(context, writer => JsonSerializer.Serialize(writer, answer, AbuseJson.Options));

    /// <summary>Does what is asked, and answers why where it is refused.</summary>
    public static async Task Guard(HttpContext context, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (SetupRefusal refusal)
        {
            await GatewayEndpoints.Fail(context, refusal.Status, refusal.Message);
        }
        catch (AbusePlanException fault)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, fault.Message);
        }
        catch (Exception fault) when (fault is Microsoft.Data.Sqlite.SqliteException or IOException && fault is not BadHttpRequestException)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status503ServiceUnavailable, $"It could not be stored: {fault.Message}.");
        }
    }
}
