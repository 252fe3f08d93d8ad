using System.Collections;
using System.Text;
using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Firmware.Sampling;
using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Firmware.Timing;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Calibration;

/// <summary>
/// The calibration commands. Each looks back at the last <see cref="CalibrationWindow.Passes"/> passes (6.4 s at ten a
/// second), so the reference is applied first, for longer than that, and the command sent then. To be called on the
/// sampling thread between two passes. Arguments, all as text:
/// <list type="table">
/// <item><term>calibrate-zero</term><description><c>channel</c>, <c>column</c> (voltage or current): both inputs are at one
/// potential by a shorting plug; what is read is the offset.</description></item>
/// <item><term>calibrate-swap</term><description><c>channel</c>, <c>column</c>, <c>side</c> (a, then b): the same source is
/// read the right way round, then with its leads swapped; half the sum is the offset, whatever the source is.</description></item>
/// <item><term>calibrate-rest</term><description><c>channel</c>: no current flows (relay open, cell at rest); what is read is
/// the current's offset.</description></item>
/// <item><term>calibrate-gain</term><description><c>channel</c>, <c>column</c>, <c>reference</c> (what the reference
/// instrument says, microvolts or microamperes).</description></item>
/// <item><term>calibrate-thermistor</term><description><c>channel</c>, <c>millidegrees</c> (of the bath), <c>point</c> (1 to
/// 3, 1 unless given; 1 begins anew).</description></item>
/// <item><term>calibrate-emissivity</term><description><c>channel</c>, <c>permille</c>.</description></item>
/// <item><term>calibrate-clear</term><description><c>channel</c>: back to none.</description></item>
/// </list>
/// </summary>
public sealed class Calibrator : IStatusPart
{
    /// <summary>Spread of voltage or current over the window at most, counts.</summary>
    public const int SpreadLimitCounts = 32;

    /// <summary>A gain is taken from a tenth of the scale on, counts.</summary>
    public const int LeastGainCounts = 3277;

    /// <summary>The two sides of a swap come within this time of each other.</summary>
    public const long SwapMicroseconds = 600000000;

    // A bath's thermistor may move by a part in 500 over the window: some 50 mK.
    private const int SpreadDivisor = 500;
    private const long MicrosecondsPerSecond = 1000000;
    private const long Million = 1000000;

    private readonly IBoard board;
    private readonly BootAnchor anchor;
    private readonly NodeReports reports;
    private readonly FramePublisher publisher;
    private readonly ChannelSampler[] channels;
    private readonly ChannelSensors[] sensors;
    private readonly ColumnScale[] scales = new ColumnScale[SampleColumns.Count];
    private readonly SwapSide[] swaps;

    public Calibrator(
        IBoard board, BootAnchor anchor, NodeReports reports, FramePublisher publisher, ChannelSampler[] channels,
        ChannelSensors[] sensors)
    {
        this.board = board;
        this.anchor = anchor;
        this.reports = reports;
        this.publisher = publisher;
        this.channels = channels;
        this.sensors = sensors;
        swaps = new SwapSide[channels.Length];
        for (int i = 0; i < swaps.Length; i++)
        {
            swaps[i] = new SwapSide();
        }

        for (int column = 0; column < scales.Length; column++)
        {
            scales[column] = new ColumnScale();
        }
    }

    /// <summary>Takes up what the flash holds for every channel; at the start.</summary>
    public void Load()
    {
        for (int i = 0; i < channels.Length; i++)
        {
            ChannelCalibration? record = CalibrationFiles.Read(board.Files, channels[i].Channel, out bool isSpoiled);
            if (isSpoiled)
            {
                reports.AddEvent("calibration-lost", channels[i].Channel, 0);
            }

            if (record != null)
            {
                Apply(i, record);
            }
        }
    }

    /// <inheritdoc/>
    public void AppendTo(StringBuilder text)
    {
        text.Append(",\"calibrations\":{");
        CalibrationJson.Append(text, channels, sensors);
        text.Append('}');
    }

