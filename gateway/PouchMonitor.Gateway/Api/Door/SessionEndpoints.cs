using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Gateway.Api.Door;

/// <summary>Signing in and out, the first administrator, and one's own password.</summary>
internal sealed class SessionEndpoints(GatewayServices gateway)
{
    private readonly GatewayDoor door = gateway.Door!;
    private readonly DoorAudit audit = new(gateway);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/session", Show).OpenToAll();
        api.MapPost("/session", SignIn).OpenToAll();
        api.MapDelete("/session", SignOut).OpenToAll();
        api.MapPut("/session/password", ChangePassword).Needs(Role.Viewer);
        api.MapPost("/setup", SetUp).OpenToAll();
    }

    private async Task Show(HttpContext context)
    {
        // Nobody is refused here; who is not signed in is told so.
        (Caller? caller, _) = await door.IdentifyAsync(context);
        await Answer(context, caller);
    }

    private async Task SignIn(HttpContext context)
    {
        if (door.IsOpen)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status409Conflict, "This gateway runs open on loopback; there is nobody to sign in.");
            return;
        }

        if (await JsonBody.ReadAsync(context) is not { } body
            || await body.NeedAsync(context, "user") is not { } user
            || await body.NeedAsync(context, "password") is not { } password)
        {
            return;
        }

        PasswordAnswer answer = await door.Passwords.CheckAsync(user, password, context.Connection.RemoteIpAddress);
        if (GatewayDoor.RefusalOf(answer) is { } refusal)
        {
            await HttpAccess.Refuse(context, refusal);
            return;
        }

        await Begin(context, answer.Person!);
    }

    private async Task SignOut(HttpContext context)
    {
        if (SessionCookie.Read(context.Request) is { Length: > 0 } id && door.Sessions.Find(id) is { } session)
        {
            // SameSite and Origin keep other sites from here; to be signed out by one would do no harm besides.
            door.Sessions.End(session);
            Record("session.end", session.Person, null);
            door.Look();
        }

        SessionCookie.Clear(context);
        await Answer(context, door.IsOpen ? new Caller(CallerKind.Open, null, Role.Admin) : null);
    }

    private async Task ChangePassword(HttpContext context)
    {
        Caller caller = HttpAccess.CallerOf(context);
        if (caller.Kind is not (CallerKind.Session or CallerKind.Password))
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status409Conflict, "Only somebody signed in with an account has a password to change.");
            return;
        }

        if (await JsonBody.ReadAsync(context) is not { } body
            || await body.NeedAsync(context, "currentPassword") is not { } current
            || await body.NeedAsync(context, "newPassword") is not { } next)
        {
            return;
        }

        PasswordAnswer answer = await door.Passwords.CheckAsync(caller.Name!, current, context.Connection.RemoteIpAddress);
        if (GatewayDoor.RefusalOf(answer) is { } refusal)
        {
            // 401 would say that nobody is signed in.
            await HttpAccess.Refuse(context, refusal.Status == StatusCodes.Status401Unauthorized
                ? new Refusal(StatusCodes.Status403Forbidden, "The current password is not right.") : refusal);
            return;
        }

        await AccountEndpoints.Try(context, async () =>
        {
            audit.Change(caller.Name!, "account.password", note =>
            {
                door.Access.AddUser(caller.Name!, next, before: () => note(caller.Name!, null));
                return true;
            });
            door.Look();
            if (caller.Kind == CallerKind.Session)
            {
                await Begin(context, door.Access.FindPerson(caller.Name!)!);
                return;
            }

            await Answer(context, caller);
        });
    }

    private async Task SetUp(HttpContext context)
    {
        const string Wrong = "This link is not valid any more. Start the gateway again for a new one.";
        if (door.IsOpen || await JsonBody.ReadAsync(context) is not { } body
            || await body.NeedAsync(context, "token") is not { } token
            || await body.NeedAsync(context, "user") is not { } user
            || await body.NeedAsync(context, "password") is not { } password)
        {
            if (!context.Response.HasStarted)
            {
                await GatewayEndpoints.Fail(context, StatusCodes.Status409Conflict, "This gateway runs open on loopback; it has no accounts.");
            }

            return;
        }

        const string Account = "(setup)";
        if (door.Guard.WaitSeconds(Account, context.Connection.RemoteIpAddress) is > 0 and int wait)
        {
            await HttpAccess.Refuse(context, new Refusal(StatusCodes.Status429TooManyRequests, $"Too many wrong links. Try again in {wait} s.", wait));
            return;
        }

        await AccountEndpoints.Try(context, async () =>
        {
            if (!audit.Change(user, "account.add", note =>
                door.Setup.TryRedeem(token, user, password, () => note(user, "the first administrator, by the set-up link"))))
            {
                door.Guard.Refused(Account, context.Connection.RemoteIpAddress);
                door.Refusals.Add(Account, context.Connection.RemoteIpAddress?.ToString() ?? "nowhere", "a set-up link that is not good");
                await GatewayEndpoints.Fail(context, StatusCodes.Status403Forbidden, Wrong);
                return;
            }

            await Begin(context, door.Access.FindPerson(user)!);
        });
    }

    // Whatever cookie came with the request is not used further: a session that somebody else has planted is worth nothing.
    private async Task Begin(HttpContext context, Person person)
    {
        if (SessionCookie.Read(context.Request) is { Length: > 0 } before && door.Sessions.Find(before) is { } old)
        {
            door.Sessions.End(old);
        }

        (string id, Session session) = door.Sessions.Begin(person);
        SessionCookie.Write(context, id, SessionBook.LongestOf(person.Role));
        Record("session.begin", person.Name, $"from {context.Connection.RemoteIpAddress}");
        await Answer(context, new Caller(CallerKind.Session, person.Name, person.Role) { Session = session, SessionId = id });
    }

    // Nobody is kept out because the disk is full; the alarm 'storage' says that it is.
    private void Record(string action, string person, string? detail)
    {
        try
        {
            gateway.Database.Audit(gateway.NowMicroseconds(), person, action, person, detail);
        }
        catch (SqliteException)
        {
            // The trail has a gap then, and the alarm at the same time.
        }
    }

    private Task Answer(HttpContext context, Caller? caller) => GatewayEndpoints.Send(context, writer => Write(writer, caller));

    private void Write(Utf8JsonWriter writer, Caller? caller)
    {
        writer.WriteStartObject();
        writer.WriteString("person", caller?.Name);
        writer.WriteString("role", caller?.Role is { } role ? Roles.NameOf(role) : null);
        writer.WriteBoolean("open", door.IsOpen);
        writer.WriteBoolean("needsSetup", !door.IsOpen && door.Setup.IsNeeded);
        writer.WriteString("csrf", caller?.SessionId is { } id ? SessionBook.CsrfOf(id) : null);
        writer.WriteEndObject();
    }
}
