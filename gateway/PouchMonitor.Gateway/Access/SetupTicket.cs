using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PouchMonitor.Gateway.Access;

/// <summary>
/// What lets the first administrator in: a random 256-bit token that the console shows once, worth nothing as soon as there
/// is an account or the program ends. Only its hash stays in memory.
/// </summary>
internal sealed class SetupTicket(AccessFile access)
{
    private byte[]? hash;

    /// <summary>True while there is no account.</summary>
    public bool IsNeeded => !access.HasUsers;

    /// <summary>A new token in place of any before; null where there is an account already.</summary>
    public string? Issue()
    {
        if (!IsNeeded)
        {
            return null;
        }

        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        return token;
    }

    /// <summary>Makes the first administrator; false where the token is wrong, or somebody has been made before.</summary>
    /// <exception cref="ArgumentException">The name or the password is none; the token stays good.</exception>
    public bool TryRedeem(string token, string user, string password, Action? before = null)
    {
        if (hash is null || !CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(token))) || !IsNeeded)
        {
            return false;
        }

        bool isFirst = access.TryAddFirst(user, password, before);
        hash = null;
        return isFirst;
    }
}
