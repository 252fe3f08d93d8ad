using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PouchMonitor.Analysis.Abuse.Report;

/// <summary>
/// The members of an abuse test's archive: the record, the report, the attachments and the raw data, with a list of their SHA-256 that
/// <c>sha256sum -c</c> reads.
/// </summary>
public static class AbuseArchive
{
    public const string RecordName = "record.json";
    public const string ReportName = "report.html";
    public const string SumsName = "SHA256SUMS";

    /// <summary>The archive of the recorded test, as <c>pouchmonitor import</c> takes it.</summary>
    public const string TestName = "data/test.zip";

    /// <summary>The infrared images as a table.</summary>
    public const string ImagesName = "data/images.csv.gz";
    private const string AttachmentFolder = "attachments/";
    private const int LongestName = 80;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes the members into an archive that is being made.</summary>
    /// <param name="zip">Where to; other members may be before and after.</param>
    /// <param name="input">The test; an attachment whose content is not at hand is left out, and the report says so.</param>
    /// <param name="writtenUtc">When, for the report's foot and the members' dates.</param>
    /// <param name="data">Raw data: the member's name, and the file it is read from, which is packed already.</param>
    /// <returns>Name and SHA-256 of each member, the list of sums excepted.</returns>
    public static IReadOnlyList<(string Name, string Sha256)> Write(ZipArchive zip, AbuseReportInput input, DateTimeOffset writtenUtc, params IReadOnlyList<(string Name, string Path)> data)
    {
        ArgumentNullException.ThrowIfNull(zip);
        ArgumentNullException.ThrowIfNull(input);
        List<(string Name, string Sha256)> members = [];
        void Add(string name, byte[] content, CompressionLevel level = CompressionLevel.Optimal)
        {
            Put(zip, name, content, level, writtenUtc);
            members.Add((name, Convert.ToHexStringLower(SHA256.HashData(content))));
        }

        Add(RecordName, JsonSerializer.SerializeToUtf8Bytes(input.Record, AbuseJson.Options));
        using (var report = new StringWriter(CultureInfo.InvariantCulture))
        {
            AbuseReport.Write(report, input, writtenUtc);
            Add(ReportName, Utf8.GetBytes(report.ToString()));
        }

        foreach (AbuseAttachment attachment in input.Record.Attachments)
        {
            if (input.AttachmentBytes(attachment) is { } bytes)
            {
                Add(NameOf(attachment), bytes, CompressionLevel.NoCompression); // Photos and videos do not shrink.
            }
        }

        foreach ((string name, string path) in data ?? [])
        {
            using FileStream file = File.OpenRead(path);
            members.Add((name, Convert.ToHexStringLower(SHA256.HashData(file))));
            zip.CreateEntryFromFile(path, name, CompressionLevel.NoCompression);
        }

        Put(zip, SumsName, Utf8.GetBytes(string.Concat(members.Select(member => $"{member.Sha256}  {member.Name}\n"))), CompressionLevel.Optimal, writtenUtc);
        return members;
    }

    /// <summary>Name of an attachment in the archive: its number, and of its own name what no file system takes for a path.</summary>
    public static string NameOf(AbuseAttachment attachment)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        string safe = new([.. attachment.Name.TakeLast(LongestName).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' ? letter : '_')]);
        return FormattableString.Invariant($"{AttachmentFolder}{attachment.Id:000}-{safe}");
    }

    private static void Put(ZipArchive zip, string name, byte[] content, CompressionLevel level, DateTimeOffset writtenUtc)
    {
        ZipArchiveEntry entry = zip.CreateEntry(name, level);
        entry.LastWriteTime = writtenUtc;
        using Stream stream = entry.Open();
        stream.Write(content);
    }
}
