using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Access;

/// <summary>
/// Who may connect: node tokens (random 256 bits, kept as a keyed fast hash, since ten thousand nodes may reconnect at
/// once), nodes' certificates (by their SHA-256) and people's accounts (PBKDF2). One JSON file readable by its owner only, replaced as a whole, re-read when it
/// changes, so that <c>pouchmonitor node add</c> works on a running gateway. Programs that change it take turns. Secrets are never stored or logged.
/// </summary>
public sealed partial class AccessFile
{
    /// <summary>Rounds of PBKDF2-SHA256 for a person's password.</summary>
    public const int PasswordRounds = 600_000;

    private const int HashBytes = 32;
    private const int MostAttempts = 250;
    private const int MostPasswordRounds = 10_000_000;
    private static readonly string NobodysHash = new('0', 2 * HashBytes);
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };
    private readonly string path;
    private readonly Lock gate = new();
    private volatile Content content = new();
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
    public bool IsNode(string node, ReadOnlySpan<byte> token) => Admit(node, token) is not null;

    /// <summary>
    /// What the list keeps of the node's token, where the token is right; null where it is wrong or there is no such node,
    /// after the same work, so that names cannot be probed.
    /// </summary>
    internal string? Admit(string node, ReadOnlySpan<byte> token)
    {
        Refresh();
        Content now = content;
        bool isKnown = now.Nodes.TryGetValue(node, out string? stored);
        bool isRight = CryptographicOperations.FixedTimeEquals(
            Convert.FromHexString(isKnown ? stored! : NobodysHash), HMACSHA256.HashData(Convert.FromHexString(now.Key), token));
        return isKnown & isRight ? stored : null;
    }

    /// <summary>Whether the list, as it was last read, has the node, by a token or a certificate.</summary>
    internal bool Knows(string node) => content.Nodes.ContainsKey(node) || content.Certificates.ContainsValue(node);

    /// <summary>Whether what the node was let in with, its certificate or what is kept of its token, is still in the list.</summary>
    internal bool IsAdmitted(string node, string credential)
        => content.Nodes.GetValueOrDefault(node) == credential || content.Certificates.GetValueOrDefault(credential) == node;

    /// <summary>True for what is thrown when the list is damaged or cannot be read: then nobody can be let in.</summary>
    internal static bool IsUnreadable(Exception error) => error is InvalidDataException or IOException or UnauthorizedAccessException;

    /// <summary>The node whose certificate it is; null where it is nobody's.</summary>
    public string? NodeOfCertificate(string sha256)
    {
        Refresh();
        return content.Certificates.GetValueOrDefault(sha256);
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
            using FileStream turn = TakeTurn();
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

    // The command line and a running gateway may change the list at the same time; without turns one change would be lost.
    private FileStream TakeTurn()
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path + ".lock", options);
            }
            catch (IOException) when (attempt < MostAttempts && File.Exists(path + ".lock"))
            {
                Thread.Sleep(20);
            }
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
                Content read = JsonSerializer.Deserialize<Content>(File.ReadAllText(path), Json)
                    ?? throw new JsonException("It holds no access list.");
                content = read.Problem() is { } problem ? throw new JsonException(problem) : read;
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

        /// <summary>Tokens for programs, by the keyed hash of each.</summary>
        public Dictionary<string, TokenEntry> Tokens { get; set; } = new(StringComparer.Ordinal);

        /// <summary>Why this is no access list; null where it is one. Without it a bad entry would show when someone signs in.</summary>
        public string? Problem()
        {
            if (Key is null || Nodes is null || Users is null || Certificates is null || Tokens is null)
            {
                return "Key, Nodes, Certificates, Users and Tokens may not be null.";
            }

            // Before the first change there is no key, and nobody that could be judged by it.
            if (!IsHash(Key) && !(Key.Length == 0 && Nodes.Count == 0 && Tokens.Count == 0))
            {
                return $"The key is not {2 * HashBytes} hexadecimal digits.";
            }

            if (Nodes.FirstOrDefault(entry => !TopicNames.IsNodeName(entry.Key) || !IsHash(entry.Value)) is { Key: { } node })
            {
                return $"The entry of node '{node}' is not a node name with {2 * HashBytes} hexadecimal digits.";
            }

            if (Certificates.FirstOrDefault(entry => !TopicNames.IsNodeName(entry.Value) || !IsHash(entry.Key)) is { Key: { } sha256 })
            {
                return $"The certificate '{sha256}' is not {2 * HashBytes} hexadecimal digits with the name of a node.";
            }

            if (Tokens.FirstOrDefault(entry => !IsHash(entry.Key) || !IsToken(entry.Value)) is { Key: { } hash })
            {
                return $"The entry of token '{hash}' has no id, name, scopes or times.";
            }

            if (Users.FirstOrDefault(entry => entry.Value?.Role is { } role && !Roles.TryParse(role, out _)) is { Key: { } person })
            {
                return $"The role of user '{person}' is none of {Roles.All}.";
            }

            return Users.FirstOrDefault(entry => entry.Value is not { Rounds: > 0 and <= MostPasswordRounds } user
                || !IsBase64(user.Salt, 8) || !IsBase64(user.Hash, HashBytes)) is { Key: { } name }
                ? $"The entry of user '{name}' is not a salt, a hash of {HashBytes} bytes, and 1 to {MostPasswordRounds} rounds."
                : null;
        }

        private static bool IsHash(string? text) => text?.Length == 2 * HashBytes && text.All(char.IsAsciiHexDigit);

        private static bool IsBase64(string? text, int fewestBytes)
        {
            Span<byte> bytes = stackalloc byte[64];
            return text?.Length <= 64 && Convert.TryFromBase64String(text, bytes, out int length) && length >= fewestBytes;
        }
    }
}
