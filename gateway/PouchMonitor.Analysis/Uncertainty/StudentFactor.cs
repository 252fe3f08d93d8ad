namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>Coverage factors of Student's distribution.</summary>
public static class StudentFactor
{
    /// <summary>Coverage of two standard deviations of a normal distribution, erf(sqrt 2).</summary>
    public const double TwoSigma = 0.954499736103642;

    // From here on the factor is within 0.2 % of the normal one, and the series would only be long.
    private const double Many = 2000;

    /// <summary>
    /// Factor that covers <see cref="TwoSigma"/>; degrees of freedom are cut to a whole number (JCGM 100:2008, G.4.1 note 1),
    /// and fewer than one count as one. Agrees with its table G.2.
    /// </summary>
    /// <param name="degreesOfFreedom">Effective degrees of freedom; infinite gives 2.</param>
    public static double For(double degreesOfFreedom)
    {
        if (double.IsNaN(degreesOfFreedom) || degreesOfFreedom >= Many)
        {
            return 2;
        }

        int whole = Math.Max(1, (int)degreesOfFreedom);
        double low = 0;
        double high = 64;
        for (int step = 0; step < 60; step++)
        {
            double middle = 0.5 * (low + high);
            if (Coverage(middle, whole) < TwoSigma)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return 0.5 * (low + high);
    }

    /// <summary>Chance that |t| stays below a factor: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.</summary>
    private static double Coverage(double factor, int degreesOfFreedom)
    {
        double angle = Math.Atan(factor / Math.Sqrt(degreesOfFreedom));
        double cosine = Math.Cos(angle);
        bool isOdd = degreesOfFreedom % 2 == 1;
        double term = isOdd ? cosine : 1;
        double sum = degreesOfFreedom == 1 ? 0 : term;
        for (int order = isOdd ? 3 : 2; order < degreesOfFreedom; order += 2)
        {
            term *= cosine * cosine * (order - 1) / order;
            sum += term;
        }

        return isOdd ? 2 / Math.PI * (angle + (Math.Sin(angle) * sum)) : Math.Sin(angle) * sum;
    }
}
