using System.Globalization;
using System.Numerics;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>The rate of every sensor of the cell, and the rule <c>heating-rate</c> on the fastest.</summary>
internal sealed class HeatingRate(CellProfile profile, IFindingSink sink)
{
    private const double StepCPerS = 1;
    private const int ClearSamples = 2;

    private readonly double limitCPerS = profile.MaximumHeatingRateCPerS ?? double.PositiveInfinity;
    private readonly SensorHeat?[] sensors = new SensorHeat?[SampleColumns.Count];
    private Memory state;

    /// <summary>Sensor whose rate meets GB 38031 at this sample; -1 where none does.</summary>
    public int RunawayColumn { get; private set; } = -1;

    /// <summary>True when a sensor rises by 1 C/s or more at this sample.</summary>
    public bool IsAnomalous { get; private set; }

    public double RateOf(int column) => sensors[column]?.RateCPerS ?? double.NaN;

    public void Add(long timeMicroseconds, in Sample sample, uint believed)
    {
        RunawayColumn = -1;
        IsAnomalous = false;
        bool heating = false;
        for (uint rest = believed; rest != 0; rest &= rest - 1)
        {
            int column = BitOperations.TrailingZeroCount(rest);
            SensorHeat sensor = sensors[column] ??= new SensorHeat();
            sensor.Add(timeMicroseconds, sample.Values[column], limitCPerS);
            IsAnomalous |= sensor.IsAnomalous;
            RunawayColumn = sensor.IsRunawayRate && RunawayColumn < 0 ? column : RunawayColumn;
            heating |= sensor.IsHeating;
            Follow(column, sensor.RateCPerS);
        }

        if (believed != 0)
        {
            Judge(timeMicroseconds, heating);
        }
    }

    /// <summary>True when temperatures within the band rise by far less than any limit; narrows it to that.</summary>
    /// <param name="columns">Of the cell, one bit each at the lowest of the column's three.</param>
    public bool IsQuiet(uint columns, ref QuietBand band)
    {
        if (state.IsRaised || state.Hot != 0)
        {
            return false;
        }

        for (; columns != 0; columns &= columns - 1)
        {
            int column = BitOperations.TrailingZeroCount(columns) / 3;
            if (sensors[column] is not { } sensor)
            {
                return false;
            }

            sensor.Narrow(column, limitCPerS, ref band);
        }

        return true;
    }

    /// <summary>Takes samples that <see cref="IsQuiet"/> allowed.</summary>
    public void Take(ReadOnlySpan<Sample> samples, uint believed)
    {
        RunawayColumn = -1;
        IsAnomalous = false;
        state.FastestCPerS = believed == 0 ? state.FastestCPerS : 0;
        for (uint rest = believed; rest != 0; rest &= rest - 1)
        {
            int column = BitOperations.TrailingZeroCount(rest);
            sensors[column]!.Take(samples, column);
        }
    }

    public void RestartHolds()
    {
        foreach (SensorHeat? sensor in sensors)
        {
            sensor?.RestartHolds();
        }

        state.ClearHold = default;
    }

    public void Complete()
    {
        if (state.IsRaised && state.FastestCPerS > state.ToldCPerS)
        {
            Tell(null);
        }
    }

    public void Save(BinaryWriter writer)
    {
        RawState.Write(writer, in state);
        foreach (SensorHeat? sensor in sensors)
        {
            writer.Write(sensor is not null);
            sensor?.Save(writer);
        }
    }

    public void Load(BinaryReader reader)
    {
        RawState.Read(reader, ref state);
        for (int column = 0; column < sensors.Length; column++)
        {
            sensors[column] = reader.ReadBoolean() ? new SensorHeat() : null;
            sensors[column]?.Load(reader);
        }
    }

    /// <summary>A sensor counts as hot from the limit until it is itself read below the clear level; being lost clears nothing.</summary>
    private void Follow(int column, double rate)
    {
        if (rate >= limitCPerS)
        {
            state.Hot |= 1u << column;
            if (rate > state.FastestCPerS)
            {
                state.FastestCPerS = rate;
                state.FastestColumn = column;
            }
        }
        else if (rate < limitCPerS * (1 - LimitTable.HeatingRate.ClearBelow))
        {
            state.Hot &= ~(1u << column);
        }
    }

    private void Judge(long timeMicroseconds, bool heating)
    {
        if (!state.IsRaised)
        {
            if (heating)
            {
                state.IsRaised = true;
                state.OnsetMicroseconds = timeMicroseconds;
                state.ClearHold = default;
                Tell(null);
            }
            else if (state.Hot == 0)
            {
                state.FastestCPerS = 0;
            }
        }
        else if (state.ClearHold.ForClearing(state.Hot == 0, timeMicroseconds, LimitTable.HeatingRate, ClearSamples))
        {
            Tell(timeMicroseconds);
            state.IsRaised = false;
            state.FastestCPerS = 0;
        }
        else if (state.FastestCPerS >= state.ToldCPerS + StepCPerS)
        {
            Tell(null);
        }
    }

    private void Tell(long? clearedMicroseconds)
    {
        state.ToldCPerS = state.FastestCPerS;
        sink.OnFinding(new Finding
        {
            Rule = RuleNames.HeatingRate,
            OnsetMicroseconds = state.OnsetMicroseconds,
            Severity = LimitTable.HeatingRate.Severity,
            Measure = "heatingRate",
            Observed = state.FastestCPerS,
            Limit = limitCPerS,
            Unit = "C/s",
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"{ColumnText.Words(state.FastestColumn)} rises by {state.FastestCPerS:0.##} C/s, at or above {limitCPerS:0.##} C/s for more than {LimitTable.HeatingRate.HoldS} s"),
            ClearedMicroseconds = clearedMicroseconds,
        });
    }

    private struct Memory
    {
        public bool IsRaised;
        public int FastestColumn;
        public uint Hot;
        public long OnsetMicroseconds;
        public double FastestCPerS;
        public double ToldCPerS;
        public Hold ClearHold;
    }
}
