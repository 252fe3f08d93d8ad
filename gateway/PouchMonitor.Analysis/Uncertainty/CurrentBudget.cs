using static PouchMonitor.Analysis.Uncertainty.UncertaintyDistribution;

namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>Uncertainty of a current, I = (code * step * (1 + g) + v0) / R.</summary>
public static class CurrentBudget
{
    /// <summary>Budget of a mean of conversions, amperes.</summary>
    /// <param name="board">Front end.</param>
    /// <param name="currentA">Current, either sign.</param>
    /// <param name="conversions">Conversions in the mean; 1 for a single reading.</param>
    public static UncertaintyBudget Of(FrontEnd board, double currentA, double conversions)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentOutOfRangeException.ThrowIfLessThan(conversions, 1);
        double temperatureK = CurrentErrors.GainTemperatureK(board.CurrentCalibration);
        double riseK = CurrentErrors.ShuntRiseK(board, currentA);
        double perVolt = 1 / board.ShuntOhms;
        double magnitudeA = Math.Abs(currentA);
        List<UncertaintyComponent> components =
        [
            .. CurrentErrors.Zero(board).Select(error => error.With(perVolt)),
            CurrentErrors.ContactShare(board).With(board.ThermalEmfVPerK * riseK * perVolt),
            CurrentErrors.NonLinearity(board.CurrentRange, "").With(perVolt),
            .. CurrentErrors.CommonGain(board).Select(error => error.With(magnitudeA)),
            new("drift of the gain", Rectangular, board.CurrentRange.GainDriftPerK * temperatureK, magnitudeA, "", $"40 ppm/K over {temperatureK:0} K"),
            new("shunt, ambient", Rectangular, board.ShuntTemperatureCoefficientPerK * temperatureK, magnitudeA, "", $"30 ppm/K over {temperatureK:0} K"),
            CurrentErrors.ShuntSelfHeating(board).With(magnitudeA * riseK),
            CurrentErrors.Noise(board.CurrentRange, conversions, "").With(perVolt),
            CurrentErrors.Steps(board.CurrentRange, conversions, "").With(perVolt),
        ];
        return new UncertaintyBudget($"current, {board.Name}", currentA, "A", components);
    }
}
