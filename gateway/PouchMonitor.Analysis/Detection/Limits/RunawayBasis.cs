namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>What <c>thermal-runaway</c> judges beside the rate, at one sample.</summary>
/// <param name="VoltageV">Last believed voltage, V; NaN where it is too old or there is none.</param>
/// <param name="InitialV">Initial voltage, V; NaN where it is not known.</param>
/// <param name="HighestC">Highest believed temperature of the cell, C; NaN where there is none.</param>
internal readonly record struct RunawayBasis(double VoltageV, double InitialV, double HighestC)
{
    /// <summary>True when the voltage is more than a quarter below its initial value.</summary>
    public bool HasDropped => VoltageV < InitialV * (1 - LimitTable.RunawayVoltageDrop.Raise);

    /// <summary>The second condition of GB 38031-2025: the voltage has dropped, or a temperature is at or above the maker's maximum.</summary>
    public bool HasSecondCondition(double maximumC) => HasDropped || HighestC >= maximumC;

    /// <summary>The same with a voltage so much lower and another temperature.</summary>
    public RunawayBasis With(double lowerV, double highestC) => this with { VoltageV = VoltageV - lowerV, HighestC = highestC };
}
