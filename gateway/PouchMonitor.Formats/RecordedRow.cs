using System.Numerics;
using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats;

/// <summary>
/// One good row of a recorded series: exact decimals as written (value = mantissa / 10^decimals), so that a frame built
/// from it and a sample read from it give the same doubles. Reused by the caller; filled by the reader.
/// </summary>
public sealed class RecordedRow
{
    private static readonly ColumnScale[] ScaleByDecimals = MakeScales();

    // Pound-force by definition: 0.45359237 kg times 9.80665 m/s^2.
    private const double NewtonsPerPound = 0.45359237 * 9.80665;

    private readonly long[] mantissas = new long[SampleColumns.Count];
    private readonly byte[] decimals = new byte[SampleColumns.Count];

    /// <summary>Columns with a value, one bit each at the lowest of the column's three.</summary>
    private uint present;

    /// <summary>Line in the (unpacked) file, from 1.</summary>
    public long LineNumber { get; internal set; }

    /// <summary>Order among the good rows, from 0: the sample number on every way.</summary>
    public long Number { get; internal set; }

    /// <summary>Time as in the file, in microseconds, rounded half-even from the exact decimal seconds.</summary>
    public long TimeMicroseconds { get; internal set; }

    /// <summary>Number of the instrument's own cycle; for comparison only.</summary>
    public double? InstrumentCycle { get; internal set; }

    /// <summary>Number of the instrument's own step; for comparison only.</summary>
    public double? InstrumentStep { get; internal set; }

    /// <summary>The instrument's own charge counter, Ah; reset rules differ, for comparison only.</summary>
    public double? InstrumentChargeCapacityAh { get; internal set; }

    /// <summary>The instrument's own discharge counter, Ah; reset rules differ, for comparison only.</summary>
    public double? InstrumentDischargeCapacityAh { get; internal set; }

    /// <summary>The instrument's own charge counter where it does not tell directions apart, Ah; for comparison only.</summary>
    public double? InstrumentCapacityAh { get; internal set; }

    /// <summary>The instrument's own count of charge in less charge out, Ah; for comparison only.</summary>
    public double? InstrumentNetCapacityAh { get; internal set; }

    /// <summary>The instrument's own counter of energy charged, Wh; for comparison only.</summary>
    public double? InstrumentChargeEnergyWh { get; internal set; }

    /// <summary>The instrument's own counter of energy discharged, Wh; for comparison only.</summary>
    public double? InstrumentDischargeEnergyWh { get; internal set; }

    /// <summary>The instrument's own energy counter where it does not tell directions apart, Wh; for comparison only.</summary>
    public double? InstrumentEnergyWh { get; internal set; }

    /// <summary>Force of an indenter with its sign as recorded, N; null where the row gives none.</summary>
    public double? ForceN { get; internal set; }

    /// <summary>Displacement of an indenter, mm; null where the row gives none.</summary>
    public double? DisplacementMm { get; internal set; }

    /// <summary>Lowest voltage since the row before, V; null where the file does not tell it.</summary>
    public double? LowestVoltageV { get; internal set; }

    /// <summary>Decimals of the current as written, in ampere, zeros at its end included: how finely the file gives it.</summary>
    internal int WrittenCurrentDecimals { get; set; }

    /// <summary>Sensor states as the file gives them; null where it does not.</summary>
    internal uint? StatedStates { get; set; }

    /// <summary>Sensor states: as the file gives them, or else good where there is a value and absent where there is none.</summary>
    public uint States
    {
        get
        {
            if (StatedStates is { } stated)
            {
                return stated;
            }

            // Good is 0, and absent has the lowest bit alone.
            return SensorStates.AllAbsent & ~present;
        }
    }

    /// <summary>True when the row gives a value for this column (<see cref="SampleColumns"/>).</summary>
    public bool IsPresent(int column) => (present & (1u << (3 * column))) != 0;

    /// <summary>Digits of the value as one integer; meaningful only where present.</summary>
    public long Mantissa(int column) => mantissas[column];

    /// <summary>Number of decimals, 0 to 18: value = mantissa / 10^decimals.</summary>
    public byte Decimals(int column) => decimals[column];

    /// <summary>Value in the unit of its column; null where the row gives none.</summary>
    public double? Value(int column) =>
        IsPresent(column) ? ScaledValue.Of(mantissas[column], ScaleOf(decimals[column])) : null;

    /// <summary>
    /// Fills a sample: values through <see cref="ScaledValue"/>, as for a frame; a blank is <see cref="SensorState.Absent"/>.
    /// </summary>
    /// <remarks>Compiled as it stays from the first row on, since a file may well be read before the second compilation.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyTo(ref Sample sample)
    {
        sample.Number = Number;
        sample.TimeMicroseconds = TimeMicroseconds;
        sample.Values = default;
        for (uint columns = present; columns != 0; columns &= columns - 1)
        {
            int column = BitOperations.TrailingZeroCount(columns) / 3;
            sample.Values[column] = ScaledValue.Of(mantissas[column], ScaleByDecimals[decimals[column]]);
        }

        sample.States = States;
        sample.VoltageDipV = IsPresent(SampleColumns.Voltage) && LowestVoltageV is { } lowestV
            ? (float)Math.Max(0, sample.Values[SampleColumns.Voltage] - lowestV)
            : 0;
    }

