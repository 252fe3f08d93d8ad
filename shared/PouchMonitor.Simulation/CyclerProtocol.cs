namespace PouchMonitor.Simulation;

/// <summary>
/// How a cycler treats a cell: charge at constant current and then constant voltage, rest, discharge at constant current,
/// rest, a number of times. Rates are in C of the nominal capacity and are magnitudes.
/// </summary>
public sealed record CyclerProtocol
{
    public required double LowerVoltageV { get; init; }

    public required double UpperVoltageV { get; init; }

    public required double ChargeRateC { get; init; }

    public required double DischargeRateC { get; init; }

    /// <summary>Rate at which the constant-voltage part ends.</summary>
    public double CutoffRateC { get; init; } = 0.05;

    /// <summary>Rest after each charge and each discharge.</summary>
    public double RestS { get; init; } = 600;

    /// <summary>Rest before the first charge.</summary>
    public double InitialRestS { get; init; } = 600;

    /// <summary>Voltage below which the cycler gives up on the cell and opens its output for good.</summary>
    public double AbortBelowVoltageV { get; init; } = 1.0;

    /// <summary>Temperature above which the cycler gives up on the cell and opens its output for good.</summary>
    public double AbortAboveC { get; init; } = 80;
}
