using System.Text;
using System.Text.Json;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Tests.Support;
using PouchMonitor.Analysis.Uncertainty;

namespace PouchMonitor.Analysis.Tests.Report.Html;

/// <summary>The report for people says what the JSON says, stands alone, and lets no name of a file or cell act as markup.</summary>
public sealed class HtmlReportTests
{
    private static readonly string[] Hostile =
    [
        "</title><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "a&lt;b'c\"d", "\u202Egnp.exe", "</style>", "-->", "x\u0000y\nz", "\uD800",
    ];

    [Fact]
    public void TheTableOfCycles_IsTheJson()
    {
        AnalysisReport report = ReportRun.Of(new PeakCell().Cycle(0.5, heldSeconds: 600).Cycle(0.5).Cycle(0.5).Rest(60).ToArray());
        var page = new ReportPage(report);
        using JsonDocument json = ReportRun.Json(report);
        Assert.Equal(
            ["Cycle", "Charge Ah", "Discharge Ah", "Retention %", "CE %", "Charge Wh", "Discharge Wh", "EE %", "Mean V charge", "Mean V discharge", "Gap mV", "Held Ah", "Max °C", "Quality"],
            page.Heads("cycles"));
        string[] names =
        [
            "index", "chargeCapacityAh", "dischargeCapacityAh", "", "coulombicEfficiency", "chargeEnergyWh", "dischargeEnergyWh", "energyEfficiency", "meanChargeVoltageV",
            "meanDischargeVoltageV", "polarizationV", "constantVoltageChargeAh", "maxTemperatureC",
        ];
        Dictionary<int, double> retention = json.RootElement.GetProperty("retentionCurve").EnumerateArray().ToDictionary(point => point[0].GetInt32(), point => point[1].GetDouble());
        JsonElement[] cycles = [.. json.RootElement.GetProperty("cycles").EnumerateArray()];
        IReadOnlyList<IReadOnlyList<double?>> rows = page.Rows("cycles");
        Assert.Equal(3, cycles.Length);
        Assert.Equal(cycles.Length, rows.Count);
        foreach ((JsonElement cycle, IReadOnlyList<double?> row) in cycles.Zip(rows))
        {
            double?[] expected =
            [
                .. names.Select(name => name.Length == 0 ? retention[cycle.GetProperty("index").GetInt32()]
                    : cycle.GetProperty(name).ValueKind == JsonValueKind.Null ? (double?)null : cycle.GetProperty(name).GetDouble()),
            ];
            Assert.Equal(expected, row.Take(expected.Length));
        }
    }

    [Fact]
    public void UncertaintiesOfABoard_StandBesideTheirFigures()
    {
        AnalysisReport report = ReportRun.Of(new PeakCell().Cycle(0.5, heldSeconds: 600).Cycle(0.5).Rest(60).ToArray(), board: new MeasuringBoard(0.1, default, default));
        var page = new ReportPage(report);
        using JsonDocument json = ReportRun.Json(report);
        Assert.Equal(
            [
                "Cycle", "Charge Ah", "± Ah", "Discharge Ah", "± Ah", "Retention %", "CE %", "± %", "Charge Wh", "Discharge Wh", "EE %", "Mean V charge", "Mean V discharge",
                "Gap mV", "± mV", "Held Ah", "Max °C", "Quality",
            ],
            page.Heads("cycles"));
        foreach ((JsonElement cycle, IReadOnlyList<double?> row) in json.RootElement.GetProperty("cycles").EnumerateArray().Zip(page.Rows("cycles")))
        {
            string[] names = ["chargeCapacityUncertaintyAh", "dischargeCapacityUncertaintyAh", "coulombicEfficiencyUncertainty", "polarizationUncertaintyV"];
            Assert.Equal(names.Select(name => (double?)cycle.GetProperty(name).GetDouble()), [row[2], row[4], row[7], row[14]]);
        }
    }

    [Fact]
    public void ThePeaks_AreTheJson()
    {
        AnalysisReport report = ReportRun.Of(new PeakCell().Cycle(0.5).Cycle(0.5).Rest(60).ToArray());
        using JsonDocument json = ReportRun.Json(report);
        JsonElement dqdv = json.RootElement.GetProperty("dqdv");
        double[] positions = [.. dqdv.GetProperty("halfCycles").EnumerateArray().SelectMany(half => half.GetProperty("peaks").EnumerateArray()).Select(peak => peak.GetProperty("positionV").GetDouble())];
        double[] separations = [.. dqdv.GetProperty("separations").EnumerateArray().Select(pair => pair.GetProperty("separationV").GetDouble())];
        IReadOnlyList<IReadOnlyList<double?>> rows = new ReportPage(report).Rows("peaks");
        Assert.Equal(positions, rows.Select(row => row[3]!.Value));
        Assert.Equal(separations.Concat(separations).Order(), rows.Select(row => row[7]!.Value).Order()); // Beside the peak of the charge and that of the discharge.
    }