    /// <summary>True for a command of this class.</summary>
    public bool Knows(string command)
    {
        switch (command)
        {
            case "calibrate-zero":
            case "calibrate-swap":
            case "calibrate-rest":
            case "calibrate-gain":
            case "calibrate-thermistor":
            case "calibrate-emissivity":
            case "calibrate-clear":
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// Runs a command with its arguments (text by text). Null when it was done, with what came of it in
    /// <paramref name="result"/>; else one line naming thing, value and limit, and nothing has changed.
    /// </summary>
    public string? Run(string command, Hashtable arguments, out string result)
    {
        result = "";
        string? channel = CalibrationArguments.Text(arguments, "channel");
        int index = IndexOf(channel);
        if (index < 0)
        {
            return CalibrationArguments.Missing("channel", channel, "one of this node's");
        }

        if (command == "calibrate-clear")
        {
            return Clear(index, out result);
        }

        ChannelCalibration record = CopyOf(sensors[index].Calibration);
        string? fault;
        switch (command)
        {
            case "calibrate-zero": fault = Zero(index, arguments, record); break;
            case "calibrate-swap": fault = Swap(index, arguments, record, out result); break;
            case "calibrate-rest": fault = Offset(index, SampleColumns.Current, record); break;
            case "calibrate-gain": fault = Gain(index, arguments, record); break;
            case "calibrate-thermistor": fault = ThermistorPoint(index, arguments, record); break;
            case "calibrate-emissivity": fault = CalibrationArguments.Whole(arguments, "permille", out record.EmissivityPermille); break;
            default: fault = "there is no command '" + command + "'"; break;
        }

        return fault != null || result.Length > 0 ? fault : Keep(index, record, out result);
    }

    private static string NameOf(int column) => column == SampleColumns.Voltage ? "voltage" : "current";

    private static ChannelCalibration CopyOf(ChannelCalibration? record)
    {
        ChannelCalibration? copy = record == null ? null : ChannelCalibration.FromBytes(record.ToBytes());
        return copy ?? new ChannelCalibration();
    }

    private static void SetOffset(ChannelCalibration record, int column, long millicounts)
    {
        if (column == SampleColumns.Voltage)
        {
            record.VoltageOffsetMillicounts = millicounts;
        }
        else
        {
            record.CurrentOffsetMillicounts = millicounts;
        }
    }

    private int IndexOf(string? channel)
    {
        for (int i = 0; i < channels.Length; i++)
        {
            if (channels[i].Channel == channel)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Mean over the window, thousandths; a fault where it was not steady (a limit of 0: to a part in 500) or not believed.</summary>
    private string? Mean(int index, int quantity, string name, long spreadLimit, out long thousandths)
    {
        CalibrationWindow window = sensors[index].Window;
        thousandths = window.MeanThousandths(quantity);
        int good = window.GoodCount(quantity);
        string subject = name + " of channel " + channels[index].Channel;
        if (good < CalibrationWindow.Passes)
        {
            return subject + " was good in " + good + " of the last passes, must be in " + CalibrationWindow.Passes;
        }

        long limit = spreadLimit > 0 ? spreadLimit : thousandths / 1000 / SpreadDivisor;
        long spread = window.Spread(quantity);
        return spread > limit ? subject + " spreads over " + spread + " in the last passes, must be at most " + limit : null;
    }

    private string? Zero(int index, Hashtable arguments, ChannelCalibration record) =>
        CalibrationArguments.Column(arguments, out int column) ?? Offset(index, column, record);

    private string? Offset(int index, int column, ChannelCalibration record)
    {
        string? fault = Mean(index, column, NameOf(column), SpreadLimitCounts, out long millicounts);
        SetOffset(record, column, millicounts);
        return fault;
    }

    private string? Swap(int index, Hashtable arguments, ChannelCalibration record, out string result)
    {
        result = "";
        bool isSecond = false;
        long millicounts = 0;
        string? fault = CalibrationArguments.Column(arguments, out int column)
            ?? CalibrationArguments.Side(arguments, out isSecond)
            ?? Mean(index, column, NameOf(column), SpreadLimitCounts, out millicounts);
        if (fault != null)
        {
            return fault;
        }

        SwapSide first = swaps[index];
        long now = board.Clock.UptimeMicroseconds;
        if (!isSecond)
        {
            first.Column = column;
            first.Millicounts = millicounts;
            first.AtMicroseconds = now;
            first.IsTaken = true;
            sensors[index].Window.Clear();
            result = "side a reads " + millicounts + " thousandths of a count; swap the leads and send side b";
            return null;
        }

        if (!first.IsTaken || first.Column != column || now - first.AtMicroseconds > SwapMicroseconds)
        {
            return "side a of " + NameOf(column) + " of channel " + channels[index].Channel + " is missing, must be taken within "
                + (SwapMicroseconds / MicrosecondsPerSecond) + " s before side b";
        }

        first.IsTaken = false;
        SetOffset(record, column, (first.Millicounts + millicounts) / 2);
        return null;
    }

    private string? Gain(int index, Hashtable arguments, ChannelCalibration record)
    {
        int reference = 0;
        long millicounts = 0;
        string? fault = CalibrationArguments.Column(arguments, out int column)
            ?? CalibrationArguments.Whole(arguments, "reference", out reference)
            ?? Mean(index, column, NameOf(column), SpreadLimitCounts, out millicounts);
        if (fault != null)
        {
            return fault;
        }

        bool isVoltage = column == SampleColumns.Voltage;
        long measured = millicounts - (isVoltage ? record.VoltageOffsetMillicounts : record.CurrentOffsetMillicounts);
        long magnitude = measured < 0 ? -measured : measured;
        if (magnitude < LeastGainCounts * 1000L)
        {
            return NameOf(column) + " of channel " + channels[index].Channel + " reads " + (measured / 1000)
                + " counts, must be " + LeastGainCounts + " or more either way for a gain";
        }

        // Counts that the reference should read: micro-units / (numerator / denominator * 10^6), in thousandths.
        sensors[index].FillScales(scales);
        long ideal = reference * scales[column].Denominator / (scales[column].Numerator * 1000);
        long difference = ideal - measured;
        if (difference > magnitude || difference < -magnitude)
        {
            return "reference is " + reference + ", must be within 2 % of what " + NameOf(column) + " of channel "
                + channels[index].Channel + " reads";
        }

        long ppm = difference * Million / measured;
        record.VoltageGainPpm = isVoltage ? ppm : record.VoltageGainPpm;
        record.CurrentGainPpm = isVoltage ? record.CurrentGainPpm : ppm;
        return null;
    }

    private string? ThermistorPoint(int index, Hashtable arguments, ChannelCalibration record)
    {
        int point = 1;
        long thousandths = 0;
        string? fault = CalibrationArguments.Whole(arguments, "millidegrees", out int millidegrees)
            ?? (CalibrationArguments.Text(arguments, "point") == null ? null : CalibrationArguments.Whole(arguments, "point", out point))
            ?? Mean(index, CalibrationWindow.Thermistor, "surface thermistor", 0, out thousandths);
        if (fault != null)
        {
            return fault;
        }

        if (point < 1 || point > ChannelCalibration.MaximumPoints || point > record.PointCount + 1)
        {
            return "point is " + point + ", must be 1 to " + ChannelCalibration.MaximumPoints + ", one after the other (there are "
                + record.PointCount + ")";
        }

        record.PointCount = point == 1 || point > record.PointCount ? point : record.PointCount;
        record.PointMillidegrees[point - 1] = millidegrees;
        record.PointMilliohms[point - 1] = thousandths / 1000;
        return null;
    }

    /// <summary>Checks a record, keeps it in the flash and only then goes by it.</summary>
    private string? Keep(int index, ChannelCalibration record, out string result)
    {
        result = "";
        string channel = channels[index].Channel;
        record.UnixSeconds = anchor.TryGet(out long unixMicroseconds)
            ? (unixMicroseconds + board.Clock.UptimeMicroseconds) / MicrosecondsPerSecond
            : 0;
        string? fault = CalibrationLimits.Fault(channel, record);
        if (fault == null && !CalibrationFiles.Write(board.Files, channel, record))
        {
            fault = "the flash refused the calibration of channel " + channel;
        }

        if (fault != null)
        {
            return fault;
        }

        Apply(index, record);
        result = "calibration " + record.Id;
        return null;
    }

    private string? Clear(int index, out string result)
    {
        result = "";
        if (!CalibrationFiles.Delete(board.Files, channels[index].Channel))
        {
            return "the flash refused to remove the calibration of channel " + channels[index].Channel;
        }

        Apply(index, null);
        result = "calibration 0";
        return null;
    }

    private void Apply(int index, ChannelCalibration? record)
    {
        sensors[index].SetCalibration(record);
        channels[index].Builder.RefreshScales(sensors[index]);
        publisher.SendStatusSoon();
        reports.AddEvent("calibration", channels[index].Channel, record == null ? 0 : record.Id);
    }

    /// <summary>The first side of a swap.</summary>
    private sealed class SwapSide
    {
        public bool IsTaken;
        public int Column;
        public long Millicounts;
        public long AtMicroseconds;
    }
}
