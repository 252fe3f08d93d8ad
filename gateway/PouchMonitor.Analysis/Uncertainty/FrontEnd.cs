namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>
/// The analogue part of a channel, from the shunt and the sense wires to the codes; values of hardware/bom.csv. The same
/// record stands for a board as bought (no calibrations) and for a calibrated one.
/// </summary>
/// <param name="Name">Which board.</param>
/// <param name="ShuntOhms">Nominal shunt.</param>
public sealed record FrontEnd(string Name, double ShuntOhms)
{
    /// <summary>Board for 1 Ah cells: 100 mOhm, +-2.5 A.</summary>
    public static FrontEnd OneAmpereHour { get; } = new("1 Ah board, 100 mOhm", 0.1);

    /// <summary>Board for 3 Ah cells: 50 mOhm, +-5 A.</summary>
    public static FrontEnd ThreeAmpereHours { get; } = new("3 Ah board, 50 mOhm", 0.05);

    /// <summary>Board for anode-free cells at 0.1 C: 250 mOhm, +-1 A.</summary>
    public static FrontEnd LowRate { get; } = new("low-rate board, 250 mOhm", 0.25);

    /// <summary>The boards whose parts are known, by hardware/bom.csv; nothing is said of any other.</summary>
    public static IReadOnlyList<FrontEnd> Boards { get; } = [OneAmpereHour, ThreeAmpereHours, LowRate];

    /// <summary>Tolerance of the shunt as bought (Isabellenhuette PBV, 0.5 %).</summary>
    public double ShuntToleranceRelative { get; init; } = 0.005;

    /// <summary>Temperature coefficient of the shunt, at most, 20 to 60 C (PBV above 10 mOhm), 1/K.</summary>
    public double ShuntTemperatureCoefficientPerK { get; init; } = 30e-6;

    /// <summary>Shunt to ambient without a heat sink (PBV), K/W.</summary>
    public double ShuntThermalResistanceKPerW { get; init; } = 15;

    /// <summary>Manganin against copper, with a margin for solder, V/K.</summary>
    public double ThermalEmfVPerK { get; init; } = 3e-6;

    /// <summary>Difference of temperature between the two sense contacts from draughts, kelvin.</summary>
    public double ContactDifferenceK { get; init; } = 0.2;

    /// <summary>The same from the shunt's own heat, as a share of its rise: the contacts lie on one side of the part.</summary>
    public double ContactShareOfRise { get; init; } = 0.05;

    /// <summary>Both series resistors of the current input together, ohms.</summary>
    public double CurrentFilterOhms { get; init; } = 200;

    /// <summary>Both series resistors of the voltage input together, ohms.</summary>
    public double VoltageFilterOhms { get; init; } = 2000;

    /// <summary>Difference of the leakage of the two clamps of one input (BAV199, 5 nA at most each at 25 C), amperes.</summary>
    public double LeakageA { get; init; } = 5e-9;

    /// <summary>Board's temperature in charge against that in discharge: the chamber moves by +-2 C, kelvin.</summary>
    public double HalfCycleTemperatureK { get; init; } = 2;

    /// <summary>Clock of the node: crystal of the ESP32-S3 module, relative.</summary>
    public double ClockRelative { get; init; } = 10e-6;

    /// <summary>Change of that clock between charge and discharge, relative.</summary>
    public double ClockChangeRelative { get; init; } = 2e-6;

    /// <summary>Between two samples that are integrated, seconds.</summary>
    public double SampleSeconds { get; init; } = 0.1;

    public ConverterRange VoltageRange { get; init; } = ConverterRange.Fs6144;

    public ConverterRange CurrentRange { get; init; } = ConverterRange.Fs0256;

    /// <summary>Null as bought.</summary>
    public InputCalibration? VoltageCalibration { get; init; }

    /// <summary>Null as bought.</summary>
    public InputCalibration? CurrentCalibration { get; init; }

    /// <summary>
    /// The board, as bought, of which one count is so much; null where no board has such steps. A file or a device that writes
    /// decimals has none of them: an ADS1115 at +-6.144 V counts in 187.5 uV, and one over a shunt in 7.8125 uV of it.
    /// </summary>
    /// <param name="stepV">One count of the voltage, volts.</param>
    /// <param name="stepA">One count of the current, amperes.</param>
    public static FrontEnd? WithSteps(double stepV, double stepA) => Boards.FirstOrDefault(board =>
        IsSame(stepV, board.VoltageRange.LsbV) && IsSame(stepA, board.CurrentRange.LsbV / board.ShuntOhms));

    /// <summary>The same board after hardware/CALIBRATION.md.</summary>
    public FrontEnd Calibrated() => this with { VoltageCalibration = InputCalibration.Bench, CurrentCalibration = InputCalibration.Bench };

    private static bool IsSame(double one, double other) => Math.Abs(one - other) <= 1e-9 * other;
}
