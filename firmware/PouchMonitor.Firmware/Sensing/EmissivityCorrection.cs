using System;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// Temperature of a grey surface from what a thermometer set to a black one reads: it sees the surface's own radiation and
/// the reflection of its surroundings, T^4 = e To^4 + (1 - e) Ta^4 in kelvin (3901090614, 10: the part's own temperature
/// stands for the surroundings). One of the few places with floating point.
/// </summary>
public static class EmissivityCorrection
{
    private const double ZeroCelsiusKelvin = 273.15;

    /// <summary>State and corrected temperature from the read one and the part's own, millidegrees Celsius.</summary>
    public static SensorState Correct(int readMillidegrees, int ownMillidegrees, int permille, out int millidegreesCelsius)
    {
        millidegreesCelsius = 0;
        double read = (readMillidegrees / 1000.0) + ZeroCelsiusKelvin;
        double own = (ownMillidegrees / 1000.0) + ZeroCelsiusKelvin;
        double emissivity = permille / 1000.0;
        double fourth = ((read * read * read * read) - ((1.0 - emissivity) * own * own * own * own)) / emissivity;
        if (double.IsNaN(fourth) || fourth < 1.0e8 || fourth > 1.0e13)
        {
            // Colder than -173 C or hotter than 1500 C: not what was read.
            return SensorState.OutOfRange;
        }

        millidegreesCelsius = (int)Math.Floor(((Math.Sqrt(Math.Sqrt(fourth)) - ZeroCelsiusKelvin) * 1000.0) + 0.5);
        return SensorState.Good;
    }
}
