using System.Security.Cryptography;
using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report.Parts;

/// <summary>
/// Attachments: all are listed with their SHA-256, and photos are shown within the page up to a bound, where their content is
/// still what was attached.
/// </summary>
internal sealed class AttachmentPart(PartWriter write, AbuseView view)
{
    private const int MostAttachments = 200;
    private const long MostImageBytes = 6L << 20;
    private const long MostShownBytes = 24L << 20;

    // Pixels alone: a drawing such as SVG could hold more than a picture.
    private static readonly string[] Pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    private readonly HtmlText html = write.Html;
    private readonly List<(AbuseAttachment Attachment, byte[] Bytes)> shown = [];
    private long shownBytes;

    /// <summary>True where the page will hold pictures, which its content policy must allow.</summary>
    public static bool HasPictures(AbuseRecord record) => record.Attachments.Any(IsPicture);

    public void Write()
    {
        write.Section("attachments", "Attachments");
        IReadOnlyList<AbuseAttachment> all = view.Record.Attachments;
        if (all.Count == 0)
        {
            write.None("Nothing is attached.").EndSection();
            return;
        }

        write.Table("attachments", "Name", "Kind", "#Size", "By", "When", "Content (SHA-256)");
        foreach (AbuseAttachment attachment in all.Take(MostAttachments))
        {
            html.Raw("<tr><th scope=\"row\"><bdi>").Text(attachment.Name).Raw("</bdi>");
            if (!string.IsNullOrEmpty(attachment.Text))
            {
                html.Raw("<small>").Text(attachment.Text).Raw("</small>");
            }

            html.Raw("</th>");
            write.Cell(attachment.MediaType, "tight");
            html.Raw("<td class=\"num\">").Figure(attachment.SizeBytes, "#,0.0", "KB", 1e-3).Raw("</td>");
            write.Cell(attachment.Person).Cell(AbuseMoment.Coarse(attachment.At), "when");
            html.Raw("<td><code>").Text(attachment.Sha256).Raw("</code><small>").Raw(Take(attachment)).Raw("</small></td></tr>\n");
        }

        write.EndTable();
        write.LeftOut(Math.Min(MostAttachments, all.Count), all.Count, "attachments");
        WritePictures();
        write.EndSection();
    }

    private static bool IsPicture(AbuseAttachment attachment) => Pictures.Contains(attachment.MediaType, StringComparer.OrdinalIgnoreCase);

    // Says what becomes of the content, in the report's own words, and keeps what is to be shown.
    private string Take(AbuseAttachment attachment)
    {
        if (!IsPicture(attachment))
        {
            return "in the archive";
        }

        if (attachment.SizeBytes > MostImageBytes || shownBytes + attachment.SizeBytes > MostShownBytes)
        {
            return "in the archive; too large to be shown here";
        }

        if (view.Input.AttachmentBytes(attachment) is not { } bytes)
        {
            return "<b>content not at hand</b>";
        }

        if (!string.Equals(Convert.ToHexStringLower(SHA256.HashData(bytes)), attachment.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            return "<b>NOT the content that was attached: its SHA-256 differs; not shown</b>";
        }

        if (bytes.LongLength > MostImageBytes || shownBytes + bytes.LongLength > MostShownBytes)
        {
            return "in the archive; too large to be shown here";
        }

        shownBytes += bytes.LongLength;
        shown.Add((attachment, bytes));
        return "shown below; content checked";
    }

    private void WritePictures()
    {
        if (shown.Count == 0)
        {
            return;
        }

        html.Raw("<div class=\"photos\">\n");
        foreach ((AbuseAttachment attachment, byte[] bytes) in shown)
        {
            string mediaType = Pictures.First(one => string.Equals(one, attachment.MediaType, StringComparison.OrdinalIgnoreCase));
            html.Raw($"<figure class=\"photo\"><img src=\"data:{mediaType};base64,").Raw(Convert.ToBase64String(bytes)).Raw("\" alt=\"").Text(attachment.Name)
                .Raw("\"><figcaption><bdi>").Text(attachment.Name).Raw("</bdi>");
            html.Text(string.IsNullOrEmpty(attachment.Text) ? "" : ": " + attachment.Text).Raw("</figcaption></figure>\n");
        }

        html.Raw("</div>\n");
    }
}
