using System.Globalization;
using System.Text;
using PouchMonitor.Analysis.Uncertainty;

namespace PouchMonitor.Hardware.Tests.Documents;

/// <summary>The tables of hardware/UNCERTAINTY.md, each from the code that the gateway uses.</summary>
internal static class UncertaintyBlocks
{
    private const double PartsPerMillion = 1e6;
    private const double Milli = 1e3;
    private const double Micro = 1e6;
    private const double ThermistorStandardK = 0.03;
    private const double InfraredStandardK = 0.15;

    private static readonly FrontEnd One = FrontEnd.OneAmpereHour;
    private static readonly FrontEnd Three = FrontEnd.ThreeAmpereHours;

    /// <summary>Text of each block by its name in the document.</summary>
    public static IReadOnlyDictionary<string, Func<string>> All { get; } = new Dictionary<string, Func<string>>(StringComparer.Ordinal)
    {
        ["summary"] = Summary,
        ["resolution"] = ResolutionTable,
        ["efficiency-1ah-bought"] = () => Efficiency(One, CycleProtocol.OneAmpereHour),
        ["efficiency-1ah"] = () => Efficiency(One.Calibrated(), CycleProtocol.OneAmpereHour),
        ["efficiency-3ah-bought"] = () => Efficiency(Three, CycleProtocol.ThreeAmpereHours),
        ["efficiency-3ah"] = () => Efficiency(Three.Calibrated(), CycleProtocol.ThreeAmpereHours),
        ["efficiency-anode-free"] = () => Efficiency(One.Calibrated(), CycleProtocol.AnodeFree),
        ["voltage"] = () => UncertaintyTable.Markdown(VoltageBudget.Of(One.Calibrated(), 4.2, 10), Micro, "uV"),
        ["current"] = () => UncertaintyTable.Markdown(CurrentBudget.Of(One.Calibrated(), 0.2, 10), Micro, "uA"),
        ["capacity"] = () => UncertaintyTable.Markdown(CapacityOf(Three.Calibrated(), CycleProtocol.ThreeAmpereHours), Milli, "mAh"),
        ["polarization"] = () => UncertaintyTable.Markdown(PolarizationOf(One.Calibrated(), CycleProtocol.OneAmpereHour), Micro, "uV"),
        ["thermistor-bought"] = () => UncertaintyTable.Markdown(ThermistorBudget.Of(new ThermistorDivider(), 60), Milli, "mK"),
        ["thermistor"] = () => UncertaintyTable.Markdown(ThermistorBudget.Of(Calibrated(), 60), Milli, "mK"),
        ["infrared"] = () => UncertaintyTable.Markdown(InfraredBudget.Of(new InfraredView { CalibrationStandardK = InfraredStandardK }, 60), Milli, "mK"),
        ["temperature"] = Temperatures,
    };

    private static string Summary()
    {
        var text = new StringBuilder("| board and protocol | calibrated | voltage at 4.2 V, mV | charge current, mA | discharge capacity, mAh | coulombic efficiency, % | mean-voltage gap, mV |\n");
        text.Append("|---|---|---|---|---|---|---|\n");
        foreach ((FrontEnd board, CycleProtocol protocol) in new[]
        {
            (One, CycleProtocol.OneAmpereHour), (Three, CycleProtocol.ThreeAmpereHours), (One, CycleProtocol.AnodeFree), (FrontEnd.LowRate, CycleProtocol.AnodeFree),
        })
        {
            Row(text, board, protocol, "no");
            Row(text, board.Calibrated(), protocol, "yes");
        }

        return text.ToString();
    }

    private static void Row(StringBuilder text, FrontEnd board, CycleProtocol protocol, string calibrated)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {board.Name}; {protocol.Name} | {calibrated}");
        foreach (double value in new[]
        {
            VoltageBudget.Of(board, 4.2, 10).ExpandedUncertainty * Milli,
            CurrentBudget.Of(board, protocol.ChargeA, 10).ExpandedUncertainty * Milli,
            CapacityOf(board, protocol).ExpandedUncertainty * Milli,
            EfficiencyBudget.Of(board, protocol).ExpandedUncertainty * 100,
            PolarizationOf(board, protocol).ExpandedUncertainty * Milli,
        })
        {
            text.Append(" | ").Append(UncertaintyTable.Number(value));
        }

