using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Access;

/// <summary>
/// Who may connect: node tokens (random 256 bits, kept as a keyed fast hash, since ten thousand nodes may reconnect at
/// once), nodes' certificates (by their SHA-256) and people's accounts (PBKDF2). One JSON file readable by its owner only, replaced as a whole, re-read when it
/// changes, so that <c>pouchmonitor node add</c> works on a running gateway. Secrets are never stored or logged.
/// </summary>
public sealed class AccessFile
{
    /// <summary>Rounds of PBKDF2-SHA256 for a person's password.</summary>
    public const int PasswordRounds = 600_000;

    private const int ShortestPassword = 10;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };
    private readonly string path;
    private readonly Lock gate = new();
    private Content content = new();
    private DateTime readUtc;
    private long readLength;

    public AccessFile(string dataDirectory)
    {
        path = Path.Combine(dataDirectory, "access.json");
        Refresh();
    }

    public IReadOnlyCollection<string> Nodes
    {
        get
        {
            Refresh();
            return [.. content.Nodes.Keys.Union(content.Certificates.Values, StringComparer.Ordinal)];
        }
    }

    public bool HasUsers
    {
        get
        {
            Refresh();
            return content.Users.Count > 0;
        }
    }

    /// <summary>Makes a node known (or gives it a new token) and returns the token, which is shown this once.</summary>
    public string AddNode(string node)
    {
        CheckNodeName(node);
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        Change(c => c.Nodes[node] = Convert.ToHexStringLower(KeyedHash(c, token)));
        return token;
    }

    /// <summary>Lets a node in by a certificate, beside its token if it has one. A node may have several, so that one can be replaced before it expires.</summary>
    /// <param name="node">Name of the node.</param>
    /// <param name="sha256">SHA-256 of the certificate, 64 lower-case hexadecimal digits.</param>
    /// <exception cref="ArgumentException">The name is none, or another node has the certificate.</exception>
    public void AddCertificate(string node, string sha256)
    {
        CheckNodeName(node);
        if (sha256 is not { Length: 64 } || !sha256.All(char.IsAsciiHexDigitLower))
        {
            throw new ArgumentException($"'{sha256}' is no SHA-256: 64 of 0-9 a-f.", nameof(sha256));
        }

        Change(c =>
        {
            if (c.Certificates.TryGetValue(sha256, out string? owner) && owner != node)
            {
                throw new ArgumentException($"The certificate {sha256} is the node '{owner}', not '{node}'.", nameof(sha256));
            }

            c.Certificates[sha256] = node;
        });
    }

    /// <summary>Forgets a node, its token and its certificates.</summary>
    public bool RemoveNode(string node)
    {
        bool removed = false;
        Change(c =>
        {
            removed = c.Nodes.Remove(node);
            foreach (string sha256 in c.Certificates.Where(entry => entry.Value == node).Select(entry => entry.Key).ToArray())
            {
                removed |= c.Certificates.Remove(sha256);
            }
        });
        return removed;
    }

    public void AddUser(string user, string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (!TopicNames.IsName(user))
        {
            throw new ArgumentException($"'{user}' is no user name: 1 to 64 of A-Z a-z 0-9 . _ -.", nameof(user));
        }

        if (password.Length < ShortestPassword)
        {
            throw new ArgumentException(
                $"The password has {password.Length} characters; it needs {ShortestPassword} or more.", nameof(password));
        }

        byte[] salt = RandomNumberGenerator.GetBytes(16);
        byte[] hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, PasswordRounds, HashAlgorithmName.SHA256, 32);
        Change(c => c.Users[user] = new UserEntry(Convert.ToBase64String(salt), Convert.ToBase64String(hash), PasswordRounds));
    }

    public bool RemoveUser(string user)
    {
        bool removed = false;
        Change(c => removed = c.Users.Remove(user));
        return removed;
    }

    /// <summary>Another object after each change of the list, so that what was concluded from the old one can be forgotten.</summary>
    public object Edition
    {
        get
        {
            Refresh();
            return content;
        }
    }

    /// <summary>True when the token is the node's.</summary>
    public bool IsNode(string node, ReadOnlySpan<byte> token)
    {
        Refresh();
        Content now = content;
        return now.Nodes.TryGetValue(node, out string? stored)
            && CryptographicOperations.FixedTimeEquals(
                Convert.FromHexString(stored), HMACSHA256.HashData(Convert.FromHexString(now.Key), token));
    }

    /// <summary>The node whose certificate it is; null where it is nobody's.</summary>
    public string? NodeOfCertificate(string sha256)
    {
        Refresh();
        return content.Certificates.GetValueOrDefault(sha256);
    }

    /// <summary>True when the password is the user's; takes about a tenth of a second.</summary>
    public bool IsUser(string user, string password)
    {
        Refresh();
        if (!content.Users.TryGetValue(user, out UserEntry? entry))
        {
            // As slow as a known name, so that names cannot be probed.
            _ = Rfc2898DeriveBytes.Pbkdf2(password, new byte[16], PasswordRounds, HashAlgorithmName.SHA256, 32);
            return false;
        }

        byte[] hash = Rfc2898DeriveBytes.Pbkdf2(
            password, Convert.FromBase64String(entry.Salt), entry.Rounds, HashAlgorithmName.SHA256, 32);
        return CryptographicOperations.FixedTimeEquals(hash, Convert.FromBase64String(entry.Hash));
    }

    private static void CheckNodeName(string node)
    {
        if (!TopicNames.IsNodeName(node))
        {
            throw new ArgumentException(
                $"'{node}' is no node name: 1 to 64 of A-Z a-z 0-9 . _ -, and not 'alarm'.", nameof(node));
        }
    }

    private static byte[] KeyedHash(Content c, string token) =>
        HMACSHA256.HashData(Convert.FromHexString(c.Key), Encoding.UTF8.GetBytes(token));

    private void Change(Action<Content> change)
    {
        lock (gate)
        {
            readUtc = default;
            Refresh();
            Content next = JsonSerializer.Deserialize<Content>(JsonSerializer.Serialize(content, Json), Json)!;
            if (next.Key.Length == 0)
            {
                next.Key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            }

            change(next);
            string temporary = path + ".new";
            FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (FileStream file = new(temporary, options))
            {
                JsonSerializer.Serialize(file, next, Json);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            readUtc = default;
            Refresh();
        }
    }

    private void Refresh()
    {
        lock (gate)
        {
            FileInfo info = new(path);
            if (!info.Exists)
            {
                // A list that was taken away lets nobody in.
                content = readLength == 0 ? content : new Content();
                readUtc = default;
                readLength = 0;
                return;
            }

            if (info.LastWriteTimeUtc == readUtc && info.Length == readLength)
            {
                return;
            }

            try
            {
                content = JsonSerializer.Deserialize<Content>(File.ReadAllText(path), Json)
                    ?? throw new InvalidDataException($"{path} holds no access list.");
            }
            catch (JsonException error)
            {
                throw new InvalidDataException($"{path} is damaged: {error.Message} Put a copy back, or remove it and add nodes and users anew.", error);
            }

            readUtc = info.LastWriteTimeUtc;
            readLength = info.Length;
        }
    }

    private sealed class Content
    {
        public string Key { get; set; } = "";

        public Dictionary<string, string> Nodes { get; set; } = new(StringComparer.Ordinal);

        /// <summary>Node by the SHA-256 of its certificate.</summary>
        public Dictionary<string, string> Certificates { get; set; } = new(StringComparer.Ordinal);

        public Dictionary<string, UserEntry> Users { get; set; } = new(StringComparer.Ordinal);
    }

    private sealed record UserEntry(string Salt, string Hash, int Rounds);
}
