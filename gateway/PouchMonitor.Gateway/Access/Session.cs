using System.Text.Json.Serialization;
using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Gateway.Access;

/// <summary>Somebody signed in with a browser. Its id is in the browser's cookie only; here is a hash of it.</summary>
internal sealed class Session
{
    /// <summary>SHA-256 of the id, hexadecimal.</summary>
    public required string Hash { get; init; }

    public required string Person { get; init; }

    /// <summary>Of the account when they signed in; another one ends the session.</summary>
    public required string Stamp { get; init; }

    public required Role Role { get; init; }

    /// <summary>Unix microseconds.</summary>
    public required long CreatedMicroseconds { get; init; }

    /// <summary>Unix microseconds; it ends then at the latest.</summary>
    public required long ExpiresMicroseconds { get; init; }

    /// <summary>Unix microseconds; on disk it may be <see cref="SessionBook.SaveEvery"/> behind.</summary>
    public long LastUsedMicroseconds { get; set; }

    [JsonIgnore]
    public long SavedMicroseconds { get; set; }
}
