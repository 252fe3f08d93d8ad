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
    private readonly DoorAudit audit = new(gateway);

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

        await AccountEndpoints.Try(context, async () =>
        {
            (string secret, ApiToken token) = audit.Change(HttpAccess.PersonOf(context), "token.add", note => door.Access.AddToken(
                name, body.Texts("scopes") ?? [], expires is { } at ? TimeSpan.FromSeconds(at - now) : UsualLife, HttpAccess.PersonOf(context),
                made => note(made.Name, $"{made.Id}: {string.Join(' ', made.Scopes)}")));
            context.Response.StatusCode = StatusCodes.Status201Created;
            await GatewayEndpoints.Send(context, writer => Write(writer, token, secret));
        });
    }

    private async Task Remove(HttpContext context)
    {
        string id = (string)context.Request.RouteValues["id"]!;
        await AccountEndpoints.Try(context, async () =>
        {
            if (audit.Change(HttpAccess.PersonOf(context), "token.remove", note =>
                door.Access.RemoveToken(id, removed => note(removed.Name, removed.Id))) is null)
            {
                await GatewayEndpoints.Fail(context, StatusCodes.Status404NotFound, $"There is no token '{id}'.");
                return;
            }

            door.Look();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
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
