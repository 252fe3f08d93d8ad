using System.Globalization;
using System.Text;

namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>A budget as a table for people, Markdown, invariant culture.</summary>
public static class UncertaintyTable
{
    /// <summary>One row a component, then the result.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="scale">Factor on contributions and result, such as 1e6 for parts per million.</param>
    /// <param name="unit">Unit of what comes out.</param>
    public static string Markdown(UncertaintyBudget budget, double scale, string unit)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var text = new StringBuilder();
        text.Append("| component | distribution | half-width | divisor | sensitivity | d.o.f. | contribution, ").Append(unit).Append(" | source |\n");
        text.Append("|---|---|---|---|---|---|---|---|\n");
        foreach (UncertaintyComponent component in budget.Components)
        {
            text.Append("| ").Append(component.Name)
                .Append(" | ").Append(NameOf(component.Distribution))
                .Append(" | ").Append(Number(component.HalfWidth)).Append(component.Unit.Length > 0 ? " " + component.Unit : "")
                .Append(" | ").Append(Number(component.Divisor))
                .Append(" | ").Append(Number(component.Sensitivity))
                .Append(" | ").Append(Freedom(component.DegreesOfFreedom))
                .Append(" | ").Append(Number(component.Contribution * scale))
                .Append(" | ").Append(component.Source).Append(" |\n");
        }

        text.Append("| **combined, expanded** | | | | | ").Append(Freedom(budget.EffectiveDegreesOfFreedom))
            .Append(" | **").Append(Number(budget.CombinedStandardUncertainty * scale))
            .Append("**, **").Append(Number(budget.ExpandedUncertainty * scale))
            .Append("** | k = ").Append(budget.CoverageFactor.ToString("F2", CultureInfo.InvariantCulture)).Append(" |\n");
        return text.ToString();
    }

    /// <summary>Three significant digits, with powers of ten outside 0.001 to 100 000.</summary>
    public static string Number(double value)
    {
        double magnitude = Math.Abs(value);
        return magnitude == 0 ? "0"
            : magnitude is >= 1e-3 and < 1e5 ? Rounded(value, magnitude)
            : value.ToString("0.##e0", CultureInfo.InvariantCulture);
    }

    private static string Rounded(double value, double magnitude)
    {
        int decimals = Math.Clamp(2 - (int)Math.Floor(Math.Log10(magnitude)), 0, 6);
        return Math.Round(value, decimals).ToString("0.######", CultureInfo.InvariantCulture);
    }

    private static string Freedom(double degrees) =>
        degrees >= 1e5 ? "inf" : Math.Floor(degrees).ToString("0", CultureInfo.InvariantCulture);

    private static string NameOf(UncertaintyDistribution distribution) => distribution switch
    {
        UncertaintyDistribution.Rectangular => "rectangular",
        UncertaintyDistribution.Triangular => "triangular",
        UncertaintyDistribution.ArcSine => "arc sine",
        _ => "normal",
    };
}
