using System.Security.Cryptography;
using System.Text;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Abuse.Report;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Abuse.Report;

/// <summary>The report of an abuse test shows all of its record with exact figures, says what is absent or unconfirmed, and stands alone.</summary>
public sealed class AbuseReportTests
{
    private static readonly byte[] Photo = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Fact]
    public void TheSections_StandInAReviewersOrder_AndThePageNeedsNothingElse()
    {
        ReportPage page = Page(AbuseExample.Input());
        string[] sections =
        [
            "verdict", "signatures", "setup", "checklist", "criteria", "values", "course", "infrared", "losses", "deviations", "observations", "log", "attachments", "identity",
        ];
        int[] places = [.. sections.Select(section => page.Html.IndexOf($"id=\"{section}\"", StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.Equal("", page.StructureProblem());
        foreach (string forbidden in (string[])["<script", "<link", "<iframe", "http:", "https:", "url(", "@import", "src=", " onload", " onerror", " onclick"])
        {
            Assert.DoesNotContain(forbidden, page.Html, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("content=\"default-src 'none'; style-src 'unsafe-inline'\"", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void TheTables_CarryTheRecordsExactFigures()
    {
        AbuseReportInput input = AbuseExample.Input();
        ReportPage page = Page(input);
        AbuseFigures figures = input.Record.Figures!;
        IReadOnlyList<IReadOnlyList<double?>> values = page.Rows("values");
        Assert.Equal(figures.Values.Select(value => value.Value), values.Select(row => row[1]));
        Assert.Equal(
            figures.Values.Where(value => value.Value is not null).Select(value => value.At - AbuseExample.TriggerAt),
            values.Where(row => row[1] is not null).Select(row => row[2]));
        Assert.Equal(figures.Criteria.Select(criterion => criterion.Observed), page.Rows("criteria").Select(row => row[2]));
        Assert.Contains(">234.0</data>\u00A0±\u00A0<data value=\"1.27\">1.3</data>\u00A0°C", page.Html, StringComparison.Ordinal);
        Assert.Contains(">4.1500</data>\u00A0±\u00A0<data value=\"0.0021\">0.0021</data>\u00A0V", page.Html, StringComparison.Ordinal);
        Assert.Contains("not known: The current saturated its converter from the trigger on.", page.Html, StringComparison.Ordinal);
        Assert.Contains(32.41 - 27.05, page.Figures);
        Assert.Contains("2026-09-21 14:15:30.420\u00A0UTC", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatNobodySignedOrConfirmed_IsSaidAtTheHead()
    {
        string html = Page(AbuseExample.Input()).Html;
        string head = html[html.IndexOf("<header", StringComparison.Ordinal)..html.IndexOf("id=\"signatures\"", StringComparison.Ordinal)];
        Assert.Contains("<b>NOT SIGNED</b>", head, StringComparison.Ordinal);
        Assert.Contains("Not confirmed by a person", head, StringComparison.Ordinal);
        Assert.Contains("only a person can say", head, StringComparison.Ordinal);
        Assert.Contains("Not passed", head, StringComparison.Ordinal);
        Assert.Contains("Proposed from the readings: <b>level <data value=\"4\">4</data></b>, vent", head, StringComparison.Ordinal);
        Assert.Contains("\\B7  NOT SIGNED\"", html, StringComparison.Ordinal); // At the foot of each printed page.
        Assert.Contains("recalled: check the lab&#39;s own copy of the standard", html, StringComparison.Ordinal);

        html = Page(AbuseExample.Input(record => record with { State = AbuseState.Observing, EndedAt = null })).Html;
        Assert.Contains("<b>NOT ENDED: provisional</b>", html, StringComparison.Ordinal);
        html = Page(AbuseExample.Input(record => record with { State = AbuseState.Cancelled, Figures = null, TriggeredAt = null })).Html;
        Assert.Contains("<b>CANCELLED, never triggered</b>", html, StringComparison.Ordinal);
        Assert.Contains("No verdict: cancelled", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ASignedRecord_IsToldFromOneThatWasChangedAfterwards()
    {
        AbuseRecord closed = AbuseExample.Record() with { State = AbuseState.Signed, Observations = new AbuseObservations { HazardLevel = 4, Person = "Ada", Reason = "vapour" } };
        AbuseRecord signed = closed with
        {
            Signatures = [new AbuseSignature("Ada", "Carried out as recorded", AbuseExample.TriggerAt + 7300, AbuseIdentity.ContentSha256(closed))],
        };
        string html = Page(AbuseExample.Input(_ => signed)).Html;
        Assert.Contains("the record is as signed", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NOT", html[html.IndexOf("<main", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("Confirmed by <bdi>Ada</bdi>", html, StringComparison.Ordinal);

        html = Page(AbuseExample.Input(_ => signed with { Deviations = [] })).Html;
        Assert.Contains("NOT the record as it is now", html, StringComparison.Ordinal);
        Assert.DoesNotContain("the record is as signed", html, StringComparison.Ordinal);
    }

    [Fact]
    public void HostileText_StaysText_InThePageAndInItsStyle()
    {
        foreach (string name in (string[])["</title><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "\u202Egnp.exe", "</style><b>", "x\" } body { display: none", "\\", "-->", "x\u0000y\nz", "\uD800"])
        {
            ReportPage page = Page(HostileRecord.Of(name));
            Assert.Equal("", page.StructureProblem());
            Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", page.Html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("\u202E", page.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("\u0000", page.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("display: none }", page.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("\\\"", page.Html, StringComparison.Ordinal);
            Assert.Equal(page.Html, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(page.Html)));
            ReportPage both = ReportPage.OfHtml(writer => AbuseComparisonReport.Write(writer, [HostileRecord.Of(name), HostileRecord.Of(name + "2")], AbuseExample.Written));
            Assert.Equal("", both.StructureProblem());
            Assert.DoesNotContain("<script", both.Html, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Photos_AreWithinThePage_OnlyWhereTheyAreWhatWasAttached()
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Photo));
        AbuseAttachment[] attachments =
        [
            new AbuseAttachment(1, "after.png", "image/png", Photo.Length, hash, "The cell after the test", "Ada", AbuseExample.TriggerAt + 7000),
            new AbuseAttachment(2, "changed.png", "image/png", Photo.Length, new string('0', 64), null, "Ada", AbuseExample.TriggerAt + 7000),
            new AbuseAttachment(3, "missing.jpg", "image/jpeg", 1000, new string('1', 64), null, "Ada", AbuseExample.TriggerAt + 7000),
            new AbuseAttachment(4, "drawing.svg", "image/svg+xml", 1000, new string('2', 64), null, "Ada", AbuseExample.TriggerAt + 7000),
            new AbuseAttachment(5, "nail.mp4", "video/mp4", 9_000_000, new string('3', 64), null, "Ada", AbuseExample.TriggerAt + 7000),
            new AbuseAttachment(6, "huge.png", "image/png", 19_000_000, new string('4', 64), null, "Ada", AbuseExample.TriggerAt + 7000),
        ];
        AbuseReportInput input = AbuseExample.Input(record => record with { Attachments = attachments });
        List<int> asked = [];
        ReportPage page = Page(input with
        {
            AttachmentBytes = attachment =>
            {
                asked.Add(attachment.Id);
                return attachment.Id == 3 ? null : Photo;
            },
        });
        Assert.Equal([1, 2, 3], asked);
        Assert.Equal("", page.StructureProblem());
        Assert.Single(page.Html.Split("<img src=\"data:image/png;base64,"), part => part.StartsWith(Convert.ToBase64String(Photo), StringComparison.Ordinal));
        Assert.Equal(2, page.Html.Split("<img ").Length);
        Assert.Contains("style-src 'unsafe-inline'; img-src data:\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("NOT the content that was attached", page.Html, StringComparison.Ordinal);
        Assert.Contains("content not at hand", page.Html, StringComparison.Ordinal);
        Assert.Contains("too large to be shown here", page.Html, StringComparison.Ordinal);
        Assert.Equal(attachments.Length, page.Rows("attachments").Count);
        Assert.All(attachments, attachment => Assert.Contains(attachment.Sha256, page.Html, StringComparison.Ordinal));
    }

    [Fact]
    public void AnEmptyRecord_SaysOfEachPartThatThereIsNothing()
    {
        AbuseRecord record = new()
        {
            Id = "r1", Cell = "c1", Plan = AbuseExample.Plan with { Conditions = [] }, State = AbuseState.Preparing, CreatedAt = 5, CreatedBy = "",
        };
        ReportPage page = Page(new AbuseReportInput(record, [], [], _ => null));
        Assert.Equal("", page.StructureProblem());
        Assert.Empty(page.Plots);
        foreach (string sentence in (string[])
            ["No check is recorded.", "No calibration is recorded", "Nothing was computed", "No infrared image was recorded.", "Nobody has entered observations.", "The log is empty.", "Nothing is attached.", "not weighed"])
        {
            Assert.Contains(sentence, page.Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AVeryLongTest_StaysBounded()
    {
        double[] times = [.. Enumerable.Range(0, 100_000).Select(at => AbuseExample.TriggerAt - 100 + (at * 0.02))];
        AbuseReportInput input = AbuseExample.Input(record => record with
        {
            Log = [.. Enumerable.Range(0, 10_000).Select(at => new AbuseLogEntry(AbuseExample.TriggerAt + at, "note", "something was seen", null))],
            Deviations = [.. Enumerable.Range(0, 5000).Select(at => "a deviation in so many words")],
        });
        input = input with
        {
            Traces = [.. Enumerable.Range(0, 4).Select(at => new AbuseTrace($"t{at}", $"Sensor {at}", "C", times, [.. times.Select(time => (double?)(20 + Math.Sin(time * (at + 1))))]))],
        };
        ReportPage page = Page(input);
        Assert.InRange(Encoding.UTF8.GetByteCount(page.Html), 100_000, 4_000_000);
        Assert.Contains("The first <data value=\"500\">500</data> of <data value=\"10000\">10,000</data> entries", page.Html, StringComparison.Ordinal);
    }

    private static ReportPage Page(AbuseReportInput input) => ReportPage.OfHtml(writer => AbuseReport.Write(writer, input, AbuseExample.Written));
}
