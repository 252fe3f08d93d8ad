using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Gateway.Api.Door;

/// <summary>Accounts and the audit trail, for administrators.</summary>
internal sealed class AccountEndpoints(GatewayServices gateway)
{
    private const int UsualAudit = 100;
    private const int MostAudit = 1000;
    private readonly GatewayDoor door = gateway.Door!;
    private readonly DoorAudit audit = new(gateway);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/accounts", context => GatewayEndpoints.Send(context, WriteAll)).Needs(Role.Admin);
        api.MapPost("/accounts", Add).Needs(Role.Admin);
        api.MapPut("/accounts/{user}", Change).Needs(Role.Admin);
        api.MapDelete("/accounts/{user}", Remove).Needs(Role.Admin);
        api.MapGet("/audit", Audit).Needs(Role.Admin);
    }

    /// <summary>The sentence of an error, without what the framework adds to it.</summary>
    internal static string Sentence(ArgumentException error) =>
        error.ParamName is { } name ? error.Message.Replace($" (Parameter '{name}')", string.Empty, StringComparison.Ordinal) : error.Message;

    private async Task Add(HttpContext context)
    {
        if (await JsonBody.ReadAsync(context) is not { } body
            || await body.NeedAsync(context, "user") is not { } user
            || await body.NeedAsync(context, "password") is not { } password)
        {
            return;
        }

        await Try(context, async () =>
        {
            Role role = Roles.Parse(body.Text("role") ?? Roles.NameOf(Role.Operator));
            if (!audit.Change(HttpAccess.PersonOf(context), "account.add", note =>
                door.Access.TryAddUser(user, password, role, () => note(user, Roles.NameOf(role)))))
            {
                await GatewayEndpoints.Fail(context, StatusCodes.Status409Conflict, $"There is an account '{user}' already.");
                return;
            }

            context.Response.StatusCode = StatusCodes.Status201Created;
            await Answer(context, user);
        });
    }

    private async Task Change(HttpContext context)
    {
        string user = (string)context.Request.RouteValues["user"]!;
        if (await JsonBody.ReadAsync(context) is not { } body)
        {
            return;
        }

        if (!body.Has("role") && !body.Has("password"))
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, "There is nothing to change: give 'role', 'password' or both.");
            return;
        }

        await Try(context, async () =>
        {
            if (door.Access.FindPerson(user) is null)
            {
                await NoSuch(context, user);
                return;
            }

            string person = HttpAccess.PersonOf(context);
            Role? role = body.Has("role") ? Roles.Parse(body.Text("role")) : null;
            if (body.Has("password"))
            {
                // With the role in one change: what is wrong with either leaves both as they were.
                audit.Change(person, "account.password", note =>
                {
                    door.Access.AddUser(
                        user, body.Text("password") ?? string.Empty, role, leaveAdmin: true,
                        () => note(user, role is { } with ? $"with role {Roles.NameOf(with)}" : null));
                    return true;
                });
            }
            else
            {
                audit.Change(person, "account.role", note => door.Access.SetRole(user, role!.Value, leaveAdmin: true, () => note(user, Roles.NameOf(role.Value))));
            }

            door.Look();
            await Answer(context, user);
        });
    }

    private async Task Remove(HttpContext context)
    {
        string user = (string)context.Request.RouteValues["user"]!;
        await Try(context, async () =>
        {
            if (!audit.Change(HttpAccess.PersonOf(context), "account.remove", note =>
                door.Access.RemoveUser(user, leaveAdmin: true, () => note(user, null))))
            {
                await NoSuch(context, user);
                return;
            }

            door.Look();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
    }

    private async Task Audit(HttpContext context)
    {
        string? problem = null;
        long before = Number(context, "before", 1, long.MaxValue, long.MaxValue, ref problem);
        long limit = Number(context, "limit", 1, MostAudit, UsualAudit, ref problem);
        if (problem is not null)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        IReadOnlyList<Store.AuditEntry> lines = gateway.Database.ReadAudit(before, (int)limit);
        await GatewayEndpoints.Send(context, writer =>
        {
            writer.WriteStartArray();
            foreach (Store.AuditEntry line in lines)
            {
                writer.WriteStartObject();
                writer.WriteNumber("id", line.Id);
                writer.WriteNumber("at", line.AtMicroseconds / 1e6);
                writer.WriteString("person", line.Person);
                writer.WriteString("action", line.Action);
                writer.WriteString("target", line.Target);
                writer.WriteString("detail", line.Detail);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private static long Number(HttpContext context, string name, long least, long most, long usual, ref string? problem)
    {
        string? text = context.Request.Query[name];
        if (text is null)
        {
            return usual;
        }

        if (long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long value)
            && value >= least && value <= most)
        {
            return value;
        }

        problem ??= $"{name} must be a whole number of {least} to {most}.";
        return usual;
    }

    /// <summary>Answers what is wrong, is in the way, or could not be stored.</summary>
    internal static async Task Try(HttpContext context, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (ArgumentException error)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, Sentence(error));
        }
        catch (InvalidOperationException error)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status409Conflict, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status503ServiceUnavailable, $"The change could not be stored: {error.Message}");
        }
    }

    private static Task NoSuch(HttpContext context, string user) =>
        GatewayEndpoints.Fail(context, StatusCodes.Status404NotFound, $"There is no account '{user}'.");

    private Task Answer(HttpContext context, string user)
    {
        IReadOnlyDictionary<string, int> sessions = door.Sessions.CountByPerson();
        return door.Access.FindPerson(user) is { } person
            ? GatewayEndpoints.Send(context, writer => Write(writer, person, sessions))
            : NoSuch(context, user);
    }

    private void WriteAll(Utf8JsonWriter writer)
    {
        IReadOnlyDictionary<string, int> sessions = door.Sessions.CountByPerson();
        writer.WriteStartArray();
        foreach (Person person in door.Access.People)
        {
            Write(writer, person, sessions);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, Person person, IReadOnlyDictionary<string, int> sessions)
    {
        writer.WriteStartObject();
        writer.WriteString("user", person.Name);
        writer.WriteString("role", Roles.NameOf(person.Role));
        if (person.ChangedMicroseconds is { } changed)
        {
            writer.WriteNumber("changedAt", changed / 1e6);
        }
        else
        {
            writer.WriteNull("changedAt");
        }

        writer.WriteNumber("sessions", sessions.GetValueOrDefault(person.Name));
        writer.WriteEndObject();
    }
}
