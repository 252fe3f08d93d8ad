using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Gateway.Api.Door;

/// <summary>Tokens for programs, for administrators. A token is in the answer that makes it, and nowhere else.</summary>
internal sealed class TokenEndpoints(GatewayServices gateway)
{
    private static readonly TimeSpan UsualLife = TimeSpan.FromDays(90);
    private readonly GatewayDoor door = gateway.Door!;

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/tokens", context => GatewayEndpoints.Send(context, writer =>
        {
            writer.WriteStartArray();
            foreach (ApiToken token in door.Access.Tokens)
            {
                Write(writer, token, secret: null);
            }

            writer.WriteEndArray();
        })).Needs(Role.Admin);
        api.MapPost("/tokens", Add).Needs(Role.Admin);
        api.MapDelete("/tokens/{id}", Remove).Needs(Role.Admin);
    }

    private async Task Add(HttpContext context)
    {
        if (await JsonBody.ReadAsync(context) is not { } body || await body.NeedAsync(context, "name") is not { } name)
        {
            return;
        }

        double now = gateway.NowMicroseconds() / 1e6;
        double? expires = body.Number("expires");
        if (expires is null && body.Has("expires") || expires is { } given && !(given > now && given - now <= AccessFile.LongestTokenLife.TotalSeconds))
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest,
                $"'expires' must be Unix seconds, from now on and at most {AccessFile.LongestTokenLife.Days} days ahead.");
            return;
        }

        try
        {
            (string secret, ApiToken token) = door.Access.AddToken(
                name, body.Texts("scopes") ?? [], expires is { } at ? TimeSpan.FromSeconds(at - now) : UsualLife, HttpAccess.PersonOf(context));
            gateway.Database.Audit(gateway.NowMicroseconds(), HttpAccess.PersonOf(context), "token.add", token.Name, $"{token.Id}: {string.Join(' ', token.Scopes)}");
            context.Response.StatusCode = StatusCodes.Status201Created;
            await GatewayEndpoints.Send(context, writer => Write(writer, token, secret));
        }
        catch (ArgumentException error)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, AccountEndpoints.Sentence(error));
        }
    }

    private async Task Remove(HttpContext context)
    {
        string id = (string)context.Request.RouteValues["id"]!;
        if (door.Access.RemoveToken(id) is not { } token)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status404NotFound, $"There is no token '{id}'.");
            return;
        }

        gateway.Database.Audit(gateway.NowMicroseconds(), HttpAccess.PersonOf(context), "token.remove", token.Name, token.Id);
        door.Look();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private void Write(Utf8JsonWriter writer, ApiToken token, string? secret)
    {
        writer.WriteStartObject();
        writer.WriteString("id", token.Id);
        writer.WriteString("name", token.Name);
        writer.WriteStartArray("scopes");
        foreach (string scope in token.Scopes)
        {
            writer.WriteStringValue(scope);
        }

        writer.WriteEndArray();
        writer.WriteString("createdBy", token.CreatedBy);
        writer.WriteNumber("createdAt", token.CreatedMicroseconds / 1e6);
        writer.WriteNumber("expiresAt", token.ExpiresMicroseconds / 1e6);
        if (door.LastUse(token.Id) is { } used)
        {
            writer.WriteNumber("lastUsedAt", used / 1e6);
        }
        else
        {
            writer.WriteNull("lastUsedAt");
        }

        if (secret is not null)
        {
            writer.WriteString("token", secret);
        }

        writer.WriteEndObject();
    }
}