    [Fact]
    public void TheWords_CarryTheFiguresOfTheJson()
    {
        AnalysisReport report = ReportRun.Of(RealSeries.Load("nasa_b0005"));
        var page = new ReportPage(report);
        Assert.Contains(report.Standing!.Retention!.Value, page.Figures);
        Finding crossing = report.Findings.Single(finding => finding.Measure == "dischargeCapacityRetention");
        Assert.Contains("It has crossed the end of life, <data value=\"0.8\">80</data>", page.Html, StringComparison.Ordinal);
        Assert.Contains(crossing.Observed!.Value, page.Figures);
        Assert.Equal(report.Findings.Count, page.Rows("findings").Count);
        Assert.Equal(
            ["Capacity", "Coulombic efficiency", "Polarization", "Resistance of current steps after 10 s", "Peaks of dQ/dV", "Highest temperature of each cycle", "dQ/dV", "Voltage over charge"],
            page.Plots);
        Assert.Contains("of <data value=\"168\">168</data> cycles: the first and last 10", page.Html, StringComparison.Ordinal);
        Assert.Equal("", page.StructureProblem());
    }

    [Fact]
    public void AProjection_IsToldWithItsInterval()
    {
        AnalysisReport report = ReportRun.Of(new PeakCell().Cycle(1).Rest(60).ToArray());
        var projection = new Analysis.Detection.Cycles.EndOfLifeProjection(107.6, 98.25, double.PositiveInfinity);
        report = report with { Standing = report.Standing! with { Retention = 0.93, Projection = projection } };
        var page = new ReportPage(report);
        Assert.Contains("about cycle <data value=\"107.6\">108</data> (95 %: <data value=\"98.25\">98</data> or later)", page.Html, StringComparison.Ordinal);
        using JsonDocument json = ReportRun.Json(report);
        Assert.Equal("{\"cycle\":107.6,\"lowCycle\":98.25,\"highCycle\":null}", json.RootElement.GetProperty("projection").GetRawText());
    }

    [Fact]
    public void ATestWithoutAnyCycle_ShowsVoltageAndTemperatures()
    {
        AnalysisReport report = ReportRun.Of(RealSeries.LoadAbuse("ornl_500mAh1-100S0C"));
        var page = new ReportPage(report);
        Assert.Equal(
            ["Voltage about the gravest findings", "Temperatures about the gravest findings", "Voltage over the whole test", "Temperatures over the whole test"], page.Plots);
        Assert.Contains("The record holds no cycle", page.Html, StringComparison.Ordinal);
        Assert.Contains(77.753, page.Figures);
        Assert.Equal("", page.StructureProblem());
    }

    [Fact]
    public void ThePage_NeedsNothingElse()
    {
        string html = new ReportPage(ReportRun.Of(new PeakCell().Cycle(1).Cycle(1).Cycle(1).Rest(60).ToArray())).Html;
        foreach (string forbidden in (string[])["<script", "<link", "<img", "<iframe", "http:", "https:", "url(", "@import", "src=", " onload", " onerror", " onclick"])
        {
            Assert.DoesNotContain(forbidden, html, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
    }

    [Fact]
    public void HostileNames_StayText()
    {
        AnalysisReport plain = ReportRun.Of(new PeakCell().Cycle(1).Cycle(1).Cycle(1).Rest(60).ToArray());
        foreach (string name in Hostile)
        {
            var finding = new Finding
            {
                Rule = name, OnsetMicroseconds = 5, Severity = FindingSeverity.Warning, Cycle = 2, Measure = name, Unit = name, Message = name, Observed = 1,
            };
            AnalysisReport report = plain with
            {
                Cell = name,
                Source = name,
                Findings = [finding, finding with { Rule = RuleNames.CapacityFade, OnsetMicroseconds = 6 }],
                Cycles = [.. plain.Cycles.Select(cycle => cycle with { QualityReason = name })],
                Standing = plain.Standing! with { Profile = plain.Standing!.Profile with { Name = name, Description = name } },
                Counters = new InstrumentCounters { Compared = [], Excepted = [new CounterException(1, true, name)] },
            };
            var page = new ReportPage(report, report);
            Assert.Equal("", page.StructureProblem());
            Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", page.Html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("\u202E", page.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("\u0000", page.Html, StringComparison.Ordinal);
            Assert.Equal(page.Html, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(page.Html)));
        }
    }

    [Fact]
    public void TenThousandCycles_StayBelowThreeMegabytes_AndSayWhatIsLeftOut()
    {
        AnalysisReport plain = ReportRun.Of(new PeakCell().Cycle(1).Cycle(1).Rest(60).ToArray());
        CycleSummary first = plain.Cycles[0];
        AnalysisReport report = plain with
        {
            Cycles = [.. Enumerable.Range(1, 10_000).Select(index => first with
            {
                Index = index, StartMicroseconds = index * 1000, EndMicroseconds = (index * 1000) + 999, DischargeCapacityAh = 1 - (index * 1e-5),
                Quality = index % 3 == 0 ? CycleQuality.Gapped : CycleQuality.Complete, QualityReason = "a reason in so many words",
            })],
            Findings = [.. Enumerable.Range(1, 5000).Select(at => new Finding
            {
                Rule = RuleNames.BadReading, OnsetMicroseconds = at, Severity = FindingSeverity.Advisory, Measure = "voltage", Unit = "V", Message = "a reading that is not believed", Cycle = at,
            })],
        };
        var page = new ReportPage(report);
        Assert.InRange(Encoding.UTF8.GetByteCount(page.Html), 50_000, 3_000_000);
        Assert.InRange(page.Rows("cycles").Count, 60, 260);
        Assert.Contains("of <data value=\"10000\">10,000</data> cycles", page.Html, StringComparison.Ordinal);
        Assert.Contains("The 300 worst of 5000 findings", page.Html, StringComparison.Ordinal);
        Assert.Contains("Thinned from ", page.Html, StringComparison.Ordinal);
    }
}
