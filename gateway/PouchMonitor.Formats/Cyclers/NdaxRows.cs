using System.Buffers.Binary;
using System.Globalization;
using PouchMonitor.Formats.Columns;
using PouchMonitor.Formats.Tables;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>
/// Samples of an .ndax file, joined by their numbers with the run information and the auxiliary channels. Not every sample has
/// run information: between two that have, time goes on by the interval that the first names; counters stay blank. The time is
/// that within each step, from step to step, since the clock beside it is set right by some tenths of a second every few hours.
/// </summary>
internal sealed class NdaxRows : IRowSource
{
    private readonly NdcBlocks data;
    private readonly NdcLayout layout;
    private readonly NdcBlocks run;
    private readonly NdcLayout runLayout;
    private readonly List<(int Cycle, int Step)> steps;
    private readonly (NdcBlocks Blocks, NdcLayout Layout)[] temperatures;
    private readonly SeriesInput input;
    private NdcRun pending;
    private bool hasPending;
    private int lastStep;
    private int stepCount;
    private NdcRun current;
    private bool hasCurrent;
    private readonly StepClock clock = new();
    private long withinStep;

    public NdaxRows(
        NdcBlocks data, NdcLayout layout, NdcBlocks run, NdcLayout runLayout, List<(int Cycle, int Step)> steps,
        (NdcBlocks Blocks, NdcLayout Layout)[] temperatures, SeriesInput input)
    {
        (this.data, this.layout, this.run, this.runLayout) = (data, layout, run, runLayout);
        (this.steps, this.temperatures, this.input) = (steps, temperatures, input);
        Columns =
        [
            "Time", "Voltage", "Current", "Cycle", "Step", "Charge_Capacity", "Discharge_Capacity", "Charge_Energy", "Discharge_Energy",
            .. temperatures.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"T{i + 1}")),
        ];
        ReadPending();
    }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<string> IgnoredColumns => [];

    public string TimeName => clock.Name;

    /// <summary>Number of the record.</summary>
    public long LineNumber { get; private set; }

    public bool HasColumn(int column) => column switch
    {
        SampleColumns.Voltage or SampleColumns.Current => true,
        SampleColumns.Surface => temperatures.Length > 0,
        >= SampleColumns.FirstExtraSurface and < SampleColumns.Count => temperatures.Length > column - SampleColumns.FirstExtraSurface + 1,
        _ => false,
    };

    public RowResult Read(RecordedRow row, out string problem)
    {
        problem = "";
        while (data.TryRead(out ReadOnlySpan<byte> record))
        {
            row.Clear();
            LineNumber++;
            ReadTemperatures(row);
            float volts = BinaryPrimitives.ReadSingleLittleEndian(record);
            float amperes = BinaryPrimitives.ReadSingleLittleEndian(record[4..]);
            bool hasRun = Follow();
            if (volts == 0 && !hasRun)
            {
                // The rest of the last block.
                continue;
            }

            return Fill(row, volts, amperes, hasRun, out problem) ? RowResult.Good : RowResult.Bad;
        }

        return RowResult.End;
    }

    public void Dispose()
    {
        data.Dispose();
        run.Dispose();
        foreach ((NdcBlocks blocks, _) in temperatures)
        {
            blocks.Dispose();
        }

        input.Dispose();
    }

    private bool Fill(RecordedRow row, float volts, float amperes, bool hasRun, out string problem)
    {
        problem = "";
        if (!hasCurrent)
        {
            problem = "there is no run information up to this record, so that its time is not known";
            return false;
        }

        if (!TryValue(row, SampleColumns.Voltage, volts, layout.InBaseUnits ? 0 : 4)
            || !TryValue(row, SampleColumns.Current, amperes, layout.InBaseUnits ? 0 : 3))
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"voltage {volts} or current {amperes} is not a number");
            return false;
        }

        clock.Begin();
        clock.Take(ColumnRoles.StepTime, withinStep);
        if (hasRun)
        {
            clock.Take(ColumnRoles.Clock, current.ClockMicroseconds);
        }

        clock.TryEnd(out long microseconds);
        row.TimeMicroseconds = microseconds;
        if (stepCount >= 1 && stepCount <= steps.Count)
        {
            row.InstrumentCycle = steps[stepCount - 1].Cycle;
            row.InstrumentStep = stepCount;
        }

        if (hasRun)
        {
            row.InstrumentChargeCapacityAh = current.ChargeAh;
            row.InstrumentDischargeCapacityAh = current.DischargeAh;
            row.InstrumentChargeEnergyWh = current.ChargeWh;
            row.InstrumentDischargeEnergyWh = current.DischargeWh;
        }

        return true;
    }

    /// <summary>Brings the time to this record; true where it has run information itself.</summary>
    private bool Follow()
    {
        while (hasPending && pending.Index < LineNumber)
        {
            ReadPending();
        }

        if (!hasPending || pending.Index != LineNumber)
        {
            withinStep += current.IntervalMicroseconds;
            return false;
        }

        current = pending;
        hasCurrent = true;
        withinStep = current.StepMicroseconds;
        if (stepCount == 0 || current.Step != lastStep)
        {
            stepCount++;
            lastStep = current.Step;
            clock.BeginStep();
        }

        ReadPending();
        return true;
    }

    private void ReadPending()
    {
        hasPending = false;
        while (!hasPending && run.TryRead(out ReadOnlySpan<byte> record))
        {
            pending = NdcRun.Of(record, runLayout);
            hasPending = pending.Index > 0;
        }
    }

    private void ReadTemperatures(RecordedRow row)
    {
        for (int i = 0; i < temperatures.Length; i++)
        {
            (NdcBlocks blocks, NdcLayout auxiliary) = temperatures[i];
            if (!blocks.TryRead(out ReadOnlySpan<byte> record))
            {
                continue;
            }

            int column = i == 0 ? SampleColumns.Surface : SampleColumns.FirstExtraSurface + i - 1;
            if (auxiliary.InBaseUnits)
            {
                TryValue(row, column, BinaryPrimitives.ReadSingleLittleEndian(record), 0);
            }
            else
            {
                row.Set(column, new DecimalNumber(BinaryPrimitives.ReadInt16LittleEndian(record[5..]), 1));
            }
        }
    }

    private static bool TryValue(RecordedRow row, int column, float value, int shift)
    {
        bool good = DecimalNumber.TryFrom(value, out DecimalNumber number) & number.TryShift(shift, out number);
        if (good)
        {
            row.Set(column, number);
        }

        return good;
    }
}