        text.Append(" |\n");
    }

    private static string ResolutionTable()
    {
        var text = new StringBuilder("| cannot be told from nothing, calibrated, k = 2 | 1 Ah, 0.2 C / 0.5 C | 3 Ah, 0.2 C / 1 C | 1 Ah anode-free, 0.1 C, 100 mOhm | the same, 250 mOhm |\n");
        text.Append("|---|---|---|---|---|\n");
        Resolution[] found =
        [
            Resolution.Of(One.Calibrated(), CycleProtocol.OneAmpereHour), Resolution.Of(Three.Calibrated(), CycleProtocol.ThreeAmpereHours),
            Resolution.Of(One.Calibrated(), CycleProtocol.AnodeFree), Resolution.Of(FrontEnd.LowRate.Calibrated(), CycleProtocol.AnodeFree),
        ];
        Line("efficiency of one cell against a number on paper below, %", each => each.EfficiencyOfOneCell * 100);
        Line("difference between two cells on two boards below, %", each => each.EfficiencyBetweenBoards * 100);
        Line("difference between two cycles of one channel below, %", each => each.EfficiencyBetweenCycles * 100);
        Line("lithium lost to plating in a cycle below, mAh", each => each.LossPerCycleAh * Milli);
        Line("current of a steady soft short, from one cycle, below, uA", each => each.ShortByEfficiencyA * Micro);
        Line("change of it between two cycles of one channel below, uA", each => each.ShortByDriftOfCyclesA * Micro);
        Line("dip in a single conversion below, mV", each => each.DipV * Milli);
        double riseK = Math.Sqrt(2) * ThermistorBudget.Of(Calibrated(), 25).ExpandedUncertainty;
        text.Append("| rise of the surface above ambient below, K").Append(string.Concat(Enumerable.Repeat(" | " + UncertaintyTable.Number(riseK), found.Length))).Append(" |\n");
        return text.ToString();

        void Line(string name, Func<Resolution, double> value)
        {
            text.Append("| ").Append(name);
            foreach (Resolution each in found)
            {
                text.Append(" | ").Append(UncertaintyTable.Number(value(each)));
            }

            text.Append(" |\n");
        }
    }

    private static string Temperatures()
    {
        var text = new StringBuilder("| at | thermistor as bought, K | thermistor calibrated, K | infrared as bought, K | infrared set against the thermistor, K |\n|---|---|---|---|---|\n");
        foreach (double celsius in new[] { -40.0, 0, 25, 60, 100, 130, 150 })
        {
            text.Append(CultureInfo.InvariantCulture, $"| {celsius:0} C");
            foreach (UncertaintyBudget budget in new[]
            {
                ThermistorBudget.Of(new ThermistorDivider(), celsius), ThermistorBudget.Of(Calibrated(), celsius),
                InfraredBudget.Of(new InfraredView(), celsius), InfraredBudget.Of(new InfraredView { CalibrationStandardK = InfraredStandardK }, celsius),
            })
            {
                text.Append(" | ").Append(UncertaintyTable.Number(budget.ExpandedUncertainty));
            }

            text.Append(" |\n");
        }

        return text.ToString();
    }

    private static string Efficiency(FrontEnd board, CycleProtocol protocol) =>
        UncertaintyTable.Markdown(EfficiencyBudget.Of(board, protocol), PartsPerMillion, "ppm");

    private static UncertaintyBudget CapacityOf(FrontEnd board, CycleProtocol protocol) =>
        CapacityBudget.Of(board, protocol.DischargeA, protocol.DischargeSeconds);

    // A gap of 0.2 V between 3.9 V and 3.7 V.
    private static UncertaintyBudget PolarizationOf(FrontEnd board, CycleProtocol protocol) =>
        PolarizationBudget.Of(board, 3.9, protocol.ChargeSeconds, 3.7, protocol.DischargeSeconds);

    private static ThermistorDivider Calibrated() => new() { CalibrationStandardK = ThermistorStandardK };
}
