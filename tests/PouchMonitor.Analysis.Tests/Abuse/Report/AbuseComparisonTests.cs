using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Abuse.Report;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Abuse.Report;

/// <summary>Tests side by side show their values beside one another, lay their curves out from the trigger, and warn where they are not alike.</summary>
public sealed class AbuseComparisonTests
{
    [Fact]
    public void ASeriesOverTheStateOfCharge_ShowsValuesAndWhatDiffers()
    {
        AbuseReportInput[] series = [At("c20", 20, 1, 41.25, 500), At("c50", 50, 2, 88.5, 9000.25), At("c100", 100, 3, 234.0213, 0)];
        ReportPage page = Page(series);
        Assert.Equal("", page.StructureProblem());
        IReadOnlyList<double?> hottest = Assert.Single(page.Rows("side"), row => row.Contains(88.5));
        Assert.Equal([null, 41.25, 88.5, 234.0213], hottest);
        Assert.Contains("different versions of their plan: version 1 (c20); version 2 (c50); version 3 (c100)", page.Html, StringComparison.Ordinal);
        Assert.Contains("Not signed: c20, c50, c100.", page.Html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"differs\">20\u00A0%</span>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<bdi>Greatest speed of the nail", page.Html, StringComparison.Ordinal); // Alike in all.
        Assert.Equal(["Voltage", "Surface", "Sensor 2", "Ambient", "Current, positive charges", "Force"], page.Plots.Take(6));
        Assert.Contains("Highest surface temperature", page.Plots);
        Assert.Contains(">State of charge, %</text>", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void CurvesOfTestsAtOtherTimes_LieOverOneAnother()
    {
        string html = Page(At("a", 100, 3, 200, 0), At("b", 100, 3, 200, 86_400)).Html;
        string plot = html[html.IndexOf("<figcaption>Voltage", StringComparison.Ordinal)..];
        string[] paths = [.. plot[..plot.IndexOf("</svg>", StringComparison.Ordinal)].Split("<path class=\"curve").Skip(1).Select(path => path[(path.IndexOf(" d=", StringComparison.Ordinal) + 4)..path.IndexOf("/>", StringComparison.Ordinal)])];
        Assert.Equal(2, paths.Length);
        Assert.Equal(paths[0], paths[1]);
    }

    [Fact]
    public void TestsAlike_EndedAndSigned_AreNotWarnedOf()
    {
        AbuseReportInput Signed(string cell)
        {
            AbuseReportInput input = At(cell, 100, 3, 200, 0);
            AbuseRecord closed = input.Record with { State = AbuseState.Signed, Deviations = [], Figures = input.Record.Figures! with { Deviations = [] } };
            return input with { Record = closed with { Signatures = [new AbuseSignature("Ada", "as recorded", 5, AbuseIdentity.ContentSha256(closed))] } };
        }

        Assert.Contains("All follow the same version of the same plan", Page(Signed("a"), Signed("b")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatMakesFiguresDiffer_IsSaid()
    {
        AbuseReportInput plain = At("a", 100, 3, 200, 0);
        string With(Func<AbuseRecord, AbuseRecord> change) => Page(plain, At("b", 100, 3, 200, 0) is var other ? other with { Record = change(other.Record) } : plain).Html;
        Assert.Contains("different plans: nail-gb (a); crush-gb (b)", With(record => record with { Plan = record.Plan with { Name = "crush-gb" } }), StringComparison.Ordinal);
        Assert.Contains("is not the same in all tests that name it", With(record => record with { Plan = record.Plan with { PreTriggerS = 5 } }), StringComparison.Ordinal);
        Assert.Contains("The profiles of the cells differ: dne-pouch (a); lfp (b)", With(record => record with { Profile = "lfp" }), StringComparison.Ordinal);
        Assert.Contains("Not ended, so that the figures can still change: b.", With(record => record with { State = AbuseState.Observing }), StringComparison.Ordinal);
        Assert.Contains("laid out from the first sample: b.", With(record => record with { TriggeredAt = null, Figures = record.Figures! with { Trigger = null } }), StringComparison.Ordinal);
        Assert.Contains("What told the trigger differs", With(record => record with { Figures = record.Figures! with { Trigger = record.Figures.Trigger! with { Source = TriggerSource.Command } } }), StringComparison.Ordinal);
        Assert.Contains("a (abuse-7f3c, 2)", With(record => record with { Cell = "a" }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(41)]
    public void TooFewOrTooManyTests_AreRefused(int count)
    {
        AbuseReportInput[] inputs = [.. Enumerable.Repeat(AbuseExample.Input(), count)];
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Page(inputs));
        Assert.Contains($"{count}; it must be 2 to 40", fault.Message, StringComparison.Ordinal);
    }

    internal static AbuseReportInput At(string cell, double charge, int version, double hottestC, double shiftS)
    {
        AbuseReportInput input = AbuseExample.Input(record => record with
        {
            Id = "abuse-7f3c",
            Cell = cell,
            Plan = record.Plan with { Version = version, Conditions = [record.Plan.Conditions[0] with { Value = charge }, .. record.Plan.Conditions.Skip(1)] },
            TriggeredAt = AbuseExample.TriggerAt + shiftS,
            Figures = record.Figures! with
            {
                Trigger = record.Figures.Trigger! with { At = AbuseExample.TriggerAt + shiftS },
                Values = [.. record.Figures.Values.Select(value => value.Id == "maximumSurfaceC" ? value with { Value = hottestC, At = value.At + shiftS } : value with { At = value.At + shiftS })],
            },
        });
        return input with { Traces = [.. input.Traces.Select(trace => trace with { TimeS = [.. trace.TimeS.Select(time => time + shiftS)] })] };
    }

    private static ReportPage Page(params IReadOnlyList<AbuseReportInput> inputs) => ReportPage.OfHtml(writer => AbuseComparisonReport.Write(writer, inputs, AbuseExample.Written));
}
