using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Detection.Heat;

/// <summary>The row of <c>heat-residual</c>, for review by an electrochemist.</summary>
/// <param name="Measure">What is compared.</param>
/// <param name="Unit">Unit of the observed power.</param>
/// <param name="Raise">Cumulative sum at which it raises, in standard deviations of one stretch.</param>
/// <param name="Clear">Sum at or below which it clears.</param>
/// <param name="Allowance">Taken off each stretch before it is summed, in standard deviations.</param>
/// <param name="LeastW">Least mean residual that is told, W.</param>
/// <param name="Evidence">Least evidence before there is a verdict.</param>
/// <param name="Severity">Severity of the finding.</param>
/// <param name="Reason">Why these figures.</param>
/// <param name="Source">Where the method comes from.</param>
public sealed record HeatRow(
    string Measure, string Unit, double Raise, double Clear, double Allowance, double LeastW, string Evidence,
    FindingSeverity Severity, string Reason, string Source)
{
    /// <summary>Rule and measure, by which a profile names the row.</summary>
    public string Row => $"{RuleNames.HeatResidual}/{Measure}";

    /// <summary>The row with what the profile changes in it.</summary>
    public HeatRow For(CellProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile.RuleChanges.Of(Row) is not { } change ? this : this with
        {
            Raise = change.Raise ?? Raise,
            Clear = change.Clear ?? Clear,
            Severity = change.Severity ?? Severity,
        };
    }
}

/// <summary>The whole stance of <c>heat-residual</c>.</summary>
public static class HeatTable
{
    public static readonly HeatRow Residual = new(
        "residualHeat", "W", Raise: 8, Clear: 1, Allowance: 1, LeastW: 0.003,
        "Surface and ambient temperature; mass or capacity of the cell stated, or else a whole cycle; three earlier cycles of the same stretch (twelfth of a "
        + "charge or discharge, or 20 min of rest) at the same current within 15 %, learned where the voltage is within 60 mV; no change of the chamber by 1 K within the hour.",
        FindingSeverity.Warning,
        "C dT/dt + hA (T - Tambient) less what the same stretch gave before and what its changed voltage explains, I (V - Vbefore). One "
        + "standard deviation is its scatter, 20 mK of temperature, a quarter of the usual heat and half of what the voltage explains; the "
        + "smallest heat that is told is two of them on average, and two stretches at least. A quarter, since contact and draught change so much.",
        "Heat balance with a cumulative-sum test: Batteries 9, 70.");

    /// <summary>Largest share of the sum that one stretch may bring: no single one raises it.</summary>
    public const double MostOfOneStretch = 5;

    /// <summary>Sum that is kept at most, so that it clears in time.</summary>
    public const double MostSum = 16;

    /// <summary>Mean residual in standard deviations below which nothing is told.</summary>
    public const double LeastMean = 2;

    /// <summary>Heat capacity of a pouch with its contacts, J/(g K); pouches lie between 0.9 and 1.2.</summary>
    public const double HeatCapacityJPerGK = 1.1;

    /// <summary>The same where only the capacity is known, J/(Ah K).</summary>
    public const double HeatCapacityJPerAhK = 12;

    /// <summary>Standard deviation of a temperature averaged over a block, with its slow wander, K.</summary>
    public const double TemperatureK = 0.02;

    /// <summary>Share of the usual heat that contact and draught may change.</summary>
    public const double UsualShare = 0.25;

    /// <summary>Share of the heat explained by a changed voltage that an unknown heat capacity and reversible heat may change.</summary>
    public const double ExplainedShare = 0.5;
}
