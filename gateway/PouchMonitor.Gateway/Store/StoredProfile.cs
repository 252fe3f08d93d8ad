using System.Security.Cryptography;
using System.Text;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Archive;

namespace PouchMonitor.Gateway.Store;

/// <summary>A profile as it is kept: its content decides who it is, so that a profile edited under its old name is another.</summary>
/// <param name="Name">Name it had in the catalogue.</param>
/// <param name="Hash">SHA-256 of <paramref name="Body"/>, hexadecimal.</param>
/// <param name="Body">The profile as a profile file holds it.</param>
public sealed record StoredProfile(string Name, string Hash, string Body)
{
    private const int ShownDigits = 12;

    /// <summary>Name and the first digits of the hash, for a person.</summary>
    public string Shown => $"'{Name}' ({Hash[..Math.Min(ShownDigits, Hash.Length)]})";

    public static StoredProfile Of(CellProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        byte[] body = JsonBytes.Write(writer => ProfileJson.Write(writer, profile));
        return new StoredProfile(profile.Name, Convert.ToHexStringLower(SHA256.HashData(body)), Encoding.UTF8.GetString(body));
    }

    /// <summary>The profile itself.</summary>
    /// <exception cref="InvalidDataException">The content is not what the hash says, or is no profile.</exception>
    public CellProfile Read()
    {
        string found = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body)));
        if (!string.Equals(found, Hash, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"profile '{Name}' is damaged: its content has the SHA-256 {found}, it is kept under {Hash}");
        }

        try
        {
            return CellProfile.Parse(Body, "state.db");
        }
        catch (ProfileFileException fault)
        {
            throw new InvalidDataException(fault.Message, fault);
        }
    }
}
