using System.Globalization;
using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report;

/// <summary>How many digits of a figure are shown: as many as its uncertainty allows, else four that count.</summary>
internal static class AbuseNumber
{
    private const int MostDecimals = 6;

    /// <summary>Units as people write them; what is not known stays as it is.</summary>
    public static string Unit(string unit) => unit switch
    {
        "C" => "°C",
        "C/s" => "°C/s",
        "C/min" => "°C/min",
        "Ohm" => "Ω",
        "mOhm" => "mΩ",
        "1" => "",
        _ => unit,
    };

    /// <summary>Writes a value with its half width and unit; a half width of nothing is none that is known.</summary>
    public static void Write(HtmlText html, double? value, double? uncertainty, string unit)
    {
        string format = Format(value, uncertainty);
        if (uncertainty is > 0 and { } half && double.IsFinite(half) && value is { } known && double.IsFinite(known))
        {
            html.Figure(value, format).Raw("\u00A0±\u00A0").Figure(half, format, Unit(unit));
        }
        else
        {
            html.Figure(value, format, Unit(unit));
        }
    }

    /// <summary>A value with its unit within a sentence.</summary>
    public static string Text(double value, string unit)
    {
        string shown = Unit(unit);
        return value.ToString(Format(value, null), CultureInfo.InvariantCulture).Replace('-', '\u2212') + (shown.Length > 0 ? "\u00A0" + shown : "");
    }

    /// <summary>A half width with its unit within a sentence: two digits that count.</summary>
    public static string Half(double uncertainty, string unit)
    {
        string shown = Unit(unit);
        return "±\u00A0" + uncertainty.ToString(Format(null, uncertainty), CultureInfo.InvariantCulture) + (shown.Length > 0 ? "\u00A0" + shown : "");
    }

    /// <summary>Numeric format: two digits of the uncertainty, or four digits of the value where there is none.</summary>
    public static string Format(double? value, double? uncertainty)
    {
        double reach = uncertainty is > 0 && double.IsFinite(uncertainty.Value) ? uncertainty.Value * 100 : Math.Abs(value ?? 0);
        int decimals = reach > 0 && double.IsFinite(reach) ? Math.Clamp(3 - (int)Math.Floor(Math.Log10(reach)), 0, MostDecimals) : 0;
        return "N" + decimals.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A set figure, a limit or a condition: as written, without digits that nobody set.</summary>
    public static string Set(double value, string? unit)
    {
        string shown = Unit(unit ?? "");
        return value.ToString("#,0.######", CultureInfo.InvariantCulture).Replace('-', '\u2212') + (shown.Length > 0 ? "\u00A0" + shown : "");
    }
}
