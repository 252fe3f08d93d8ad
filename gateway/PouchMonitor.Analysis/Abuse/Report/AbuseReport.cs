using PouchMonitor.Analysis.Abuse.Report.Parts;
using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report;

/// <summary>
/// The report of one abuse test, for reviewers: one HTML file that needs nothing else, neither a script nor anything from the
/// network, and prints on A4. What is not known is said with its reason; what nobody confirmed or signed is said at its head.
/// </summary>
public static class AbuseReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="output">Where to; what encodes it must use UTF-8.</param>
    /// <param name="input">The test; a record whose test has not ended is marked as provisional.</param>
    /// <param name="writtenUtc">When, for the foot of the page.</param>
    public static void Write(TextWriter output, AbuseReportInput input, DateTimeOffset writtenUtc)
    {
        ArgumentNullException.ThrowIfNull(output);
        var view = new AbuseView(input);
        var html = new HtmlText(output);
        var write = new PartWriter(html);
        string standing = view.Standing.Length > 0 ? " · " + view.Standing : "";
        AbusePage.Begin(html, view.Record.Cell + ", abuse test", $"{view.Record.Cell} · {view.Record.Id}{standing}", AttachmentPart.HasPictures(view.Record));
        new HeadPart(write, view).Write();
        new SignaturePart(write, view).Write();
        new SetupPart(write, view).Write();
        var tables = new TableParts(write, view);
        tables.WriteChecklist();
        tables.WriteCriteria();
        tables.WriteValues();
        new CoursePart(write, view).Write();
        new InfraredPart(write, view).Write();
        var end = new EndParts(write, view);
        end.WriteLosses();
        end.WriteDeviations();
        end.WriteObservations();
        end.WriteLog();
        new AttachmentPart(write, view).Write();
        end.WriteIdentity();
        AbusePage.End(html, writtenUtc);
    }
}
