namespace PouchMonitor.Gateway.Influx.Grafana;

/// <summary>A panel: what it shows, and how large it is on a grid of 24 columns.</summary>
public sealed record GrafanaPanel(string Title, string Type, string Unit, int Width, int Height, params GrafanaQuery[] Queries);

/// <summary>A dashboard of panels, for one cell or for several.</summary>
public sealed record GrafanaDashboard(string Id, string Title, bool ManyCells, IReadOnlyList<GrafanaPanel> Panels);

/// <summary>The dashboards, told once for both languages.</summary>
public static class GrafanaPanels
{
    private const string Curves = "timeseries";
    private const string Table = "table";
    private const string Volts = "volt";
    private const string Amperes = "amp";
    private const string Celsius = "celsius";
    private const string PlainNumber = "none";

    public static IReadOnlyList<GrafanaDashboard> All { get; } =
    [
        new("bench", "Bench overview", ManyCells: true,
        [
            new("Voltage", Curves, Volts, 12, 9, Sample(InfluxSchema.Voltage, "mean")),
            new("Surface temperature, highest", Curves, Celsius, 12, 9, Sample(InfluxSchema.SurfaceTemperature, "max")),
            new("Current", Curves, Amperes, 12, 9, Sample(InfluxSchema.Current, "mean")),
            new("Discharge capacity", Curves, "amphour", 12, 9, Cycle("discharge_capacity_ah")),
            new("Tests", Table, PlainNumber, 12, 9, GrafanaQuery.Rows(InfluxSchema.Tests, ["sample_count", "ended", "profile"], InfluxSchema.Cell, InfluxSchema.Test)),
            new("Alarms", Table, PlainNumber, 12, 9, Alarms()),
        ]),
        new("cell", "Cell", ManyCells: false,
        [
            new("Voltage, lowest and highest", Curves, Volts, 24, 9, Sample(InfluxSchema.Voltage, "min"), Sample(InfluxSchema.Voltage, "max")),
            new("Current", Curves, Amperes, 24, 7, Sample(InfluxSchema.Current, "mean")),
            new("Temperatures, highest", Curves, Celsius, 24, 9,
                [.. InfluxSchema.ColumnFields.Where(field => field.EndsWith("_temperature_c", StringComparison.Ordinal)).Select(field => Sample(field, "max"))]),
            new("Findings", Table, PlainNumber, 24, 9, Findings()),
        ]),
        new("cycles", "Cycles", ManyCells: true,
        [
            new("Capacity", Curves, "amphour", 12, 9, Cycle("charge_capacity_ah"), Cycle("discharge_capacity_ah")),
            new("Coulombic efficiency", Curves, "percentunit", 12, 9, Cycle("coulombic_efficiency")),
            new("Energy", Curves, "watth", 12, 9, Cycle("charge_energy_wh"), Cycle("discharge_energy_wh")),
            new("Polarization", Curves, Volts, 12, 9, Cycle("polarization_v")),
            new("Highest temperature", Curves, Celsius, 12, 9, Cycle("highest_temperature_c")),
            new("Cycles", Table, PlainNumber, 24, 12, GrafanaQuery.Rows(InfluxSchema.Cycles,
                ["cycle", "charge_capacity_ah", "discharge_capacity_ah", "coulombic_efficiency", "polarization_v", "highest_temperature_c", "quality", "revision"],
                InfluxSchema.Cell, InfluxSchema.Test)),
        ]),
        new("alarms", "Alarms and findings", ManyCells: true,
        [
            new("Alarms", Table, PlainNumber, 24, 12, Alarms()),
            new("Findings", Table, PlainNumber, 24, 12, Findings()),
            new("Alarm states", "state-timeline", PlainNumber, 24, 9,
                GrafanaQuery.Curve(InfluxSchema.Alarms, "state_code", "last", InfluxSchema.Cell, InfluxSchema.Rule)),
        ]),
    ];

    private static GrafanaQuery Sample(string field, string reducer) =>
        GrafanaQuery.Curve(InfluxSchema.Samples, field, reducer, InfluxSchema.Cell);

    // Each cycle is a point of its own: rows, so that withdrawn ones can be left out.
    private static GrafanaQuery Cycle(string field) => GrafanaQuery.Rows(InfluxSchema.Cycles, [field], InfluxSchema.Cell, InfluxSchema.Test);

    private static GrafanaQuery Alarms() => GrafanaQuery.Rows(
        InfluxSchema.Alarms, ["state", "from_state", "person", "note", "reason"], InfluxSchema.Cell, InfluxSchema.Rule, InfluxSchema.Test);

    private static GrafanaQuery Findings() => GrafanaQuery.Rows(
        InfluxSchema.Findings, ["severity", "message", "observed", "limit", "unit", "cleared_time_us"], InfluxSchema.Cell, InfluxSchema.Rule, InfluxSchema.Test);
}
