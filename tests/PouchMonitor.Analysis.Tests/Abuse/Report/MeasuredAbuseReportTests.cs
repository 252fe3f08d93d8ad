using PouchMonitor.Analysis.Abuse.Report;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Abuse.Report;

/// <summary>The measured indentations of two pouches, in one report each and side by side.</summary>
public sealed class MeasuredAbuseReportTests
{
    [Fact]
    public void ASeriesThatCountsFromZero_IsToldInItsOwnSeconds()
    {
        ReportPage page = ReportPage.OfHtml(writer => AbuseReport.Write(writer, OrnlReport.Input("ornl_500mAh1-100S0C", 123.3), AbuseExample.Written));
        Assert.Equal("", page.StructureProblem());
        Assert.Contains("123.30 s of the series", page.Html, StringComparison.Ordinal);
        Assert.Contains("none: read from a file", page.Html, StringComparison.Ordinal);
        Assert.Equal(["Voltage", "Surface", "Rate of temperature, dT/dt", "Force", "Voltage", "Surface", "Rate of temperature, dT/dt", "Force", "Voltage", "Force"], page.Plots);
    }

    [Fact]
    public void BothStatesOfCharge_LieSideBySide()
    {
        ReportPage page = ReportPage.OfHtml(writer => AbuseComparisonReport.Write(
            writer, [OrnlReport.Input("ornl_500mAh1-20S0C", 128.5), OrnlReport.Input("ornl_500mAh1-100S0C", 123.3)], AbuseExample.Written));
        Assert.Equal("", page.StructureProblem());
        Assert.Equal(["Voltage", "Surface", "Force", "Voltage", "Surface", "Force"], page.Plots);
    }
}
