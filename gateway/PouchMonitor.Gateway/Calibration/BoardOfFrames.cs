using PouchMonitor.Analysis.Uncertainty;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Calibration;

/// <summary>
/// Which board the frames of a channel come from, by what one of their counts means, and what of it is calibrated. Only the
/// boards of hardware/bom.csv count in these steps; files, devices that write decimals and bridges that changed the scale give
/// null, and nothing is guessed. Of one test and one thread; makes nothing anew while the frames say the same.
/// </summary>
/// <param name="find">The record of an id; null where it is not known.</param>
internal sealed class BoardOfFrames(Func<uint, NodeCalibration?> find)
{
    private readonly ColumnScale voltage = new();
    private readonly ColumnScale current = new();
    private double? shuntOhms;

    /// <summary>The board of a frame whose calibration is not applied yet.</summary>
    public MeasuringBoard? Of(SampleFrame frame)
    {
        ColumnScale frameVoltage = frame.Scales[SampleColumns.Voltage];
        ColumnScale frameCurrent = frame.Scales[SampleColumns.Current];
        if (!voltage.SameAs(frameVoltage) || !current.SameAs(frameCurrent))
        {
            voltage.CopyFrom(frameVoltage);
            current.CopyFrom(frameCurrent);
            shuntOhms = voltage.Offset != 0 || current.Offset != 0 ? null : FrontEnd.WithSteps(StepOf(voltage), StepOf(current))?.ShuntOhms;
        }

        return shuntOhms is { } ohms ? new MeasuringBoard(ohms, InputOf(voltage, isVoltage: true), InputOf(current, isVoltage: false)) : null;
    }

    private static double StepOf(ColumnScale scale) => (double)scale.Numerator / scale.Denominator;

    /// <summary>
    /// A record whose offset or gain is 0 was made without it, as one of a thermistor or an emissivity alone is; one that nobody
    /// told is not applied.
    /// </summary>
    private MeasuringInput InputOf(ColumnScale scale, bool isVoltage) => scale.CalibrationId != 0 && find(scale.CalibrationId) is { } record
        ? new MeasuringInput(
            record.Id,
            HasZero: (isVoltage ? record.VoltageOffsetMillicounts : record.CurrentOffsetMillicounts) != 0,
            HasGain: (isVoltage ? record.VoltageGainPpm : record.CurrentGainPpm) != 0)
        : default;
}
