using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Abuse.Report;

namespace PouchMonitor.Analysis.Tests.Abuse.Report;

/// <summary>An abuse test with everything a report can show, made of formulas: a nail at 50 Hz that drives a small pouch into runaway.</summary>
internal static class AbuseExample
{
    /// <summary>The trigger, Unix seconds.</summary>
    public const double TriggerAt = 1_790_000_130.42;

    public static readonly DateTimeOffset Written = new(2026, 9, 22, 9, 30, 0, TimeSpan.Zero);

    private const double RateHz = 50;
    private const double BeforeS = 30;
    private const double AfterS = 120;
    private const double LostAfterS = 6.2;

    public static AbusePlan Plan { get; } = new()
    {
        Name = "nail-gb",
        Version = 3,
        Kind = AbuseKind.Nail,
        Title = "Nail penetration, thermal runaway judged by GB 38031",
        Standard = "GB 38031-2025",
        Conditions =
        [
            new PlanCondition("State of charge", 100, "%", FigureSource.Recalled), new PlanCondition("Greatest speed of the nail", 10, "mm/s", FigureSource.Recalled),
            new PlanCondition("Temperature sampled at least at", 1, "Hz", FigureSource.Quoted), new PlanCondition("Nail stays in the cell while it is watched", null, null, FigureSource.Lab),
        ],
        Trigger = new TriggerRule(0.1, null, 1, null, null, null),
        Criteria =
        [
            new CriterionRule("thermal-runaway", "Thermal runaway by GB 38031-2025", CriterionMeasure.ThermalRunaway, 1, "C/s", false, 3, true, false, FigureSource.Quoted),
            new CriterionRule("ceiling", "Hotter than 170 °C", CriterionMeasure.Temperature, 170, "C", false, 0, true, false, FigureSource.Recalled),
            new CriterionRule("spread", "Difference between the sensors of the cell", CriterionMeasure.TemperatureSpread, 20, "K", false, 0, false, false, FigureSource.Lab),
            new CriterionRule("fire-explosion", "Fire or explosion", CriterionMeasure.Observed, null, "", false, 0, true, false, FigureSource.Recalled),
        ],
        Observation = new ObservationRule(ObservationStart.Trigger, null, 3600, 60, null, null, FigureSource.Quoted),
        SelfHeating = new SelfHeatingRule(10, 5, 3, FigureSource.Lab),
        RateWindowsS = [1, 3, 10],
        PreTriggerS = 30,
        ProtectionKind = "nail",
        Note = "The nail of this plan is the one with which GB 38031 may start propagation.",
    };

    /// <summary>The test, ended and not signed.</summary>
    public static AbuseReportInput Input(Func<AbuseRecord, AbuseRecord>? change = null)
    {
        AbuseRecord record = Record();
        return new AbuseReportInput(change is null ? record : change(record), Traces(), Images(), static _ => null);
    }

    public static AbuseRecord Record() => new()
    {
        Id = "abuse-7f3c",
        Cell = "dne-pouch-7",
        Node = "bunker-1",
        Channel = "1",
        Test = "dne-pouch-7-2026-09-21",
        Profile = "dne-pouch",
        Plan = Plan,
        State = AbuseState.Ended,
        CreatedAt = TriggerAt - 900,
        CreatedBy = "Ada Lindqvist",
        ArmedAt = TriggerAt - 60,
        ArmedBy = "Ada Lindqvist",
        TriggeredAt = TriggerAt,
        ObservingAt = TriggerAt,
        EndedAt = TriggerAt + 3700,
        EndedBy = "Ada Lindqvist",
        Checks =
        [
            new AbuseCheck("sensors", "Sensors are good and agree", false, CheckState.Good, "3 of 3 within 0.4 K", null, TriggerAt - 100),
            new AbuseCheck("rate", "The node samples at 50 Hz", false, CheckState.Good, "confirmed in its status", null, TriggerAt - 95),
            new AbuseCheck("clear", "People are clear of the chamber", true, CheckState.Good, null, "Ben Okafor", TriggerAt - 70),
        ],
        Figures = Figures(),
        Log =
        [
            new AbuseLogEntry(TriggerAt - 60, "armed", "Armed.", "Ada Lindqvist"), new AbuseLogEntry(TriggerAt, "trigger", "Voltage fell by 0.1 V.", null),
            new AbuseLogEntry(TriggerAt + LostAfterS, "sensor", "Sensor 2 was lost: open.", null), new AbuseLogEntry(TriggerAt + 3700, "ended", "Ended.", "Ada Lindqvist"),
        ],
        Observations = new AbuseObservations { Vent = true, Flame = false, MassBeforeG = 32.41, MassAfterG = 27.05, Person = "Ada Lindqvist", At = TriggerAt + 7200 },
        Deviations = ["The nail was driven at 9.6 mm/s."],
        Calibrations = [new AbuseCalibration("surface", "cal-2026-03-1", "two points in ice and at 100 °C, ± 0.3 °C")],
    };

