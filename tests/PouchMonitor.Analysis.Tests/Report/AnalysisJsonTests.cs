using System.Text;
using System.Text.Json;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Report;

namespace PouchMonitor.Analysis.Tests.Report;

/// <summary>The JSON contract: names, nulls, units and digits.</summary>
public sealed class AnalysisJsonTests
{
    [Fact]
    public void Cycle_IsWrittenWithTheFixedNamesAndShortestDigits()
    {
        var cycle = new CycleSummary
        {
            Index = 3,
            StartMicroseconds = 1_732_150_000_250_000,
            EndMicroseconds = 1_732_150_001_000_001,
            ChargeCapacityAh = 0.1 + 0.2,
            Quality = CycleQuality.Gapped,
            QualityReason = "gap of 900 s",
        };

        string json = Text(writer => AnalysisJson.Write(writer, cycle));

        Assert.Equal(
            "{'index':3,'start':1732150000.25,'end':1732150001.000001,'chargeCapacityAh':0.30000000000000004,'chargeCapacityUncertaintyAh':null,"
            + "'dischargeCapacityAh':null,'dischargeCapacityUncertaintyAh':null,"
            + "'coulombicEfficiency':null,'coulombicEfficiencyUncertainty':null,'chargeEnergyWh':null,'dischargeEnergyWh':null,"
            + "'energyEfficiency':null,'specificEnergyWhPerKg':null,'inefficiencyPerHour':null,"
            + "'meanChargeVoltageV':null,'meanDischargeVoltageV':null,'polarizationV':null,'polarizationUncertaintyV':null,'constantVoltageChargeAh':null,'maxTemperatureC':null,"
            + "'quality':'gapped','qualityReason':'gap of 900 s','revision':0}",
            json.Replace('"', '\''));
    }

    [Fact]
    public void Finding_IsWrittenWithLowerCaseSeverityAndNullWhereNotKnown()
    {
        var finding = new Finding
        {
            Rule = RuleNames.ThermalRunaway,
            OnsetMicroseconds = 126_400_000,
            Severity = FindingSeverity.Emergency,
            Measure = "surfaceTemperature",
            Observed = double.NaN,
            Limit = 1,
            Unit = "C/s",
            Message = "m",
            Latches = true,
            MaximumTemperatureC = 48.7,
            ProposedHazardLevel = 2,
        };

        string json = Text(writer => AnalysisJson.Write(writer, finding));

        Assert.Equal(
            "{'id':'thermal-runaway@126400000','time':126.4,'cycle':null,'rule':'thermal-runaway','severity':'emergency',"
            + "'measure':'surfaceTemperature','observed':null,'limit':1,'unit':'C/s','message':'m','cleared':null,"
            + "'latches':true,'maximumTemperatureC':48.7,'proposedHazardLevel':2}",
            json.Replace('"', '\''));
    }

    [Fact]
    public void EverySeverityAndQualityHasItsContractName()
    {
        Assert.Equal(["advisory", "warning", "critical", "emergency"], Enum.GetValues<FindingSeverity>().Select(AnalysisJson.NameOf));
        Assert.Equal(["complete", "partial", "gapped", "unusual"], Enum.GetValues<CycleQuality>().Select(AnalysisJson.NameOf));
    }

    [Fact]
    public void Collector_KeepsTheNewestStateOfEachFindingAndCycle()
    {
        var collector = new ReportCollector();
        var finding = new Finding
        {
            Rule = "r", OnsetMicroseconds = 5, Severity = FindingSeverity.Warning, Measure = "m", Unit = "V", Message = "first",
        };
        var cycle = new CycleSummary { Index = 1, StartMicroseconds = 0, EndMicroseconds = 1 };
        collector.OnFinding(finding);
        collector.OnFinding(finding with { OnsetMicroseconds = 4 });
        collector.OnFinding(finding with { Message = "second" });
        collector.OnCycle(cycle);
        collector.OnCycle(cycle with { Revision = 1 });
        collector.OnPulse(new PulseResistance { TimeMicroseconds = 7, CurrentA = -1.5, R10sOhm = 0.03 });

        AnalysisReport report = collector.ToReport("file.csv", "cell");

        Assert.Equal([4, 5], report.Findings.Select(f => f.OnsetMicroseconds));
        Assert.Equal("second", report.Findings[1].Message);
        Assert.Equal(1, Assert.Single(report.Cycles).Revision);
        using var document = JsonDocument.Parse(Text(writer => collector.Write(writer, "file.csv", "cell")));
        Assert.Equal(["source", "cell", "cycles", "steps", "pulses", "findings", "rests", "namedTests", "droppedTransients"], document.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(0.03, document.RootElement.GetProperty("pulses")[0].GetProperty("r10sOhm").GetDouble());
    }

    private static string Text(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
