using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Gateway.Delivery;

namespace PouchMonitor.Gateway.Api;

/// <summary>Who is told what, how it went, and a test of each route.</summary>
internal sealed class DeliveryEndpoints(GatewayServices gateway)
{
    private const int UsualLog = 100;
    private const int MostLog = 500;
    private const int LongestRoute = 128;
    private readonly SemaphoreSlim tests = new(4);

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/delivery/settings", context => GatewayEndpoints.Send(context, writer => DeliveryJson.Write(writer, gateway.Delivery.Book))).Needs(Role.Admin);
        api.MapPut("/delivery/settings", Set).Needs(Role.Admin);
        api.MapPost("/delivery/test", Test).Needs(Role.Admin);
        api.MapGet("/delivery/state", context => GatewayEndpoints.Send(context, writer => DeliveryJson.WriteState(writer, gateway.Delivery)));
        api.MapGet("/delivery/log", Log);
    }

    private async Task Set(HttpContext context)
    {
        DeliverySettings settings;
        Dictionary<string, DeliverySecret> secrets;
        string? by;
        try
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            body.Position = 0;
            (settings, secrets, by) = DeliveryJson.Read(body, gateway.Delivery.Book);
        }
        catch (JsonException error)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, $"The delivery settings cannot be read: {Plain(error)}");
            return;
        }

        if (await RequestBody.Person(context, by) is not { } person)
        {
            return;
        }

        DeliveryBook book = gateway.Delivery.Book;
        bool isOld = settings.Version != book.Current.Version;
        if (!book.TrySet(settings, secrets, person, gateway.NowMicroseconds(), out IReadOnlyList<string> problems))
        {
            context.Response.StatusCode = isOld ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest;
            await GatewayEndpoints.Send(context, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("error", problems[0]);
                writer.WriteStartArray("problems");
                foreach (string problem in problems.Take(MostLog))
                {
                    writer.WriteStringValue(problem);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            });
            return;
        }

        gateway.Delivery.Outbox.SettingsChanged();
        await GatewayEndpoints.Send(context, writer => DeliveryJson.Write(writer, book));
    }

    private async Task Test(HttpContext context)
    {
        string? route;
        string? by;
        try
        {
            using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            route = body.RootElement.GetProperty("route").GetString();
            by = body.RootElement.TryGetProperty("by", out JsonElement name) ? name.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, "The body is not JSON of the form {\"route\":\"person/route\"}.");
            return;
        }

        if (await RequestBody.Person(context, by) is not { } person)
        {
            return;
        }

        if (!await tests.WaitAsync(TimeSpan.Zero))
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status429TooManyRequests, "Four tests are on their way already; wait for one of them.");
            return;
        }

        try
        {
            gateway.Database.Audit(gateway.NowMicroseconds(), person, "delivery.test", DeliveryText.Shorten(DeliveryText.OneLine(route ?? ""), LongestRoute));
            long began = Stopwatch.GetTimestamp();
            DeliveryRecord? record = await gateway.Delivery.Outbox.TestAsync(route ?? "", person, context.RequestAborted);
            if (record is null)
            {
                await GatewayEndpoints.Fail(context, StatusCodes.Status404NotFound, $"There is no route '{DeliveryText.Shorten(route ?? "", LongestRoute)}'; save the settings first.");
                return;
            }

            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            await GatewayEndpoints.Send(context, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("route", record.Route);
                writer.WriteString("state", DeliveryRecord.NameOf(record.State));
                writer.WriteString("error", record.LastError);
                writer.WriteNumber("seconds", Math.Round(seconds, 3));
                writer.WriteEndObject();
            });
        }
        finally
        {
            tests.Release();
        }
    }

    private Task Log(HttpContext context)
    {
        string? problem = null;
        long before = Number(context, "before", 1, long.MaxValue, long.MaxValue, ref problem);
        int limit = (int)Number(context, "limit", 1, MostLog, UsualLog, ref problem);
        string? state = Filter(context, "state");
        if (state is not null && !Enum.GetValues<DeliveryState>().Any(known => DeliveryRecord.NameOf(known) == state))
        {
            problem ??= $"state = '{DeliveryText.Shorten(state, 40)}' is none of {string.Join(", ", Enum.GetValues<DeliveryState>().Select(DeliveryRecord.NameOf))}.";
        }

        if (problem is not null)
        {
            return GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, problem);
        }

        IReadOnlyList<DeliveryRecord> lines = gateway.Database.ReadDeliveries(before, limit, state, Filter(context, "route"));
        return GatewayEndpoints.Send(context, writer =>
        {
            writer.WriteStartArray();
            foreach (DeliveryRecord line in lines)
            {
                DeliveryJson.Write(writer, line);
            }

            writer.WriteEndArray();
        });
    }

    private static string? Filter(HttpContext context, string name) => context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    private static long Number(HttpContext context, string name, long least, long most, long usual, ref string? problem)
    {
        if (Filter(context, name) is not { } text)
        {
            return usual;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most)
        {
            return value;
        }

        problem ??= $"{name} = '{DeliveryText.Shorten(text, 40)}' is no whole number from {least} to {most}.";
        return usual;
    }

    // Our own words, or where in the document it is; never the value, which may be a secret.
    private static string Plain(JsonException error) => error.Path is null && error.LineNumber is null
        ? error.Message
        : string.Create(CultureInfo.InvariantCulture, $"{error.Path ?? "the document"}, line {(error.LineNumber ?? 0) + 1}, is not of the documented form.");
}