    public static IReadOnlyList<AbuseTrace> Traces()
    {
        int count = (int)((BeforeS + AfterS) * RateHz) + 1;
        double[] after = [.. Enumerable.Range(0, count).Select(at => (at / RateHz) - BeforeS)];
        double[] times = [.. after.Select(time => TriggerAt + time)];
        AbuseTrace Trace(string id, string title, string unit, Func<double, double?> value) => new(id, title, unit, times, [.. after.Select(value)]);
        return
        [
            Trace("voltage", "Voltage", "V", time => time < 0 ? 4.15 : Math.Max(0, 4.15 * Math.Exp(-time / 0.3))),
            Trace("current", "Current", "A", time => time is < 0 or > 0.2 ? 0 : -30),
            Trace("surface", "Surface", "C", time => 24 + Heat(time, 210, 14)),
            Trace("surface2", "Sensor 2", "C", time => time > LostAfterS ? null : 24 + Heat(time, 160, 20)),
            Trace("ambient", "Ambient", "C", time => 24 + Heat(time, 6, 60)),
            Trace("force", "Force", "N", time => time < -3 ? 0 : Math.Min(1500, (time + 3) * 480)),
        ];
    }

    public static IReadOnlyList<AbuseImage> Images() =>
        [.. Enumerable.Range(0, 76).Select(at => Image(-30 + (2 * at)))];

    private static AbuseImage Image(double after) => new(TriggerAt + after, 24, 32,
        [.. Enumerable.Range(0, 24 * 32).Select(at => 23.5 + (Heat(after, 230, 12) * Math.Exp(-(Math.Pow((at / 32) - 11, 2) / 30) - (Math.Pow((at % 32) - 15, 2) / 60))))]);

    private static double Heat(double time, double rise, double spanS) => time < 0 ? 0 : rise * time / spanS * Math.Exp(1 - (time / spanS));

    private static AbuseFigures Figures() => new()
    {
        Trigger = new AbuseTrigger(TriggerSource.Rule, TriggerAt, 0.02, "The voltage fell by 0.112 V, the plan's limit is 0.1 V."),
        InitialVoltageV = 4.15,
        Values =
        [
            new AbuseValue("initialVoltageV", "Initial voltage", 4.15, "V", 0.0021, null, "voltage", "Median of the 5 s before the trigger.", null),
            new AbuseValue("drop25S", "A quarter of the voltage lost after", 0.0863, "s", 0.02, TriggerAt + 0.0863, "voltage", "First sample at or below 75 % of the initial voltage.", null),
            new AbuseValue("maximumSurfaceC", "Highest surface temperature", 234.0213, "C", 1.27, TriggerAt + 14, "surface", "Highest believed reading.", null),
            new AbuseValue("largestRate1CPerS", "Largest dT/dt over 1 s", 38.11, "C/s", 0.42, TriggerAt + 1.02, "surface", "T(t) less T(t - 1 s), divided by 1 s.", null),
            new AbuseValue("runawayAfterS", "Thermal runaway after", 3.02, "s", 0.03, TriggerAt + 3.02, null, "GB 38031: voltage drop above 25 % and 1 °C/s or more for 3 s.", null),
            new AbuseValue("energyOutJ", "Energy given out", null, "J", null, null, null, "Integral of voltage and discharge current.", "The current saturated its converter from the trigger on."),
        ],
        Criteria =
        [
            new AbuseCriterion("thermal-runaway", "Thermal runaway by GB 38031-2025", CriterionState.Met, 38.11, 1, "C/s", TriggerAt + 3.02, true, false, FigureSource.Quoted, null),
            new AbuseCriterion("ceiling", "Hotter than 170 °C", CriterionState.Met, 234.0213, 170, "C", TriggerAt + 5.6, true, false, FigureSource.Recalled, null),
            new AbuseCriterion("spread", "Difference between the sensors of the cell", CriterionState.Near, 17.2, 20, "K", null, false, false, FigureSource.Lab, "Sensor 2 was lost."),
            new AbuseCriterion("fire-explosion", "Fire or explosion", CriterionState.NotJudged, null, null, "", null, true, false, FigureSource.Recalled, "Only a person sees it."),
        ],
        SensorLosses = [new SensorLoss("Sensor 2", "open", TriggerAt + LostAfterS, 150.37, "C", null)],
        Hazard = new HazardAssessment(4, ["Thermal runaway by GB 38031-2025 was met.", "The surface reached 234 °C."], "Leak, vent, flame, rupture and explosion: only a person can say."),
        Observation = new ObservationStanding(TriggerAt, TriggerAt + 3600, [], TriggerAt + 3600),
        Readings = [],
        Deviations = ["Sensor 2 was lost 6.20 s after the trigger."],
        FirstAt = TriggerAt - BeforeS,
        LastAt = TriggerAt + 3700,
        SampleCount = 186_501,
    };
}
