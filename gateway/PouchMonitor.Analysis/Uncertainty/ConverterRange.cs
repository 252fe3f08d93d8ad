namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>
/// One range of the ADS1115 as its datasheet has it: SBAS444E, 5.5 (electrical characteristics, supply 3.3 V, -40 to 125 C),
/// 6.1 (noise) and 7.3.2 (input impedance). What is given for one range only is taken over in volts where that is the
/// cautious reading.
/// </summary>
/// <param name="FullScaleV">Full scale on either side of zero, volts.</param>
/// <param name="NoisePeakToPeakV">Peak-to-peak noise at the rate in use (table 6-1), volts.</param>
/// <param name="DifferentialOhms">Typical differential input impedance (7.3.2), ohms.</param>
/// <param name="CommonModeOhms">Typical common-mode input impedance of each input (5.5), to about 0.7 V, ohms.</param>
public sealed record ConverterRange(double FullScaleV, double NoisePeakToPeakV, double DifferentialOhms, double CommonModeOhms)
{
    private const double SpecifiedLsbV = 2.048 / 32768;

    /// <summary>Cell voltage, 860 conversions a second.</summary>
    public static ConverterRange Fs6144 { get; } = new(6.144, 430.06e-6, 22e6, 10e6);

    /// <summary>Thermistor dividers, 860 conversions a second.</summary>
    public static ConverterRange Fs4096 { get; } = new(4.096, 266.93e-6, 15e6, 6e6);

    /// <summary>Shunt, 860 conversions a second.</summary>
    public static ConverterRange Fs0256 { get; } = new(0.256, 35.83e-6, 710e3, 100e6);

    /// <summary>One step, volts.</summary>
    public double LsbV => FullScaleV / 32768;

    /// <summary>
    /// Zero as bought: 3 steps of +-2.048 V, differential, the only range it is given for; in volts, or 3 own steps if that
    /// is more. Volts.
    /// </summary>
    public double ZeroV => 3 * Math.Max(SpecifiedLsbV, LsbV);

    /// <summary>Drift of the zero, typically 0.005 steps of +-2.048 V a kelvin; taken as 0.005 own steps if that is more. V/K.</summary>
    public double ZeroDriftVPerK => 0.005 * Math.Max(SpecifiedLsbV, LsbV);

    /// <summary>Departure from the straight line, 1 step (best fit over 99 % of the range, at 8 conversions a second), volts.</summary>
    public double NonLinearityV => LsbV;

    /// <summary>Gain error at 25 C, at most.</summary>
    public double GainRelative => 0.0015;

    /// <summary>Drift of the gain, at most (given for +-2.048 V; typically 5 to 7 ppm/K in all ranges), 1/K.</summary>
    public double GainDriftPerK => 40e-6;

    /// <summary>
    /// Share of the input impedance that may change after calibration: it follows the converter's own oscillator, whose rate
    /// is +-10 % over everything (7.3.2, 5.5).
    /// </summary>
    public double ImpedanceChangeRelative => 0.1;

    /// <summary>Input impedance of a single-ended reading: both impedances side by side, ohms.</summary>
    public double SingleEndedOhms => 1 / ((1 / DifferentialOhms) + (1 / CommonModeOhms));

    /// <summary>
    /// Share of the voltage that series resistors lose on the input impedances: all of them on the differential one, half of
    /// them (one input's) on the common-mode one. hardware/simulation/voltage-input.cir shows the same.
    /// </summary>
    /// <param name="seriesOhms">Resistors of both inputs together.</param>
    public double Loading(double seriesOhms) => seriesOhms * ((1 / DifferentialOhms) + (0.5 / CommonModeOhms));

    /// <summary>Standard deviation of one conversion, peak-to-peak over 6.6 (SBAS444E, 6.1), volts.</summary>
    public double NoiseV => NoisePeakToPeakV / 6.6;

    /// <summary>
    /// Largest error of the mean of many conversions that the steps leave where noise of <paramref name="noiseV"/> dithers
    /// them: LSB/pi exp(-2 pi^2 (sigma/LSB)^2), the first harmonic of the staircase (Widrow and Kollar, Quantization Noise,
    /// 2008, ch. 6; Carbone and Petri, IEEE Trans. Instrum. Meas. 43, 389 (1994)). Volts.
    /// </summary>
    public double DitheredStepV(double noiseV) => LsbV / Math.PI * Math.Exp(-2 * Math.PI * Math.PI * noiseV * noiseV / (LsbV * LsbV));
}
