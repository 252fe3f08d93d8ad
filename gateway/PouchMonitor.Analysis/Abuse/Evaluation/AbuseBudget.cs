using PouchMonitor.Analysis.Uncertainty;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// Half widths (k = 2) of what an abuse test reads. A temperature: the sensor's own budget, its noise and its step,
/// <c>U = sqrt(U_sensor^2 + (2 s)^2 + q^2 / 3)</c>. Sensors of a node: <see cref="ThermistorBudget"/> and <see cref="InfraredBudget"/> as
/// bought, the thermocouple's converter on the first extra surface, and on the second the array's hottest spot (AMG8833, 2.5 K); of a file that does not tell: thermocouple type K, class 2, 2.5 K or 0.75 % (IEC 60584-1), rectangular. A rate over a span w: the
/// sensor's level cancels, its gain does not: <c>sqrt((g rate)^2 + (a rate / w)^2 + (5 sqrt(2) s / w)^2 + 2 (q / w)^2 / 3)</c> with g of 1 %
/// (node) or 0.75 %. A node reads its temperatures every second pass at 50 Hz and sends the last reading meanwhile, so either end of the span
/// may be a = 40 ms older than its sample's time says. The noise s counts five times and not twice: the largest of thousands of rates is
/// one that noise has helped, by four deviations where ten thousand are alike, as in an oven.
/// </summary>
internal static class AbuseBudget
{
    private const double TypeKK = 2.5;
    private const double TypeKShare = 0.0075;
    private const double NodeGainShare = 0.01;
    private const double ArrayK = 2.5;
    private const double NodeReadingAgeS = 0.04;

    private const double DeviationsOfLargest = 5;
    private const double DeviationsOfHold = 4;

    // The standard deviation of the largest of 64 normal values, as a part of that of one (Tippett, Biometrika 17, 1925, 364).
    private const double HottestOf64 = 0.45;

    /// <summary>Of a temperature, K.</summary>
    public static double TemperatureK(int column, double celsius, SensorClass sensors, double noiseK, double stepK)
    {
        double sensor = sensors == SensorClass.Unknown ? 2 / Math.Sqrt(3) * Math.Max(TypeKK, TypeKShare * Math.Abs(celsius))
            : column == SampleColumns.FirstExtraSurface ? 2 / Math.Sqrt(3) * Math.Max(TypeKK, TypeKShare * Math.Abs(celsius))
            : column == SampleColumns.FirstExtraSurface + 1 ? 2 / Math.Sqrt(3) * ArrayK
            : column == SampleColumns.Infrared ? InfraredBudget.Of(new InfraredView(), celsius).ExpandedUncertainty
            : ThermistorBudget.Of(new ThermistorDivider(), celsius).ExpandedUncertainty;
        return Math.Sqrt((sensor * sensor) + (4 * noiseK * noiseK) + (stepK * stepK / 3));
    }

    /// <summary>Of a difference of two sensors, K.</summary>
    public static double SpreadK(double firstK, double secondK) => Math.Sqrt((firstK * firstK) + (secondK * secondK));

    /// <summary>Of a rate over a span, C/s.</summary>
    public static double RateCPerS(double rateCPerS, double spanS, SensorClass sensors, double noiseK, double stepK) =>
        RateCPerS(rateCPerS, spanS, sensors, DeviationsOfLargest * noiseK, stepK, 0);

    private static double RateCPerS(double rateCPerS, double spanS, SensorClass sensors, double noiseK, double stepK, double wholeStepK)
    {
        double gain = (sensors == SensorClass.Node ? NodeGainShare : TypeKShare) * rateCPerS;
        double noise = Math.Sqrt(2) * noiseK / spanS;
        double step = stepK / spanS;
        double age = ReadingAgeS(sensors) / spanS * rateCPerS;
        return Math.Sqrt((gain * gain) + (age * age) + (noise * noise) + (2 * step * step / 3)) + (wholeStepK / spanS);
    }

    /// <summary>
    /// Of a rate over a span where each of many readings has to hold, C/s: of the step there counts whole what noise does not scatter,
    /// <c>max(0, q - 2 s)</c>, since the rounding of a smooth rise is the same for many readings. From half a step of noise on, rounding is
    /// as noise is, and within s (Widrow and Kollar, Quantization Noise, Cambridge 2008, ch. 19).
    /// </summary>
    /// <param name="rateCPerS">The rate, C/s.</param>
    /// <param name="spanS">Its span, s.</param>
    /// <param name="sensors">What is known of the sensors.</param>
    /// <param name="noiseK">Standard deviation of what the rate is made of, K: of readings, or of their running mean.</param>
    /// <param name="readingNoiseK">That of a reading, K.</param>
    /// <param name="stepK">Step of a reading, K.</param>
    public static double HeldRateCPerS(double rateCPerS, double spanS, SensorClass sensors, double noiseK, double readingNoiseK, double stepK) =>
        RateCPerS(rateCPerS, spanS, sensors, DeviationsOfHold * noiseK, stepK: 0, Math.Max(0, stepK - (2 * readingNoiseK)));

    /// <summary>
    /// Noise of a sensor once the cell heats, K: of a node's array the hottest of its 64 pixels is read, whose scatter in a scene without a
    /// hot spot is less than a pixel's own.
    /// </summary>
    /// <param name="column">The sensor.</param>
    /// <param name="sensors">What is known of the sensors.</param>
    /// <param name="quietK">Noise before anything happens, K.</param>
    public static double NoiseK(int column, SensorClass sensors, double quietK) =>
        sensors == SensorClass.Node && column == SampleColumns.FirstExtraSurface + 1 ? quietK / HottestOf64 : quietK;

    /// <summary>How much older a reading may be than its sample's time says, s.</summary>
    public static double ReadingAgeS(SensorClass sensors) => sensors == SensorClass.Node ? NodeReadingAgeS : 0;

    /// <summary>Of a voltage before the event, V: its scatter, and a node's own budget.</summary>
    public static double? VoltageV(double voltageV, double scatterV, SensorClass sensors)
    {
        if (double.IsNaN(voltageV) || double.IsNaN(scatterV))
        {
            return null;
        }

        double node = sensors == SensorClass.Node ? VoltageBudget.Of(FrontEnd.OneAmpereHour, voltageV, 1).ExpandedUncertainty : 0;
        return Math.Sqrt((node * node) + (scatterV * scatterV));
    }
}