    /// <summary>The scale 1 / 10^decimals that a frame column carrying such mantissas has. Do not change it.</summary>
    public static ColumnScale ScaleOf(int decimals) => ScaleByDecimals[decimals];

    /// <summary>A column that has a value though its state says it has none, or none though it should; null where all agree.</summary>
    internal int? ContradictedColumn()
    {
        for (int column = 0; StatedStates is { } states && column < SampleColumns.Count; column++)
        {
            if (SensorStates.HasValue(states, column) != IsPresent(column))
            {
                return column;
            }
        }

        return null;
    }

    internal void Clear()
    {
        StatedStates = null;
        present = 0;
        LowestVoltageV = null;
        ForceN = null;
        DisplacementMm = null;
        InstrumentCycle = null;
        InstrumentStep = null;
        InstrumentChargeCapacityAh = null;
        InstrumentDischargeCapacityAh = null;
        InstrumentCapacityAh = null;
        InstrumentNetCapacityAh = null;
        InstrumentChargeEnergyWh = null;
        InstrumentDischargeEnergyWh = null;
        InstrumentEnergyWh = null;
    }

    /// <summary>Takes all that another row holds, but for its number.</summary>
    internal void CopyFrom(RecordedRow other)
    {
        other.mantissas.CopyTo(mantissas, 0);
        other.decimals.CopyTo(decimals, 0);
        present = other.present;
        TimeMicroseconds = other.TimeMicroseconds;
        StatedStates = other.StatedStates;
        WrittenCurrentDecimals = other.WrittenCurrentDecimals;
        LowestVoltageV = other.LowestVoltageV;
        ForceN = other.ForceN;
        DisplacementMm = other.DisplacementMm;
        InstrumentCycle = other.InstrumentCycle;
        InstrumentStep = other.InstrumentStep;
        InstrumentChargeCapacityAh = other.InstrumentChargeCapacityAh;
        InstrumentDischargeCapacityAh = other.InstrumentDischargeCapacityAh;
        InstrumentCapacityAh = other.InstrumentCapacityAh;
        InstrumentNetCapacityAh = other.InstrumentNetCapacityAh;
        InstrumentChargeEnergyWh = other.InstrumentChargeEnergyWh;
        InstrumentDischargeEnergyWh = other.InstrumentDischargeEnergyWh;
        InstrumentEnergyWh = other.InstrumentEnergyWh;
    }

    internal void Set(int column, in DecimalNumber number)
    {
        present |= 1u << (3 * column);
        mantissas[column] = number.Mantissa;
        decimals[column] = (byte)number.Decimals;
        if (column == SampleColumns.Current)
        {
            WrittenCurrentDecimals = number.Decimals;
        }
    }

    /// <summary>Gives a value the sign of a direction.</summary>
    internal void Sign(int column, int direction) =>
        mantissas[column] = direction < 0 ? -Math.Abs(mantissas[column]) : Math.Abs(mantissas[column]);

    /// <summary>Sets one of the instrument's own figures by its role (<see cref="SeriesHeader"/>).</summary>
    internal void SetInstrument(int role, double value)
    {
        switch (role)
        {
            case SeriesHeader.Cycle:
                InstrumentCycle = value;
                break;
            case SeriesHeader.Step:
                InstrumentStep = value;
                break;
            case SeriesHeader.ChargeCapacity:
                InstrumentChargeCapacityAh = value;
                break;
            case SeriesHeader.DischargeCapacity:
                InstrumentDischargeCapacityAh = value;
                break;
            case SeriesHeader.Capacity:
                InstrumentCapacityAh = value;
                break;
            case SeriesHeader.NetCapacity:
                InstrumentNetCapacityAh = value;
                break;
            case SeriesHeader.ChargeEnergy:
                InstrumentChargeEnergyWh = value;
                break;
            case SeriesHeader.DischargeEnergy:
                InstrumentDischargeEnergyWh = value;
                break;
            case SeriesHeader.Energy:
                InstrumentEnergyWh = value;
                break;
            case SeriesHeader.VoltageMinimum:
                LowestVoltageV = value;
                break;
            case SeriesHeader.Force:
                ForceN = value;
                break;
            case SeriesHeader.ForceKilonewtons:
                ForceN = value * 1000;
                break;
            case SeriesHeader.ForcePounds:
                ForceN = value * NewtonsPerPound;
                break;
            case SeriesHeader.Displacement:
                DisplacementMm = value;
                break;
            case SeriesHeader.DisplacementMetres:
                DisplacementMm = value * 1000;
                break;
            case SeriesHeader.DisplacementMicrometres:
                DisplacementMm = value / 1000;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(role), role, "not a figure beside the sample's own");
        }
    }

    private static ColumnScale[] MakeScales()
    {
        var scales = new ColumnScale[DecimalText.MaximumDecimals + 1];
        for (int i = 0; i < scales.Length; i++)
        {
            scales[i] = new ColumnScale { Denominator = DecimalText.PowerOfTen(i) };
        }

        return scales;
    }
}
