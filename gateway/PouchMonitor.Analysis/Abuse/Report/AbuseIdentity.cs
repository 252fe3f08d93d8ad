using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PouchMonitor.Analysis.Abuse.Report;

/// <summary>What a record is known by.</summary>
public static class AbuseIdentity
{
    /// <summary>
    /// SHA-256, in lower case hexadecimal, of the record's JSON without its <c>signatures</c>: what a signature is over, so that a
    /// reader can tell whether a record is still what was signed.
    /// </summary>
    public static string ContentSha256(AbuseRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return ContentSha256(JsonSerializer.Serialize(record, AbuseJson.Options));
    }

    /// <summary>The same of the text that is stored: what a later program would add to a record is no change of it.</summary>
    /// <param name="body">JSON of a record.</param>
    public static string ContentSha256(string body)
    {
        JsonObject record = JsonNode.Parse(body)!.AsObject();
        record.Remove("signatures");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(record.ToJsonString())));
    }

    /// <summary>
    /// True where the record is still what was signed. The store says so of what it holds; a record that comes from elsewhere is
    /// held against its own content.
    /// </summary>
    public static bool IsIntact(AbuseRecord record, AbuseSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        return signature.IsIntact ?? string.Equals(signature.ContentSha256, ContentSha256(record), StringComparison.OrdinalIgnoreCase);
    }
}
