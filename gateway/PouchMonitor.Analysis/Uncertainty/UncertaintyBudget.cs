namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>The uncertainty of one result from its components, after JCGM 100:2008 (GUM).</summary>
/// <param name="Quantity">What is measured.</param>
/// <param name="Value">The result.</param>
/// <param name="Unit">Unit of the result; empty for a ratio.</param>
/// <param name="Components">Independent inputs.</param>
public sealed record UncertaintyBudget(string Quantity, double Value, string Unit, IReadOnlyList<UncertaintyComponent> Components)
{
    /// <summary>Combined standard uncertainty u_c = sqrt(sum (c u)^2), 5.1.2; unit of the result.</summary>
    public double CombinedStandardUncertainty => Combine(Components);

    /// <summary>Effective degrees of freedom u_c^4 / sum((c u)^4 / nu), Welch and Satterthwaite, G.4.1.</summary>
    public double EffectiveDegreesOfFreedom
    {
        get
        {
            double combined = CombinedStandardUncertainty;
            double sum = 0;
            foreach (UncertaintyComponent component in Components)
            {
                sum += Math.Pow(component.Contribution, 4) / component.DegreesOfFreedom;
            }

            return sum == 0 ? double.PositiveInfinity : Math.Pow(combined, 4) / sum;
        }
    }

    /// <summary>Coverage factor for 95.45 %: 2 for many degrees of freedom, Student's for few (G.3.2).</summary>
    public double CoverageFactor => StudentFactor.For(EffectiveDegreesOfFreedom);

    /// <summary>Expanded uncertainty U = k u_c, 6.2.1; unit of the result.</summary>
    public double ExpandedUncertainty => CoverageFactor * CombinedStandardUncertainty;

    /// <summary>
    /// Expanded uncertainty (k = 2) of the difference of two such results from the same channel, calibration and protocol:
    /// what is the same in both cancels, the rest counts twice. Unit of the result.
    /// </summary>
    public double ExpandedUncertaintyOfDifference =>
        2 * Math.Sqrt(2) * Combine(Components.Where(component => !component.IsSameInEveryCycle));

    private static double Combine(IEnumerable<UncertaintyComponent> components)
    {
        double sum = 0;
        foreach (UncertaintyComponent component in components)
        {
            sum += component.Contribution * component.Contribution;
        }

        return Math.Sqrt(sum);
    }
}
