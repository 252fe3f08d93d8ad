using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace PouchMonitor.Gateway.Access;

/// <summary>What became of a name and a password.</summary>
/// <param name="Person">Who they are; null where they were refused.</param>
/// <param name="WaitSeconds">Seconds to wait before the next try; 0 for none.</param>
/// <param name="IsBusy">True where as many passwords are being checked as may be.</param>
internal readonly record struct PasswordAnswer(Person? Person, int WaitSeconds = 0, bool IsBusy = false);

/// <summary>
/// Checks passwords: slowly, a few at a time so that guessing cannot take the machine, and with longer and longer waits for
/// those who guess. A right password of HTTP Basic is remembered as a keyed hash for a while, so that each request is cheap.
/// </summary>
internal sealed class PasswordDesk(AccessFile access, SignInGuard guard, RefusalLog refusals, Func<long> nowMicroseconds) : IDisposable
{
    private const int AtATime = 2;
    private const int MostWaiting = 32;
    private const int MostRemembered = 1000;
    private const long RememberedForMicroseconds = 600_000_000;
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, long> remembered = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim slowChecks = new(AtATime);
    private int waiting;
    private volatile object? edition;

    public void Dispose() => slowChecks.Dispose();

    /// <summary>For signing in: always the slow check.</summary>
    public async Task<PasswordAnswer> CheckAsync(string user, string password, IPAddress? address)
    {
        if (Wait(user, address) is { } refused)
        {
            return refused;
        }

        if (Interlocked.Increment(ref waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return new PasswordAnswer(null, WaitSeconds: 2, IsBusy: true);
        }

        try
        {
            await slowChecks.WaitAsync();
            try
            {
                // Others may have guessed while this one waited.
                if (Wait(user, address) is { } late)
                {
                    return late;
                }

                Person? person = await Task.Run(() => access.CheckPassword(user, password));
                if (person is null)
                {
                    guard.Refused(user, address);
                    refusals.Add(user, address?.ToString() ?? "nowhere", "wrong name or password");
                }
                else
                {
                    guard.Admitted(user, address);
                }

                return new PasswordAnswer(person);
            }
            finally
            {
                slowChecks.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>For HTTP Basic, where every request brings the password.</summary>
    public async Task<PasswordAnswer> CheckBasicAsync(string user, string password, IPAddress? address)
    {
        if (Wait(user, address) is { } refused)
        {
            return refused;
        }

        string ticket = Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(user + "\n" + password)));
        object current = access.Edition;
        if (!ReferenceEquals(edition, current))
        {
            // An account that was taken away, or a password that was changed, ends at once.
            remembered.Clear();
            edition = current;
        }

        if (remembered.TryGetValue(ticket, out long until) && until > nowMicroseconds() && access.FindPerson(user) is { } known)
        {
            return new PasswordAnswer(known);
        }

        PasswordAnswer answer = await CheckAsync(user, password, address);
        if (answer.Person is not null)
        {
            if (remembered.Count >= MostRemembered)
            {
                remembered.Clear();
            }

            if (ReferenceEquals(current, access.Edition))
            {
                remembered[ticket] = nowMicroseconds() + RememberedForMicroseconds;
            }
        }

        return answer;
    }

    private PasswordAnswer? Wait(string user, IPAddress? address) =>
        guard.WaitSeconds(user, address) is > 0 and int seconds ? new PasswordAnswer(null, seconds) : null;
}
