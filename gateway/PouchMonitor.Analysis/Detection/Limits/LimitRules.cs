using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>
/// The limit rules on the samples of one test: <c>voltage-limit</c>, <c>thermal-limit</c>, <c>heating-rate</c>,
/// <c>thermal-runaway</c>, <c>hard-short</c> and <c>sensor-fault</c> as <see cref="LimitTable"/> states them. One pass,
/// bounded memory, no allocation for a sample that changes nothing, no clock but the samples' own time. Runs inside the
/// analysis on ordered samples, and in an instance of its own on live ones as they arrive.
/// </summary>
/// <remarks>
/// Times may repeat. A sample up to 1 s earlier than the one before is judged at that one's time. One earlier than that
/// begins a new time base: what was holding starts anew and what is raised stays, so that a restarted clock hides
/// nothing. Feed one time line to one instance; fast captures that overlap it need their own.
/// </remarks>
public sealed partial class LimitRules
{
    private const byte StateVersion = 1;
    private const long SmallStepBackMicroseconds = 1_000_000;

    private readonly CellTemperatures temperatures = new();
    private readonly InitialVoltage initialVoltage = new();
    private readonly VoltageLimits voltageLimits;
    private readonly ThermalLimit thermalLimit;
    private readonly HeatingRate heatingRate;
    private readonly ThermalRunaway runaway;
    private readonly HardShort hardShort;
    private readonly SensorFaults sensorFaults;
    private Memory state = new() { LastMicroseconds = long.MinValue, VoltageV = double.NaN };

    public LimitRules(CellProfile profile, IFindingSink sink)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(sink);
        voltageLimits = new VoltageLimits(profile, sink);
        thermalLimit = new ThermalLimit(profile, sink);
        heatingRate = new HeatingRate(profile, sink);
        runaway = new ThermalRunaway(profile, sink);
        hardShort = new HardShort(profile, sink);
        sensorFaults = new SensorFaults(sink);
    }

    /// <summary>What <c>thermal-runaway</c> judged beside the rate at the last sample.</summary>
    internal RunawayBasis RunawayBasis { get; private set; }

    /// <summary>Takes the next sample.</summary>
    public void Add(in Sample sample)
    {
        long time = FollowTime(sample.TimeMicroseconds);
        temperatures.Add(sample);
        if (sample.IsGood(SampleColumns.Voltage) && double.IsFinite(sample.Values[SampleColumns.Voltage]))
        {
            AddVoltage(time, sample);
        }

        thermalLimit.Add(time, temperatures);
        heatingRate.Add(time, sample, temperatures.Believed);
        hardShort.Follow(temperatures);
        bool voltageIsRecent = time - state.VoltageMicroseconds <= LimitTable.OldestLevelMicroseconds;
        RunawayBasis = new RunawayBasis(voltageIsRecent ? state.VoltageV : double.NaN, initialVoltage.MedianV, temperatures.Highest);
        runaway.Add(time, heatingRate, RunawayBasis);
        if (heatingRate.IsAnomalous || hardShort.IsAnomalous)
        {
            state.IsAnomalous = true;
            state.AnomalyMicroseconds = time;
        }

        state.IsAnomalous &= time - state.AnomalyMicroseconds < LimitTable.AnomalyMicroseconds;
        sensorFaults.Add(
            time, sample, state.IsAnomalous || hardShort.IsRaised || runaway.IsRaised, hardShort.LeadSeemsOff);
    }

    /// <summary>Takes the voltage and current alone of a sample one of whose temperatures is not believed.</summary>
    public void AddElectrical(in Sample sample)
    {
        if (sample.IsGood(SampleColumns.Voltage) && double.IsFinite(sample.Values[SampleColumns.Voltage]))
        {
            AddVoltage(FollowTime(sample.TimeMicroseconds), sample);
        }
    }

    /// <summary>The test has ended: tells the last extremes. What is raised stays raised.</summary>
    public void Complete()
    {
        voltageLimits.Complete();
        thermalLimit.Complete();
        heatingRate.Complete();
        runaway.Complete();
        hardShort.Complete();
    }

    /// <summary>Writes the whole state.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(StateVersion);
        RawState.Write(writer, in state);
        temperatures.Save(writer);
        initialVoltage.Save(writer);
        voltageLimits.Save(writer);
        thermalLimit.Save(writer);
        heatingRate.Save(writer);
        runaway.Save(writer);
        hardShort.Save(writer);
        sensorFaults.Save(writer);
    }

    /// <summary>Replaces the whole state by a saved one of the same profile; nothing is told to the sink.</summary>
    /// <exception cref="InvalidDataException">The snapshot is of another version or damaged.</exception>
    /// <exception cref="EndOfStreamException">The snapshot ends too early.</exception>
    public void Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        byte version = reader.ReadByte();
        if (version != StateVersion)
        {
            throw new InvalidDataException($"Snapshot of the limit rules has version {version}, this program reads {StateVersion}.");
        }

        RawState.Read(reader, ref state);
        temperatures.Load(reader);
        initialVoltage.Load(reader);
        voltageLimits.Load(reader);
        thermalLimit.Load(reader);
        heatingRate.Load(reader);
        runaway.Load(reader);
        hardShort.Load(reader);
        sensorFaults.Load(reader);
    }

    private void AddVoltage(long time, in Sample sample)
    {
        double voltage = sample.Values[SampleColumns.Voltage];
        double current = sample.IsGood(SampleColumns.Current) ? sample.Values[SampleColumns.Current] : double.NaN;
        state.VoltageV = voltage;
        state.VoltageMicroseconds = time;
        initialVoltage.Add(time, voltage);
        voltageLimits.Add(time, voltage);
        hardShort.Add(time, voltage, current, temperatures);
    }

    private long FollowTime(long time)
    {
        if (time < state.LastMicroseconds)
        {
            if (state.LastMicroseconds - time <= SmallStepBackMicroseconds)
            {
                return state.LastMicroseconds;
            }

            RestartHolds(time);
        }

        state.LastMicroseconds = time;
        return time;
    }

    private void RestartHolds(long time)
    {
        initialVoltage.Restart();
        voltageLimits.RestartHolds();
        thermalLimit.RestartHolds();
        heatingRate.RestartHolds();
        hardShort.RestartHolds();
        sensorFaults.RestartHolds(time);
        state.AnomalyMicroseconds = time;
        state.VoltageMicroseconds = time;
    }

    private struct Memory
    {
        public bool IsAnomalous;
        public long LastMicroseconds;
        public long AnomalyMicroseconds;
        public long VoltageMicroseconds;
        public double VoltageV;
    }
}
