namespace PouchMonitor.Simulation;

/// <summary>Pouch cells of the reference table: three improved ones and the baseline of each.</summary>
internal static class PouchCells
{
    private static readonly CyclerProtocol DneProtocol = new()
    {
        LowerVoltageV = 2.8, UpperVoltageV = 4.3, ChargeRateC = 0.2, DischargeRateC = 0.5,
    };

    private static readonly CyclerProtocol TveProtocol = new()
    {
        LowerVoltageV = 2.8, UpperVoltageV = 4.3, ChargeRateC = 0.2, DischargeRateC = 1,
    };

    private static readonly CyclerProtocol CopcProtocol = new()
    {
        LowerVoltageV = 2.75, UpperVoltageV = 4.2, ChargeRateC = 0.1, DischargeRateC = 0.1, CutoffRateC = 0.02,
    };

    public static readonly EmulatedCellProfile[] All =
    [
        new()
        {
            Name = "dne-pouch",
            Description = "A: 1 Ah Li||NCM811 pouch with DNE, 331 Wh/kg, 0.2 C / 0.5 C: 98.8 % after 100 cycles.",
            NominalCapacityAh = 1, MassG = 11.5, OpenCircuit = OpenCircuitCurves.Ncm(2.7, 4.3), Protocol = DneProtocol,
            Retention = new RetentionCurve((1, 1), (100, 0.988)),
            OhmicResistanceOhm = 0.045, FastResistanceOhm = 0.025, SlowResistanceOhm = 0.020,
            ResistanceGrowthPerCycle = 0.0012, ChargeAcceptance = 0.9993,
            HeatCapacityJPerK = 14, HeatLossWPerK = 0.035,
        },
        new()
        {
            Name = "dne-pouch-baseline",
            Description = "A: the same pouch with the base electrolyte. The paper gives no figure; it fades fast and then faster.",
            NominalCapacityAh = 1, MassG = 11.5, OpenCircuit = OpenCircuitCurves.Ncm(2.7, 4.3), Protocol = DneProtocol,
            Retention = new RetentionCurve((1, 1), (8, 0.978), (16, 0.925), (24, 0.845), (32, 0.745), (45, 0.56)),
            OhmicResistanceOhm = 0.050, FastResistanceOhm = 0.030, SlowResistanceOhm = 0.024,
            ResistanceGrowthPerCycle = 0.008, ChargeAcceptance = 0.996,
            HeatCapacityJPerK = 14, HeatLossWPerK = 0.035,
        },
        new()
        {
            Name = "tve-pouch",
            Description = "B: 3 Ah Li||NCM90 pouch with TVE, 490 Wh/kg, 0.2 C / 1 C: 91.3 % after 100 cycles.",
            NominalCapacityAh = 3, MassG = 23.5, OpenCircuit = OpenCircuitCurves.Ncm(2.7, 4.3), Protocol = TveProtocol,
            Retention = new RetentionCurve((1, 1), (100, 0.913)),
            OhmicResistanceOhm = 0.014, FastResistanceOhm = 0.006, SlowResistanceOhm = 0.006,
            ResistanceGrowthPerCycle = 0.002, ChargeAcceptance = 0.999,
            HeatCapacityJPerK = 27, HeatLossWPerK = 0.070,
        },
        new()
        {
            Name = "tve-pouch-baseline",
            Description = "B: the same pouch with the base electrolyte. The paper gives no figure; it polarizes strongly and fades faster.",
            NominalCapacityAh = 3, MassG = 23.5, OpenCircuit = OpenCircuitCurves.Ncm(2.7, 4.3), Protocol = TveProtocol,
            Retention = new RetentionCurve((1, 1), (40, 0.89), (100, 0.70)),
            OhmicResistanceOhm = 0.016, FastResistanceOhm = 0.010, SlowResistanceOhm = 0.010,
            ResistanceGrowthPerCycle = 0.045, ChargeAcceptance = 0.997,
            HeatCapacityJPerK = 27, HeatLossWPerK = 0.070,
        },
        new()
        {
            // 80 % is met after 4 * 50 cycles, four times the baseline's life.
            Name = "copc-anode-free",
            Description = "E: Ah-class anode-free Cu||NCM811 pouch with MOF@CoPc, 0.1 C, 30 C: nearly four times the baseline's life.",
            NominalCapacityAh = 1, MassG = 12.3, OpenCircuit = OpenCircuitCurves.Ncm(2.65, 4.2), Protocol = CopcProtocol,
            Retention = new RetentionCurve((1, 1), (196, 0.80)),
            OhmicResistanceOhm = 0.050, FastResistanceOhm = 0.030, SlowResistanceOhm = 0.030,
            ResistanceGrowthPerCycle = 0.002, ChargeAcceptance = 0.9989, AmbientC = 30,
            HeatCapacityJPerK = 14, HeatLossWPerK = 0.035,
        },
        new()
        {
            Name = "copc-anode-free-baseline",
            Description = "E: the same pouch on bare copper: fast fade, 80 % after a quarter of the improved cell's cycles.",
            NominalCapacityAh = 1, MassG = 12.3, OpenCircuit = OpenCircuitCurves.Ncm(2.65, 4.2), Protocol = CopcProtocol,
            Retention = new RetentionCurve((1, 1), (50, 0.80), (80, 0.60)),
            OhmicResistanceOhm = 0.056, FastResistanceOhm = 0.036, SlowResistanceOhm = 0.034,
            ResistanceGrowthPerCycle = 0.008, ChargeAcceptance = 0.9955, AmbientC = 30,
            HeatCapacityJPerK = 14, HeatLossWPerK = 0.035,
        },
    ];
}
