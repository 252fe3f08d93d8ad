namespace PouchMonitor.Analysis.Abuse;

/// <summary>A trigger by a fall of the voltage that a lost contact explains as well: it was soon back, and nothing grew warmer.</summary>
/// <param name="At">Moment of the fall, seconds as in the samples.</param>
/// <param name="BackAt">First reading of the voltage that was back, s.</param>
/// <param name="HasTemperature">Whether a temperature of the cell was there to show heat; without one it may have been a short that burnt free.</param>
public sealed record AbuseLostContact(double At, double BackAt, bool HasTemperature);
