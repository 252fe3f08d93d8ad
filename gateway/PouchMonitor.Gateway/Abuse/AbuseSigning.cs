using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Abuse.Report;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// Signatures over a test as it is: each holds the SHA-256 of the record's JSON without its signatures. With the first one the record
/// is closed; the database itself refuses any other change from then on.
/// </summary>
internal static class AbuseSigning
{
    private const int MostSignatures = 20;
    private const int LongestMeaning = 200;

    public static AbuseRecord Sign(AbuseRecord record, string person, string? meaning, double now)
    {
        AbuseMoves.Require(record, "signed", AbuseState.Ended, AbuseState.Signed);
        AbuseNotes.RequireText("meaning", meaning, LongestMeaning);
        if (record.Signatures.Count >= MostSignatures)
        {
            throw SetupRefusal.Conflict($"{record.Id} has {record.Signatures.Count} signatures, {MostSignatures} are the most.");
        }

        if (record.Signatures.Any(signature => signature.Person == person && signature.Meaning == meaning))
        {
            throw SetupRefusal.Conflict($"{person} has signed {record.Id} as '{meaning}' already.");
        }

        if (record.Signatures.Any(signature => signature.ContentSha256 != AbuseIdentity.ContentSha256(record)))
        {
            throw SetupRefusal.Conflict($"{record.Id} is no longer what was signed; it takes no further signature. Restore it from a backup.");
        }

        AbuseRecord closed = record.State == AbuseState.Signed ? record : (record with { State = AbuseState.Signed }).With(now, AbuseLog.State, "Signed", person);
        return closed with { Signatures = [.. closed.Signatures, new AbuseSignature(person, meaning!, now, AbuseIdentity.ContentSha256(closed))] };
    }

    /// <summary>A stored record with what has become of each signature: whether it is still over what is there.</summary>
    public static AbuseRecord Verified(AbuseRecord record, string body)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Signatures.Count == 0)
        {
            return record;
        }

        string hash = AbuseIdentity.ContentSha256(body);
        return record with { Signatures = [.. record.Signatures.Select(signature => signature with { IsIntact = signature.ContentSha256 == hash })] };
    }
}
