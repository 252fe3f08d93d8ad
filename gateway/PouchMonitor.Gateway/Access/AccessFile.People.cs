using System.Security.Cryptography;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Access;

/// <summary>An account.</summary>
/// <param name="Name">Name to sign in with.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Stamp">Another one after each change of password or role: what was let in under the old one ends.</param>
/// <param name="ChangedMicroseconds">Last change, Unix microseconds; null where it was made before that was kept.</param>
public sealed record Person(string Name, Role Role, string Stamp, long? ChangedMicroseconds);

/// <summary>People's accounts: PBKDF2 passwords and roles.</summary>
public sealed partial class AccessFile
{
    /// <summary>Most accounts of one gateway.</summary>
    public const int MostPeople = 1000;

    private const int ShortestPassword = 10;
    private const int LongestPassword = 200;

    /// <summary>Rounds for passwords that are set; tests make do with fewer.</summary>
    internal int Rounds { get; init; } = PasswordRounds;

    /// <summary>All accounts, by name.</summary>
    public IReadOnlyList<Person> People
    {
        get
        {
            Refresh();
            return [.. content.Users.Select(entry => PersonOf(entry.Key, entry.Value)).OrderBy(person => person.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>The account of that name; null where there is none.</summary>
    public Person? FindPerson(string name)
    {
        Refresh();
        return content.Users.TryGetValue(name, out UserEntry? entry) ? PersonOf(name, entry) : null;
    }

    /// <summary>Makes an account, or gives it a new password.</summary>
    /// <param name="user">1 to 64 of A-Z a-z 0-9 . _ -.</param>
    /// <param name="password">10 to 200 characters.</param>
    /// <param name="role">Null leaves an account the role it has, and makes a new one an operator's.</param>
    /// <param name="leaveAdmin">Refuses to take the role of the last administrator.</param>
    /// <param name="before">Called once all is checked and before anything is stored; what it throws stops the change. So everywhere here.</param>
    /// <exception cref="ArgumentException">The name or the password is none, or there are as many accounts as there may be.</exception>
    /// <exception cref="InvalidOperationException">It is the last administrator's, and one is to be left.</exception>
    public void AddUser(string user, string password, Role? role = null, bool leaveAdmin = false, Action? before = null)
    {
        UserEntry entry = NewEntry(user, password);
        Change(c =>
        {
            CheckRoom(c, user);
            CheckAdmin(c, user, leaveAdmin && role is { } other && other != Role.Admin);
            string kept = c.Users.TryGetValue(user, out UserEntry? old) ? RoleName(old) : Roles.NameOf(Role.Operator);
            c.Users[user] = entry with { Role = role is { } given ? Roles.NameOf(given) : kept };
            before?.Invoke();
        });
    }

    /// <summary>Makes an account that is not there yet; false where it is.</summary>
    /// <exception cref="ArgumentException">As for <see cref="AddUser"/>.</exception>
    public bool TryAddUser(string user, string password, Role role, Action? before = null)
    {
        UserEntry entry = NewEntry(user, password);
        bool isNew = false;
        Change(c =>
        {
            CheckRoom(c, user);
            isNew = c.Users.TryAdd(user, entry with { Role = Roles.NameOf(role) });
            InvokeIf(isNew, before);
        });
        return isNew;
    }

    /// <summary>Makes the first account, an administrator's; false where there is an account already.</summary>
    /// <exception cref="ArgumentException">As for <see cref="AddUser"/>.</exception>
    public bool TryAddFirst(string user, string password, Action? before = null)
    {
        UserEntry entry = NewEntry(user, password);
        bool isFirst = false;
        Change(c =>
        {
            isFirst = c.Users.Count == 0;
            if (isFirst)
            {
                c.Users[user] = entry with { Role = Roles.NameOf(Role.Admin) };
                before?.Invoke();
            }
        });
        return isFirst;
    }

    /// <summary>Gives an account another role; false where there is none.</summary>
    /// <exception cref="InvalidOperationException">It is the last administrator's, and one is to be left.</exception>
    public bool SetRole(string user, Role role, bool leaveAdmin = false, Action? before = null)
    {
        bool found = false;
        Change(c =>
        {
            if (c.Users.TryGetValue(user, out UserEntry? entry))
            {
                found = true;
                CheckAdmin(c, user, leaveAdmin && role != Role.Admin);
                c.Users[user] = entry with { Role = Roles.NameOf(role), Stamp = NewStamp(), ChangedUs = NowMicroseconds() };
                before?.Invoke();
            }
        });
        return found;
    }

    /// <summary>Takes an account away; false where there is none.</summary>
    /// <exception cref="InvalidOperationException">It is the last administrator's, and one is to be left.</exception>
    public bool RemoveUser(string user, bool leaveAdmin = false, Action? before = null)
    {
        bool removed = false;
        Change(c =>
        {
            CheckAdmin(c, user, leaveAdmin);
            removed = c.Users.Remove(user);
            InvokeIf(removed, before);
        });
        return removed;
    }

    private static void InvokeIf(bool isChanged, Action? before)
    {
        if (isChanged)
        {
            before?.Invoke();
        }
    }

    /// <summary>True when the password is the user's; takes about a tenth of a second.</summary>
    public bool IsUser(string user, string password) => CheckPassword(user, password) is not null;

    /// <summary>The account, when the password is its own; null otherwise, after the same work, so that names cannot be probed.</summary>
    internal Person? CheckPassword(string user, string password)
    {
        Refresh();
        UserEntry? entry = content.Users.GetValueOrDefault(user);
        byte[] hash = Rfc2898DeriveBytes.Pbkdf2(
            password, entry is null ? new byte[16] : Convert.FromBase64String(entry.Salt), entry?.Rounds ?? PasswordRounds, HashAlgorithmName.SHA256, HashBytes);
        bool isRight = CryptographicOperations.FixedTimeEquals(hash, entry is null ? new byte[HashBytes] : Convert.FromBase64String(entry.Hash));
        return entry is not null && isRight ? PersonOf(user, entry) : null;
    }

    private UserEntry NewEntry(string user, string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (!TopicNames.IsName(user))
        {
            throw new ArgumentException("A user name is 1 to 64 of A-Z a-z 0-9 . _ -.", nameof(user));
        }

        if (password.Length is < ShortestPassword or > LongestPassword)
        {
            throw new ArgumentException(
                $"The password has {password.Length} characters; it needs {ShortestPassword} or more, at most {LongestPassword}.", nameof(password));
        }

        byte[] salt = RandomNumberGenerator.GetBytes(16);
        byte[] hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Rounds, HashAlgorithmName.SHA256, HashBytes);
        return new UserEntry(Convert.ToBase64String(salt), Convert.ToBase64String(hash), Rounds)
        {
            Stamp = NewStamp(),
            ChangedUs = NowMicroseconds(),
        };
    }

    private static void CheckRoom(Content c, string user)
    {
        if (c.Users.Count >= MostPeople && !c.Users.ContainsKey(user))
        {
            throw new ArgumentException($"There are {MostPeople} accounts already, as many as there may be.", nameof(user));
        }
    }

    private static void CheckAdmin(Content c, string user, bool mustLeaveOne)
    {
        bool Is(KeyValuePair<string, UserEntry> entry) => RoleName(entry.Value) == Roles.NameOf(Role.Admin);
        if (mustLeaveOne && c.Users.Any(entry => entry.Key == user && Is(entry)) && !c.Users.Any(entry => entry.Key != user && Is(entry)))
        {
            throw new InvalidOperationException($"'{user}' is the last administrator; make another one first.");
        }
    }

    private static string NewStamp() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    // Accounts from before there were roles could do everything, and still can.
    private static string RoleName(UserEntry entry) => entry.Role ?? Roles.NameOf(Role.Admin);

    private static Person PersonOf(string name, UserEntry entry) =>
        new(name, Roles.Parse(RoleName(entry)), entry.Stamp ?? string.Empty, entry.ChangedUs);

    private static long NowMicroseconds() => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private sealed record UserEntry(string Salt, string Hash, int Rounds)
    {
        public string? Role { get; init; }

        public string? Stamp { get; init; }

        public long? ChangedUs { get; init; }
    }
}
