using System.Collections.Frozen;

namespace PouchMonitor.Formats.Columns;

/// <summary>What a unit measures.</summary>
internal enum Dimension
{
    None = 0,
    Time,
    Voltage,
    Current,
    Charge,
    Energy,
    Temperature,
    Force,
    Length,
}

/// <summary>
/// A unit as column names give it, as an exact way to the base unit (s, V, A, Ah, Wh, degrees Celsius, N, mm):
/// base = value * Factor / Divisor / 10^Shift, less 273.15 for kelvin, and five ninths of what is above 32 for degrees Fahrenheit.
/// </summary>
/// <param name="Dimension">What it measures.</param>
/// <param name="Shift">Decimal places, 3 for milli.</param>
/// <param name="Factor">Whole number, such as 3600 for hours.</param>
/// <param name="Divisor">Whole number, such as 3600 for coulombs.</param>
/// <param name="IsKelvin">True for kelvin.</param>
/// <param name="IsFahrenheit">True for degrees Fahrenheit.</param>
internal readonly record struct Unit(
    Dimension Dimension, int Shift = 0, int Factor = 1, int Divisor = 1, bool IsKelvin = false, bool IsFahrenheit = false)
{
    private static readonly FrozenDictionary<string, Unit> Known = MakeTable();

    /// <summary>True for a pure power of ten, which keeps every decimal exact.</summary>
    public bool IsDecimal => Factor == 1 && Divisor == 1;

    /// <summary>The value of one of these in the base unit; for counters, which are only compared.</summary>
    public double ToBase(double value) => value * Factor / Divisor / Math.Pow(10, Shift);

    /// <summary>True where a sample's value in it can be turned to the base unit exactly, or is rounded in one named method.</summary>
    public bool FitsSample => IsDecimal || IsKelvin || IsFahrenheit;

    /// <summary>The base unit of a dimension.</summary>
    public static Unit BaseOf(Dimension dimension) => new(dimension);

    /// <summary>What the base unit of a dimension is called, as <see cref="TryParse"/> takes it.</summary>
    public static string NameOfBase(Dimension dimension) => dimension switch
    {
        Dimension.Time => "s",
        Dimension.Voltage => "V",
        Dimension.Current => "A",
        Dimension.Charge => "Ah",
        Dimension.Energy => "Wh",
        Dimension.Force => "N",
        Dimension.Length => "mm",
        _ => "C",
    };

    /// <summary>Units of a dimension as messages list them.</summary>
    public static string NamesOf(Dimension dimension) => dimension switch
    {
        Dimension.Time => "s, ms, min, h, d and hms",
        Dimension.Voltage => "V, mV, uV and kV",
        Dimension.Current => "A, mA, uA, nA and kA",
        Dimension.Charge => "Ah, mAh and As",
        Dimension.Energy => "Wh, mWh, kWh and J",
        Dimension.Force => "N, kN, lbf and kgf",
        Dimension.Length => "mm, um, cm, m and in",
        _ => "C, K and F",
    };

    /// <summary>Reads a unit as column names write it; case and dots do not count (mA.h is mAh).</summary>
    public static bool TryParse(string text, out Unit unit)
    {
        string plain = text.Trim().Replace(".", "", StringComparison.Ordinal).Replace('\u03bc', '\u00b5').ToLowerInvariant();
        return Known.TryGetValue(plain, out unit) || TryParseDegrees(plain, out unit);
    }

    // The degree sign is the character that exports damage most often: "?", "癈" or U+FFFD may stand for it.
    private static bool TryParseDegrees(string plain, out Unit unit)
    {
        unit = BaseOf(Dimension.Temperature);
        string letters = string.Concat(plain.Where(char.IsAsciiLetterOrDigit));
        if (letters is "f" or "degf" or "fahrenheit" or "degreesfahrenheit" || plain is "\u2109")
        {
            unit = unit with { IsFahrenheit = true };
            return true;
        }

        return letters is "c" or "degc" or "celsius" or "degreescelsius" || plain is "\u2103" or "?" or "\ufffd" or "\u7652";
    }

    private static FrozenDictionary<string, Unit> MakeTable()
    {
        var table = new Dictionary<string, Unit>(StringComparer.Ordinal);
        foreach ((string name, Dimension dimension) in (ReadOnlySpan<(string, Dimension)>)
            [("a", Dimension.Current), ("v", Dimension.Voltage), ("ah", Dimension.Charge), ("wh", Dimension.Energy)])
        {
            foreach ((string prefix, int shift) in (ReadOnlySpan<(string, int)>)[("", 0), ("m", 3), ("u", 6), ("\u00b5", 6), ("n", 9), ("k", -3)])
            {
                table[prefix + name] = new Unit(dimension, shift);
            }
        }

        void Add(Unit unit, params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
            {
                table[name] = unit;
            }
        }

        Add(new Unit(Dimension.None), "1");
        Add(new Unit(Dimension.Current), "amp", "amps", "ampere");
        Add(new Unit(Dimension.Voltage), "volt", "volts");
        Add(new Unit(Dimension.Charge), "amp-hr", "amphr");
        Add(new Unit(Dimension.Charge, Divisor: 3600), "as", "coulomb");
        Add(new Unit(Dimension.Charge, Shift: 3, Divisor: 3600), "mas");
        Add(new Unit(Dimension.Energy), "watt-hr", "watthr");
        Add(new Unit(Dimension.Energy, Divisor: 3600), "j", "ws");
        Add(new Unit(Dimension.Time), "s", "sec", "secs", "second", "seconds");
        Add(new Unit(Dimension.Time, Shift: 3), "ms", "msec");
        Add(new Unit(Dimension.Time, Factor: 60), "min", "mins", "minute", "minutes");
        Add(new Unit(Dimension.Time, Factor: 3600), "h", "hr", "hrs", "hour", "hours");
        Add(new Unit(Dimension.Time, Factor: 86400), "d", "day", "days");
        Add(new Unit(Dimension.Time), "h:min:s", "h:min:sms", "h:m:s", "hh:mm:ss", "hh:mm:ssms", "hms");
        Add(new Unit(Dimension.Temperature, IsKelvin: true), "k", "kelvin");
        Add(new Unit(Dimension.Force), "n", "newton", "newtons");
        Add(new Unit(Dimension.Force, Shift: -3), "kn", "kilonewton");
        // Pound-force is 4.4482216152605 N by definition; a whole factor keeps it to four parts in a thousand million.
        Add(new Unit(Dimension.Force, Factor: 44_482_216, Divisor: 10_000_000), "lbf", "lb", "lbs", "pound", "pounds");
        Add(new Unit(Dimension.Force, Factor: 980_665, Divisor: 100_000), "kgf", "kg", "kp");
        Add(new Unit(Dimension.Length), "mm");
        Add(new Unit(Dimension.Length, Factor: 10), "cm");
        Add(new Unit(Dimension.Length, Factor: 254, Divisor: 10), "in", "inch", "inches");
        Add(new Unit(Dimension.Length, Factor: 1000), "m");
        Add(new Unit(Dimension.Length, Shift: 3), "um", "\u00b5m");
        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
