using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Abuse.Report;

namespace PouchMonitor.Analysis.Tests.Abuse.Report;

/// <summary>The archive's members are the record, its report and its attachments, each with its SHA-256.</summary>
public sealed class AbuseArchiveTests
{
    [Fact]
    public void TheMembers_AreWhatTheirSumsSay_AndTheRecordReadsBack()
    {
        byte[] note = Encoding.UTF8.GetBytes("the nail bent");
        AbuseReportInput input = AbuseExample.Input(record => record with
        {
            Attachments =
            [
                new AbuseAttachment(1, "../../etc/pass wd", "text/plain", note.Length, Convert.ToHexStringLower(SHA256.HashData(note)), null, "Ada", 5),
                new AbuseAttachment(2, "gone.png", "image/png", 5, new string('0', 64), null, "Ada", 5),
            ],
        }) with
        { AttachmentBytes = attachment => attachment.Id == 1 ? note : null };
        using var stream = new MemoryStream();
        IReadOnlyList<(string Name, string Sha256)> members;
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            members = AbuseArchive.Write(zip, input, AbuseExample.Written);
        }

        using var read = new ZipArchive(stream, ZipArchiveMode.Read);
        Assert.Equal(["record.json", "report.html", "attachments/001-.._.._etc_pass_wd", "SHA256SUMS"], read.Entries.Select(entry => entry.FullName));
        Assert.All(members, member => Assert.Equal(member.Sha256, Convert.ToHexStringLower(SHA256.HashData(Content(read, member.Name)))));
        Assert.Equal(string.Concat(members.Select(member => $"{member.Sha256}  {member.Name}\n")), Encoding.UTF8.GetString(Content(read, "SHA256SUMS")));
        AbuseRecord record = JsonSerializer.Deserialize<AbuseRecord>(Content(read, "record.json"), AbuseJson.Options)!;
        Assert.Equal(AbuseIdentity.ContentSha256(input.Record), AbuseIdentity.ContentSha256(record));
        Assert.Contains(AbuseIdentity.ContentSha256(record), Encoding.UTF8.GetString(Content(read, "report.html")), StringComparison.Ordinal);
    }

    private static byte[] Content(ZipArchive zip, string name)
    {
        using Stream entry = zip.GetEntry(name)!.Open();
        using var copy = new MemoryStream();
        entry.CopyTo(copy);
        return copy.ToArray();
    }
}
