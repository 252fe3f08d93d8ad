namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>What a node tells of the board that measures a channel: which one it is, and what of it is calibrated.</summary>
/// <param name="ShuntOhms">Nominal shunt, one of those of <see cref="FrontEnd.Boards"/>.</param>
/// <param name="Voltage">The voltage's input.</param>
/// <param name="Current">The current's input.</param>
public readonly record struct MeasuringBoard(double ShuntOhms, MeasuringInput Voltage, MeasuringInput Current)
{
    /// <summary>
    /// The front end for the budgets; null where no board has such a shunt. A record says that a zero or a gain was taken and
    /// when, but neither against which reference nor how warm the board was: those are as hardware/CALIBRATION.md asks for.
    /// </summary>
    public FrontEnd? ToFrontEnd()
    {
        double shuntOhms = ShuntOhms;
        FrontEnd? bought = FrontEnd.Boards.FirstOrDefault(board => board.ShuntOhms == shuntOhms);
        return bought is null ? null : bought with { VoltageCalibration = Voltage.ToCalibration(), CurrentCalibration = Current.ToCalibration() };
    }
}

/// <summary>What a node tells of one input.</summary>
/// <param name="CalibrationId">Id of the record that is applied; 0 for none.</param>
/// <param name="HasZero">True where the record corrects the zero.</param>
/// <param name="HasGain">True where the record corrects the gain.</param>
public readonly record struct MeasuringInput(uint CalibrationId, bool HasZero, bool HasGain)
{
    internal InputCalibration? ToCalibration() => HasZero || HasGain
        ? InputCalibration.Bench with
        {
            ZeroConversions = HasZero ? InputCalibration.Bench.ZeroConversions : null,
            GainStandardRelative = HasGain ? InputCalibration.Bench.GainStandardRelative : null,
        }
        : null;
}
