namespace PouchMonitor.Analysis.Detection.Heat;

/// <summary>One row of the rules that hold temperatures against each other.</summary>
/// <param name="Rule">Rule name (<see cref="RuleNames"/>).</param>
/// <param name="Measure">What is compared.</param>
/// <param name="Raise">Difference at which it raises, K.</param>
/// <param name="Clear">Difference below which it clears, K.</param>
/// <param name="Hold">Minutes in a row that raise or clear it.</param>
/// <param name="Severity">Severity of the finding.</param>
/// <param name="Reason">Why these figures.</param>
public sealed record AgreementRow(
    string Rule, string Measure, double Raise, double Clear, int Hold, FindingSeverity Severity, string Reason);

/// <summary>The whole stance of both rules.</summary>
public static class AgreementTable
{
    public static readonly AgreementRow ContactAgainstInfrared = new(
        RuleNames.SensorFault, "contactAgainstInfrared", Raise: 5, Clear: 3, Hold: 5, FindingSeverity.Warning,
        "Infrared less contact, against what it was in the first half hour: a pouch whose emissivity is roughly right and a thermistor "
        + "that touches stay within 2 K (MLX90614 0.5 K, NTC 1 K), and a hot one within a quarter of its rise above ambient more. "
        + "Not judged where the cell changes by more than 1 K a minute, since what touches lags behind.");

    public static readonly AgreementRow AmbientDrift = new(
        RuleNames.HeatResidual, "ambientDrift", Raise: 5, Clear: 3, Hold: 10, FindingSeverity.Advisory,
        "Five kelvin change a resistance by a tenth or more and a capacity by some per cent; a chamber holds 1 K, a day in a room swings by 2 to 4 K. "
        + "Against a mean over six hours, so that a new setting becomes the usual one.");

    /// <summary>Share of the rise above ambient by which contact and infrared may differ besides.</summary>
    public const double RiseShare = 0.25;

    /// <summary>Change of the contact temperature above which the two are not compared, K a minute.</summary>
    public const double MostChangeKPerMinute = 1;

    /// <summary>Both rows.</summary>
    public static IReadOnlyList<AgreementRow> All { get; } = [ContactAgainstInfrared, AmbientDrift];
}

/// <summary>Raises after so many minutes in a row and clears after as many. A plain value.</summary>
internal struct AgreementHold
{
    public bool IsRaised;
    public int Count;

    /// <summary>End of the first minute of the run that raised it, and one microsecond, so that no reading of that moment has the same onset.</summary>
    public long OnsetMicroseconds;

    /// <summary>True when it has changed.</summary>
    public bool Take(AgreementRow row, bool raises, bool clears, long microseconds)
    {
        if (!(IsRaised ? clears : raises))
        {
            Count = 0;
            return false;
        }

        if (Count++ == 0 && !IsRaised)
        {
            OnsetMicroseconds = microseconds + 1;
        }

        if (Count < row.Hold)
        {
            return false;
        }

        Count = 0;
        IsRaised = !IsRaised;
        return true;
    }
}
