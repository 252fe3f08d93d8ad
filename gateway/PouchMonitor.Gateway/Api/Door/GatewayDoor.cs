using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Access.Oidc;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Api.Door;

/// <summary>
/// Who may use the dashboard and the API: everyone on loopback in an open trial; otherwise people with an account, by the
/// cookie of a session or HTTP Basic, and programs with a token. Looks once a second whether those whose requests
/// last (live streams) are still welcome.
/// </summary>
internal sealed class GatewayDoor : IDisposable
{
    private const int LongestHeader = 16 * 1024;
    private const long TokenUseEveryMicroseconds = 600_000_000;
    private readonly Func<long> nowMicroseconds;
    private readonly StateDatabase database;
    private readonly ConcurrentDictionary<CancellationTokenSource, Caller> present = new();
    private readonly ConcurrentDictionary<string, long> tokenUses;
    private readonly ConcurrentDictionary<string, long> tokenUsesSaved = new(StringComparer.Ordinal);
    private readonly Timer timer;

    private readonly SigningKeys? providerKeys;
    private readonly TokenVerifier? provider;

    public GatewayDoor(AccessFile access, StateDatabase database, bool isOpen, Func<long> nowMicroseconds, OidcOptions? oidc = null)
    {
        this.database = database;
        this.nowMicroseconds = nowMicroseconds;
        Access = access;
        IsOpen = isOpen;
        Sessions = new SessionBook(database, access, nowMicroseconds);
        Setup = new SetupTicket(access);
        Guard = new SignInGuard(nowMicroseconds);
        Refusals = new RefusalLog(database, access, nowMicroseconds);
        Passwords = new PasswordDesk(access, Guard, Refusals, nowMicroseconds);
        Changes = new ChangeRate(nowMicroseconds);
        if (oidc is not null)
        {
            providerKeys = new SigningKeys(
                stop => oidc.KeyFile is { } file ? KeyLookUp.FromFile(file, stop) : KeyLookUp.FromIssuer(oidc.Issuer, stop), TimeProvider.System);
            provider = new TokenVerifier(oidc, providerKeys, nowMicroseconds);
        }

        tokenUses = new(database.ReadTokenUses(), StringComparer.Ordinal);
        timer = new Timer(_ => Look(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public AccessFile Access { get; }

    /// <summary>True in an open trial.</summary>
    public bool IsOpen { get; }

    public SessionBook Sessions { get; }

    public SetupTicket Setup { get; }

    public SignInGuard Guard { get; }

    public RefusalLog Refusals { get; }

    public PasswordDesk Passwords { get; }

    public ChangeRate Changes { get; }

    /// <summary>Last use of a token, Unix microseconds; null for never.</summary>
    public long? LastUse(string tokenId) => tokenUses.TryGetValue(tokenId, out long at) ? at : null;

    /// <summary>The entry of a token that is good, and notes that it was used; null where it is nobody's or has expired.</summary>
    public ApiToken? FindToken(string token)
    {
        ApiToken? found = Access.FindToken(token, nowMicroseconds());
        if (found is not null)
        {
            Used(found);
        }

        return found;
    }

    /// <summary>Who asks; null, with the reason, where nobody is to be let in.</summary>
    public async Task<(Caller? Caller, Refusal? Refusal)> IdentifyAsync(HttpContext context)
    {
        if (IsOpen)
        {
            return (new Caller(CallerKind.Open, null, Role.Admin), null);
        }

        string? header = context.Request.Headers.Authorization;
        if (header is not null)
        {
            return header.Length > LongestHeader ? (null, SignIn())
                : header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? await Bearer(header["Bearer ".Length..].Trim(), context)
                : await Basic(header, context.Connection.RemoteIpAddress);
        }

        return SessionCookie.Read(context.Request) is { Length: > 0 } id && Sessions.Find(id) is { } session
            ? (new Caller(CallerKind.Session, session.Person, session.Role) { Session = session, SessionId = id, Stamp = session.Stamp }, null)
            : (null, SignIn());
    }

    /// <summary>What holds while a request runs: cancelled where its caller is not welcome any more.</summary>
    public CancellationTokenSource Enter(Caller caller, CancellationToken aborted)
    {
        CancellationTokenSource stay = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        present[stay] = caller;
        return stay;
    }

    public void Leave(CancellationTokenSource stay)
    {
        present.TryRemove(stay, out _);
        stay.Dispose();
    }

    /// <summary>Ends what is under way for those who are not welcome any more.</summary>
    public void Look()
    {
        foreach ((CancellationTokenSource stay, Caller caller) in present)
        {
            try
            {
                if (!IsWelcome(caller))
                {
                    stay.Cancel();
                }
            }
            catch (ObjectDisposedException)
            {
                // The request has just ended by itself.
            }
            catch (Exception error) when (AccessFile.IsUnreadable(error))
            {
                // Nobody new is let in either, and whoever asks is told why.
            }
        }

        Refusals.Turn();
    }

    public void Dispose()
    {
        using ManualResetEvent done = new(initialState: false);
        if (timer.Dispose(done))
        {
            done.WaitOne();
        }

        Refusals.Turn(isLast: true);
        Passwords.Dispose();
        providerKeys?.Dispose();
    }

    private static Refusal TooSoon(int seconds) => new(StatusCodes.Status429TooManyRequests,
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Too many wrong passwords. Try again in {seconds} s."), seconds);

    /// <summary>What a password check means for whoever asked; null where they are let in.</summary>
    public static Refusal? RefusalOf(PasswordAnswer answer) => answer switch
    {
        { Person: not null } => null,
        { IsBusy: true } => new Refusal(StatusCodes.Status503ServiceUnavailable, "Too many people are signing in just now. Try again in a moment.", answer.WaitSeconds),
        { WaitSeconds: > 0 } => TooSoon(answer.WaitSeconds),
        _ => new Refusal(StatusCodes.Status401Unauthorized, "The name or the password is not right."),
    };

    private bool IsWelcome(Caller caller) => caller.Kind switch
    {
        CallerKind.Open => true,
        CallerKind.Session => Sessions.IsAlive(caller.Session!),
        CallerKind.Password => Access.FindPerson(caller.Name!) is { } person && person.Stamp == caller.Stamp,
        CallerKind.Token => Access.HasToken(caller.Token!.Id, nowMicroseconds()),
        _ => caller.ExpiresMicroseconds is not { } expires || nowMicroseconds() < expires,
    };

    private Refusal SignIn() => new(StatusCodes.Status401Unauthorized, Access.HasUsers
        ? "Sign in with an account of this gateway."
        : "No account exists yet: open the link that the gateway printed when it started, or run 'pouchmonitor user add NAME --role admin --data DIR' beside it.");

    private async Task<(Caller? Caller, Refusal? Refusal)> Bearer(string token, HttpContext context)
    {
        IPAddress? address = context.Connection.RemoteIpAddress;
        if (FindToken(token) is { } found)
        {
            return (new Caller(CallerKind.Token, "token:" + found.Name, found.Role) { Token = found, ExpiresMicroseconds = found.ExpiresMicroseconds }, null);
        }

        if (provider is not null && !token.StartsWith(AccessFile.TokenPrefix, StringComparison.Ordinal)
            && await provider.VerifyAsync(token, context.RequestAborted) is { } verified)
        {
            return (new Caller(CallerKind.Provider, verified.Name, verified.Role) { ExpiresMicroseconds = verified.ExpiresMicroseconds }, null);
        }

        Refusals.Add("(token)", address?.ToString() ?? "nowhere", "a bearer token that is not good");
        return (null, new Refusal(StatusCodes.Status401Unauthorized, "The token is unknown, or it has expired."));
    }

    private async Task<(Caller? Caller, Refusal? Refusal)> Basic(string header, IPAddress? address)
    {
        if (Login(header) is not { } login)
        {
            return (null, SignIn());
        }

        PasswordAnswer answer = await Passwords.CheckBasicAsync(login.User, login.Password, address);
        return answer.Person is { } person
            ? (new Caller(CallerKind.Password, person.Name, person.Role) { Stamp = person.Stamp }, null)
            : (null, RefusalOf(answer));
    }

    private void Used(ApiToken token)
    {
        long now = nowMicroseconds();
        tokenUses[token.Id] = now;
        if (now - tokenUsesSaved.GetValueOrDefault(token.Id) >= TokenUseEveryMicroseconds)
        {
            tokenUsesSaved[token.Id] = now;
            try
            {
                database.SaveTokenUse(token, now);
            }
            catch (SqliteException)
            {
                // The disk is full, and the alarm 'storage' says so.
            }
        }
    }

    private static (string User, string Password)? Login(string header)
    {
        const string Scheme = "Basic ";
        if (header.Length > 1000 || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[1000];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out int length))
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(bytes[..length]);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
    }
}
