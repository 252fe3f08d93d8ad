using System;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// Temperature of a negative-coefficient thermistor from the ratio of two codes of one converter: the divider's middle over
/// its supply. The supply and the converter's gain cancel. 1/T = A + B ln R + C (ln R)^3 (Steinhart and Hart, Deep-Sea
/// Research 15, 497 (1968)); with C = 0 this is the beta equation. One of the few places with floating point.
/// </summary>
public sealed class ThermistorCurve
{
    /// <summary>Lowest temperature that is believed, millidegrees.</summary>
    public const int LowestMillidegreesCelsius = -45000;

    /// <summary>Highest temperature that is believed, millidegrees.</summary>
    public const int HighestMillidegreesCelsius = 250000;

    private const double ZeroCelsiusKelvin = 273.15;
    private const double RoomKelvin = 298.15;

    // A divider this close to an end is a broken wire or a short: 10 kOhm parts stay inside from -45 C to 230 C.
    private const int OpenPerMille = 985;
    private const int ShortPerMille = 3;

    // Below this the supply of the divider itself is missing (1 V at 125 uV a count).
    private const int LowestSupplyCode = 8000;

    private readonly double seriesOhms;
    private readonly double coefficientA;
    private readonly double coefficientB;
    private readonly double coefficientC;

    /// <summary>Takes the resistor between supply and thermistor and the three coefficients.</summary>
    public ThermistorCurve(double seriesOhms, double coefficientA, double coefficientB, double coefficientC)
    {
        this.seriesOhms = seriesOhms;
        this.coefficientA = coefficientA;
        this.coefficientB = coefficientB;
        this.coefficientC = coefficientC;
    }

    /// <summary>
    /// The curve of a part given by its resistance at 25 C and its beta in kelvin; whole numbers, so that configuration stays
    /// free of floating point.
    /// </summary>
    public static ThermistorCurve FromBeta(int seriesOhms, int ohmsAt25C, int betaKelvin) =>
        new ThermistorCurve(seriesOhms, (1.0 / RoomKelvin) - (Math.Log((double)ohmsAt25C) / betaKelvin), 1.0 / betaKelvin, 0.0);

    /// <summary>
    /// The curve through calibrated points (milliohms and millidegrees Celsius): one shifts the curve of the given beta, two
    /// give a beta of their own, three the coefficients of Steinhart and Hart. Points are at least 5 K apart.
    /// </summary>
    public static ThermistorCurve FromPoints(int seriesOhms, int betaKelvin, long[] milliohms, long[] millidegrees, int count)
    {
        double ln1 = Math.Log(milliohms[0] / 1000.0);
        double y1 = 1.0 / ((millidegrees[0] / 1000.0) + ZeroCelsiusKelvin);
        if (count == 1)
        {
            return new ThermistorCurve(seriesOhms, y1 - (ln1 / betaKelvin), 1.0 / betaKelvin, 0.0);
        }

        double ln2 = Math.Log(milliohms[1] / 1000.0);
        double y2 = 1.0 / ((millidegrees[1] / 1000.0) + ZeroCelsiusKelvin);
        double slope2 = (y2 - y1) / (ln2 - ln1);
        if (count == 2)
        {
            return new ThermistorCurve(seriesOhms, y1 - (slope2 * ln1), slope2, 0.0);
        }

        double ln3 = Math.Log(milliohms[2] / 1000.0);
        double y3 = 1.0 / ((millidegrees[2] / 1000.0) + ZeroCelsiusKelvin);
        double slope3 = (y3 - y1) / (ln3 - ln1);
        double c = (slope3 - slope2) / (ln3 - ln2) / (ln1 + ln2 + ln3);
        double b = slope2 - (c * ((ln1 * ln1) + (ln1 * ln2) + (ln2 * ln2)));
        return new ThermistorCurve(seriesOhms, y1 - ((b + (ln1 * ln1 * c)) * ln1), b, c);
    }

    /// <summary>State and temperature, millidegrees Celsius, from the codes of the divider's middle and of its supply.</summary>
    public SensorState Convert(int dividerCode, int supplyCode, out int millidegreesCelsius)
    {
        millidegreesCelsius = 0;
        if (supplyCode < LowestSupplyCode)
        {
            return SensorState.BusError;
        }

        long perMille = (dividerCode * 1000L) / supplyCode;
        if (perMille >= OpenPerMille)
        {
            return SensorState.Open;
        }

        if (perMille <= ShortPerMille)
        {
            return SensorState.Short;
        }

        // Inside the bounds above neither divisor is 0 and the logarithm's argument is positive.
        double ohms = seriesOhms * dividerCode / (supplyCode - dividerCode);
        double ln = Math.Log(ohms);
        double inverseKelvin = coefficientA + (coefficientB * ln) + (coefficientC * ln * ln * ln);
        if (double.IsNaN(inverseKelvin) || inverseKelvin < 0.001)
        {
            return SensorState.OutOfRange;
        }

        double celsius = (1.0 / inverseKelvin) - ZeroCelsiusKelvin;
        if (celsius > 1000.0)
        {
            return SensorState.OutOfRange;
        }

        millidegreesCelsius = (int)Math.Floor((celsius * 1000.0) + 0.5);
        return millidegreesCelsius < LowestMillidegreesCelsius || millidegreesCelsius > HighestMillidegreesCelsius
            ? SensorState.OutOfRange
            : SensorState.Good;
    }
}
