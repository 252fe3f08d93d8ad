using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report.Parts;

/// <summary>Who signed what, and whether the record is still what was signed.</summary>
internal sealed class SignaturePart(PartWriter write, AbuseView view)
{
    private readonly HtmlText html = write.Html;

    public void Write()
    {
        write.Section("signatures", "Signatures");
        if (view.Record.Signatures.Count == 0)
        {
            html.Raw("<p class=\"standing\"><b>NOT SIGNED</b> ").Raw(view.IsOver ? "Nobody stands for this record." : "The test has not ended; only an ended test can be signed.").Raw("</p>\n");
            write.EndSection();
            return;
        }

        write.Table("signatures", "Name", "Meaning", "Signed", "Record as signed (SHA-256)");
        foreach (AbuseSignature signature in view.Record.Signatures)
        {
            bool isSame = AbuseIdentity.IsIntact(view.Record, signature);
            html.Raw("<tr><th scope=\"row\"><bdi>").Text(signature.Person).Raw("</bdi></th>");
            write.Cell(signature.Meaning).Cell(AbuseMoment.Coarse(signature.At));
            html.Raw("<td><code>").Text(signature.ContentSha256).Raw("</code><br>");
            write.Chip(isSame ? "good" : "emergency", isSame ? "the record is as signed" : "NOT the record as it is now");
            html.Raw("</td></tr>\n");
        }

        write.EndTable();
        write.EndSection();
    }
}
