namespace PouchMonitor.Simulation;

/// <summary>One record of a cell on a bench.</summary>
/// <param name="TimeS">Seconds since the start.</param>
/// <param name="VoltageV">Voltage at the terminals.</param>
/// <param name="CurrentA">Positive charges.</param>
/// <param name="TemperatureC">Of the cell.</param>
public readonly record struct BenchRecord(double TimeS, double VoltageV, double CurrentA, double TemperatureC);
