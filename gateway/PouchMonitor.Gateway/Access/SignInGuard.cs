using System.Net;
using System.Net.Sockets;

namespace PouchMonitor.Gateway.Access;

/// <summary>
/// Slows down those who guess. After some wrong passwords the wait before the next try doubles, up to a quarter of an hour:
/// soon for one account from one address, later for one account from anywhere, later still for one address whatever the account.
/// A quarter of an hour without a wrong one forgets them. Known and unknown names are treated alike. What strangers guess from
/// elsewhere does not bind an address from which the account has signed in rightly within the hour.
/// </summary>
internal sealed class SignInGuard(Func<long> nowMicroseconds)
{
    /// <summary>Wrong passwords for one account from one address before it has to wait.</summary>
    public const int FreeForPair = 5;

    /// <summary>Wrong passwords for one account, from anywhere.</summary>
    public const int FreeForAccount = 25;

    /// <summary>Wrong passwords from one address, for any account.</summary>
    public const int FreeForAddress = 50;

    /// <summary>Most that is remembered; the wrong password that is longest ago makes room.</summary>
    public const int MostEntries = 4096;

    /// <summary>Addresses that an account is known to come from; the one longest unused makes room.</summary>
    public const int MostKnownPerAccount = 8;

    /// <summary>Accounts whose addresses are known; the one longest unused makes room.</summary>
    public const int MostKnownAccounts = 512;

    private const long LongestWaitMicroseconds = 900_000_000;
    private const long KnownForMicroseconds = 3_600_000_000;
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<Origin>> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>Whole seconds to wait before the next try, 0 for none.</summary>
    public int WaitSeconds(string account, IPAddress? address)
    {
        lock (gate)
        {
            long until = 0;
            bool isKnown = IsKnown(account, address);
            foreach ((string key, _) in Keys(account, address))
            {
                if (isKnown && key == AccountKey(account))
                {
                    continue;
                }

                until = Math.Max(until, entries.GetValueOrDefault(key)?.UntilMicroseconds ?? 0);
            }

            return (int)Math.Clamp((until - nowMicroseconds() + 999_999) / 1_000_000, 0, LongestWaitMicroseconds / 1_000_000);
        }
    }

    public void Refused(string account, IPAddress? address)
    {
        lock (gate)
        {
            long now = nowMicroseconds();
            foreach ((string key, int free) in Keys(account, address))
            {
                if (!entries.TryGetValue(key, out Entry? entry))
                {
                    MakeRoom();
                    entries[key] = entry = new Entry();
                }

                entry.Count = now - entry.LastMicroseconds > LongestWaitMicroseconds ? 1 : entry.Count + 1;
                entry.LastMicroseconds = now;
                if (entry.Count >= free)
                {
                    entry.UntilMicroseconds = now + Math.Min(LongestWaitMicroseconds, 1_000_000L << Math.Min(entry.Count - free, 20));
                }
            }
        }
    }

    /// <summary>The right password forgets the wrong ones before it, but not those of the address with other accounts.</summary>
    public void Admitted(string account, IPAddress? address)
    {
        lock (gate)
        {
            foreach ((string key, _) in Keys(account, address).SkipLast(1))
            {
                entries.Remove(key);
            }

            Know(Name(account), Text(address));
        }
    }

    // Somebody has the whole last half of an IPv6 address to themselves.
    private static string Text(IPAddress? address)
    {
        if (address is null)
        {
            return string.Empty;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address)
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    private static IEnumerable<(string Key, int Free)> Keys(string account, IPAddress? address)
    {
        string from = Text(address);
        yield return ($"p|{from}|{Name(account)}", FreeForPair);
        yield return (AccountKey(account), FreeForAccount);
        yield return ($"a|{from}", FreeForAddress);
    }

    private static string Name(string account) => account.Length <= 64 ? account : account[..64];

    private static string AccountKey(string account) => $"n|{Name(account)}";

    private bool IsKnown(string account, IPAddress? address)
    {
        long since = nowMicroseconds() - KnownForMicroseconds;
        string from = Text(address);
        return known.TryGetValue(Name(account), out List<Origin>? origins)
            && origins.Exists(origin => origin.Address == from && origin.AtMicroseconds >= since);
    }

    // The newest last.
    private void Know(string name, string from)
    {
        if (!known.TryGetValue(name, out List<Origin>? origins))
        {
            if (known.Count >= MostKnownAccounts)
            {
                known.Remove(known.MinBy(entry => entry.Value[^1].AtMicroseconds).Key);
            }

            known[name] = origins = [];
        }

        origins.RemoveAll(origin => origin.Address == from);
        if (origins.Count >= MostKnownPerAccount)
        {
            origins.RemoveAt(0);
        }

        origins.Add(new Origin(from, nowMicroseconds()));
    }

    private void MakeRoom()
    {
        if (entries.Count >= MostEntries)
        {
            entries.Remove(entries.MinBy(entry => entry.Value.LastMicroseconds).Key);
        }
    }

    private readonly record struct Origin(string Address, long AtMicroseconds);

    private sealed class Entry
    {
        public int Count { get; set; }

        public long LastMicroseconds { get; set; }

        public long UntilMicroseconds { get; set; }
    }
}
