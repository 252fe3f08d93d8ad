namespace PouchMonitor.Gateway.Influx;

/// <summary>What kind of value a field holds; InfluxDB refuses a second kind under the same name.</summary>
public enum InfluxFieldType
{
    Float = 0,
    Integer = 1,
    Text = 2,
    Truth = 3,
}

/// <summary>One field of a measurement; the unit is the last part of its name.</summary>
public sealed record InfluxField(string Name, InfluxFieldType Type);

/// <summary>One measurement: its tags, which name a series, and its fields.</summary>
public sealed record InfluxMeasurement(string Name, IReadOnlyList<string> Tags, IReadOnlyList<InfluxField> Fields)
{
    /// <summary>The field of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public InfluxField Field(string name) => Fields.FirstOrDefault(field => field.Name == name)
        ?? throw new ArgumentException($"{Name} has no field {name}.", nameof(name));
}

/// <summary>
/// The names under which everything is written to InfluxDB. The writer and the Grafana dashboards both take them from here,
/// so that they cannot drift apart. A name, once released, keeps its meaning. Times are Unix microseconds.
/// </summary>
public static class InfluxSchema
{
    public const string Cell = "cell";
    public const string Test = "test";
    public const string Node = "node";
    public const string Channel = "channel";
    public const string Rule = "rule";

    /// <summary>Tag that only a record has which had to leave its old point behind (see <see cref="Valid"/>).</summary>
    public const string Variant = "variant";

    /// <summary>False on a point that later data have withdrawn or moved: InfluxDB has no way to take a point back.</summary>
    public const string Valid = "valid";

    public const string Voltage = "voltage_v";
    public const string Current = "current_a";
    public const string SurfaceTemperature = "surface_temperature_c";
    public const string InfraredTemperature = "infrared_temperature_c";
    public const string AmbientTemperature = "ambient_temperature_c";
    public const string LowestVoltage = "lowest_voltage_v";
    public const string HighestVoltage = "highest_voltage_v";
    public const string SampleNumber = "sample_number";
    public const string SensorStates = "sensor_states";

    /// <summary>Field of each column of a sample, by column (<see cref="Measurement.SampleColumns"/>).</summary>
    public static readonly IReadOnlyList<string> ColumnFields =
    [
        Voltage, Current, SurfaceTemperature, InfraredTemperature, AmbientTemperature,
        "surface_2_temperature_c", "surface_3_temperature_c", "surface_4_temperature_c", "surface_5_temperature_c", "surface_6_temperature_c",
    ];

    /// <summary>
    /// One point a sample. A test is no tag of it: late frames may change which test a sample belongs to, and a point must
    /// never move. A test is a range of time of its channel, in <see cref="Tests"/>.
    /// </summary>
    public static readonly InfluxMeasurement Samples = new("cell_sample", [Cell, Channel, Node],
    [
        .. ColumnFields.Select(name => new InfluxField(name, InfluxFieldType.Float)),
        new(LowestVoltage, InfluxFieldType.Float), new(HighestVoltage, InfluxFieldType.Float),
        new(SampleNumber, InfluxFieldType.Integer), new(SensorStates, InfluxFieldType.Integer),
    ]);

    /// <summary>One point a test, at its first sample.</summary>
    public static readonly InfluxMeasurement Tests = new("cell_test", [Cell, Channel, Node, Test],
    [
        new("last_time_us", InfluxFieldType.Integer), new("sample_count", InfluxFieldType.Integer),
        new("ended", InfluxFieldType.Truth), new("profile", InfluxFieldType.Text), new(Valid, InfluxFieldType.Truth),
    ]);

    /// <summary>One point a cycle, at its first sample.</summary>
    public static readonly InfluxMeasurement Cycles = new("cell_cycle", [Cell, Channel, Node, Test],
    [
        new("cycle", InfluxFieldType.Integer), new("end_time_us", InfluxFieldType.Integer),
        new("charge_capacity_ah", InfluxFieldType.Float), new("discharge_capacity_ah", InfluxFieldType.Float),
        new("coulombic_efficiency", InfluxFieldType.Float), new("coulombic_efficiency_uncertainty", InfluxFieldType.Float),
        new("charge_energy_wh", InfluxFieldType.Float), new("discharge_energy_wh", InfluxFieldType.Float),
        new("mean_charge_voltage_v", InfluxFieldType.Float), new("mean_discharge_voltage_v", InfluxFieldType.Float),
        new("polarization_v", InfluxFieldType.Float), new("constant_voltage_charge_ah", InfluxFieldType.Float),
        new("highest_temperature_c", InfluxFieldType.Float), new("quality", InfluxFieldType.Text),
        new("revision", InfluxFieldType.Integer), new(Valid, InfluxFieldType.Truth),

        // What was sent is noted by the places of its fields, so that new ones come last.
        new("charge_capacity_uncertainty_ah", InfluxFieldType.Float), new("discharge_capacity_uncertainty_ah", InfluxFieldType.Float),
        new("polarization_uncertainty_v", InfluxFieldType.Float),
    ]);

    /// <summary>One point a finding, at its onset.</summary>
    public static readonly InfluxMeasurement Findings = new("cell_finding", [Cell, Channel, Node, Rule, Test],
    [
        new("severity", InfluxFieldType.Text), new("severity_level", InfluxFieldType.Integer), new("cycle", InfluxFieldType.Integer),
        new("measure", InfluxFieldType.Text), new("observed", InfluxFieldType.Float), new("limit", InfluxFieldType.Float),
        new("unit", InfluxFieldType.Text), new("message", InfluxFieldType.Text), new("cleared_time_us", InfluxFieldType.Integer),
        new("highest_temperature_c", InfluxFieldType.Float), new("proposed_hazard_level", InfluxFieldType.Integer),
        new(Valid, InfluxFieldType.Truth),
    ]);

    /// <summary>One point each time an alarm changes its state, at the gateway's time of the change.</summary>
    public static readonly InfluxMeasurement Alarms = new("cell_alarm", [Cell, Rule, Test],
    [
        new("from_state", InfluxFieldType.Text), new("state", InfluxFieldType.Text), new("state_code", InfluxFieldType.Integer),
        new("person", InfluxFieldType.Text), new("note", InfluxFieldType.Text), new("reason", InfluxFieldType.Text),
    ]);

    public static IReadOnlyList<InfluxMeasurement> All { get; } = [Samples, Tests, Cycles, Findings, Alarms];
}
