using PouchMonitor.Analysis.Cycles;

namespace PouchMonitor.Analysis.State;

/// <summary>A cycle as a snapshot carries it.</summary>
internal static class CycleState
{
    public static void Write(BinaryWriter writer, CycleSummary? cycle)
    {
        writer.Write(cycle is not null);
        if (cycle is null)
        {
            return;
        }

        writer.Write(cycle.Index);
        writer.Write(cycle.StartMicroseconds);
        writer.Write(cycle.EndMicroseconds);
        StateBlock.Write(writer, cycle.ChargeCapacityAh);
        StateBlock.Write(writer, cycle.DischargeCapacityAh);
        StateBlock.Write(writer, cycle.CoulombicEfficiency);
        StateBlock.Write(writer, cycle.CoulombicEfficiencyUncertainty);
        StateBlock.Write(writer, cycle.ChargeEnergyWh);
        StateBlock.Write(writer, cycle.DischargeEnergyWh);
        StateBlock.Write(writer, cycle.MeanChargeVoltageV);
        StateBlock.Write(writer, cycle.MeanDischargeVoltageV);
        StateBlock.Write(writer, cycle.PolarizationV);
        StateBlock.Write(writer, cycle.ConstantVoltageChargeAh);
        StateBlock.Write(writer, cycle.MaxTemperatureC);
        writer.Write((byte)cycle.Quality);
        writer.Write(cycle.QualityReason);
        writer.Write(cycle.Revision);
        StateBlock.Write(writer, cycle.SpecificEnergyWhPerKg);
        StateBlock.Write(writer, cycle.ChargeCapacityUncertaintyAh);
        StateBlock.Write(writer, cycle.DischargeCapacityUncertaintyAh);
        StateBlock.Write(writer, cycle.PolarizationUncertaintyV);
    }

    public static CycleSummary? Read(BinaryReader reader, int layout) => !reader.ReadBoolean() ? null : new CycleSummary
    {
        Index = reader.ReadInt32(),
        StartMicroseconds = reader.ReadInt64(),
        EndMicroseconds = reader.ReadInt64(),
        ChargeCapacityAh = StateBlock.ReadNullableDouble(reader),
        DischargeCapacityAh = StateBlock.ReadNullableDouble(reader),
        CoulombicEfficiency = StateBlock.ReadNullableDouble(reader),
        CoulombicEfficiencyUncertainty = StateBlock.ReadNullableDouble(reader),
        ChargeEnergyWh = StateBlock.ReadNullableDouble(reader),
        DischargeEnergyWh = StateBlock.ReadNullableDouble(reader),
        MeanChargeVoltageV = StateBlock.ReadNullableDouble(reader),
        MeanDischargeVoltageV = StateBlock.ReadNullableDouble(reader),
        PolarizationV = StateBlock.ReadNullableDouble(reader),
        ConstantVoltageChargeAh = StateBlock.ReadNullableDouble(reader),
        MaxTemperatureC = StateBlock.ReadNullableDouble(reader),
        Quality = (CycleQuality)reader.ReadByte(),
        QualityReason = reader.ReadString(),
        Revision = reader.ReadInt32(),
        SpecificEnergyWhPerKg = layout >= SnapshotEnvelope.FirstWithProjection ? StateBlock.ReadNullableDouble(reader) : null,
        ChargeCapacityUncertaintyAh = layout >= SnapshotEnvelope.FirstWithBoards ? StateBlock.ReadNullableDouble(reader) : null,
        DischargeCapacityUncertaintyAh = layout >= SnapshotEnvelope.FirstWithBoards ? StateBlock.ReadNullableDouble(reader) : null,
        PolarizationUncertaintyV = layout >= SnapshotEnvelope.FirstWithBoards ? StateBlock.ReadNullableDouble(reader) : null,
    };
}
