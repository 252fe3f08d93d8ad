using System.Globalization;
using System.Text.RegularExpressions;
using PouchMonitor.Analysis.Uncertainty;
using PouchMonitor.Architecture.Tests;
using PouchMonitor.Hardware.Tests.Support;

namespace PouchMonitor.Hardware.Tests.Documents;

/// <summary>hardware/bom.csv is what the netlists and the budgets were computed with.</summary>
public sealed partial class BillOfMaterialsTests
{
    private static readonly string[] Header = ["ref", "per", "quantity", "value", "manufacturer", "part", "reason"];

    [Fact]
    public void EveryRow_NamesAPartAndAReason()
    {
        List<string[]> rows = Rows();
        Assert.Equal(Header, rows[0]);
        Assert.All(rows.Skip(1), row =>
        {
            Assert.Equal(Header.Length, row.Length);
            Assert.All(row, field => Assert.False(string.IsNullOrWhiteSpace(field), string.Join(',', row)));
            Assert.True(int.Parse(row[2], CultureInfo.InvariantCulture) >= 1);
        });
    }

    [Theory]
    [InlineData("voltage-input", "r1", "R1")]
    [InlineData("voltage-input", "r2", "R2")]
    [InlineData("voltage-input", "cdiff", "C1")]
    [InlineData("voltage-input", "ccm", "C2")]
    [InlineData("shunt-input", "rfilter", "R5")]
    [InlineData("shunt-input", "cdiff", "C5")]
    [InlineData("shunt-input", "ccm", "C6")]
    [InlineData("input-fault", "r1", "R1")]
    [InlineData("input-fault", "r2", "R2")]
    [InlineData("input-fault", "rbuffer", "R20")]
    [InlineData("thermistor-divider", "rseries", "R10")]
    [InlineData("thermistor-divider", "rfilter", "R11")]
    [InlineData("thermistor-divider", "cfilter", "C11")]
    [InlineData("window-comparator", "rinput", "R20")]
    [InlineData("window-comparator", "cinput", "C20")]
    [InlineData("window-comparator", "rupper", "R21")]
    [InlineData("window-comparator", "rlower", "R22")]
    [InlineData("window-comparator", "cdivider", "C21")]
    [InlineData("window-comparator", "rhyst", "R23")]
    [InlineData("window-comparator", "rfov", "R24")]
    [InlineData("window-comparator", "rfuv", "R28")]
    public void Netlists_HaveTheValuesOfTheBill(string netlist, string parameter, string reference) =>
        Assert.Equal(ValueOf(reference), Parameter(netlist, parameter), ValueOf(reference) * 1e-9);

    [Fact]
    public void Budgets_HaveTheValuesOfTheBill()
    {
        Assert.Equal(2 * (ValueOf("R1") + ValueOf("R2")), FrontEnd.OneAmpereHour.VoltageFilterOhms, 1e-9);
        Assert.Equal(2 * ValueOf("R5"), FrontEnd.OneAmpereHour.CurrentFilterOhms, 1e-9);
        Assert.Equal(ValueOf("R10"), new ThermistorDivider().SeriesOhms, 1e-9);
        Assert.Equal(ValueOf("R11"), new ThermistorDivider().FilterOhms, 1e-9);
        double[] shunts = [.. Rows().Where(row => row[0] == "RS1").Select(row => Number(row[3]))];
        Assert.Equal([FrontEnd.OneAmpereHour.ShuntOhms, FrontEnd.ThreeAmpereHours.ShuntOhms, 0.25], shunts);
    }

    [Fact]
    public void TheSupplyOfTheSegment_IsThatOfTheNetlists()
    {
        double supply = 1.22 * (1 + (ValueOf("R30") / ValueOf("R31")));
        Assert.Equal(supply, Parameter("window-comparator", "vseg"), 0.005);
        Assert.Equal(supply, Parameter("input-fault", "vseg"), 0.005);
        Assert.Equal(2.5 * ValueOf("R33") / (ValueOf("R32") + ValueOf("R33")), Parameter("shunt-input", "vbias"), 1e-9);
    }

    private static double Parameter(string netlist, string name)
    {
        string text = File.ReadAllText(Path.Combine(Ngspice.Folder, netlist + ".cir"));
        Match match = Assert.Single(ParameterLine().Matches(text), found => found.Groups["name"].Value == name);
        return Number(match.Groups["value"].Value);
    }

    private static double ValueOf(string reference) =>
        Number(Rows().First(row => row[0].Split(' ').Contains(reference, StringComparer.Ordinal))[3]);

    /// <summary>"47 nF", "47n", "3.9 MOhm", "3.9meg", "100 mOhm" and the like.</summary>
    private static double Number(string text)
    {
        Match match = Quantity().Match(text);
        Assert.True(match.Success, text);
        double factor = match.Groups["prefix"].Value switch
        {
            "p" => 1e-12,
            "n" => 1e-9,
            "u" => 1e-6,
            "m" => 1e-3,
            "k" => 1e3,
            "M" or "meg" => 1e6,
            _ => 1,
        };
        return double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * factor;
    }

    private static List<string[]> Rows() =>
    [
        .. File.ReadLines(Path.Combine(RepositoryRoot.Path, "hardware", "bom.csv"))
            .Select(line => Field().Matches(line).Select(match => match.Groups["quoted"].Success ? match.Groups["quoted"].Value : match.Groups["plain"].Value).ToArray()),
    ];

    [GeneratedRegex("(?:^|,)(?:\"(?<quoted>[^\"]*)\"|(?<plain>[^,\"]*))", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Field();

    [GeneratedRegex(@"^\.param (?<name>\w+)=(?<value>\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex ParameterLine();

    [GeneratedRegex(@"^(?<number>[0-9.]+) ?(?<prefix>meg|[pnumkM])?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Quantity();
}
