namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>
/// Highest believed temperature since the onset of a latched finding, and when it is worth telling: by a step, when the
/// proposed hazard level changes, and once the peak is past.
/// </summary>
internal struct LatchedMaximum
{
    private const double PastPeakC = 2;

    private bool isKnown;
    private bool isToldKnown;
    private double highestC;
    private double toldC;

    public readonly double? HighestC => isKnown ? highestC : null;

    public readonly bool HasUntold => isKnown && (!isToldKnown || highestC > toldC);

    public void Start(double temperatureC)
    {
        isKnown = double.IsFinite(temperatureC);
        highestC = isKnown ? temperatureC : 0;
        MarkTold();
    }

    /// <summary>Takes the highest of a sample (NaN where none is believed); true when the finding should be told anew,
    /// a step of <paramref name="stepC"/> being worth it.</summary>
    public bool Add(double temperatureC, double stepC)
    {
        if (double.IsNaN(temperatureC))
        {
            return false;
        }

        if (!isKnown || temperatureC > highestC)
        {
            isKnown = true;
            highestC = temperatureC;
        }

        return HasUntold
            && (!isToldKnown
                || highestC >= toldC + stepC
                || temperatureC <= highestC - PastPeakC
                || HazardProposal.LevelOf(highestC) != HazardProposal.LevelOf(toldC));
    }

    public void MarkTold()
    {
        isToldKnown = isKnown;
        toldC = highestC;
    }
}
