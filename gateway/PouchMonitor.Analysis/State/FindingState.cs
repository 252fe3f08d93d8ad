using PouchMonitor.Analysis.Detection;

namespace PouchMonitor.Analysis.State;

/// <summary>A finding as a snapshot carries it.</summary>
internal static class FindingState
{
    public static void Write(BinaryWriter writer, Finding finding)
    {
        writer.Write(finding.Rule);
        writer.Write(finding.OnsetMicroseconds);
        writer.Write((byte)finding.Severity);
        writer.Write(finding.Cycle ?? 0);
        writer.Write(finding.Measure);
        StateBlock.Write(writer, finding.Observed);
        StateBlock.Write(writer, finding.Limit);
        writer.Write(finding.Unit);
        writer.Write(finding.Message);
        StateBlock.Write(writer, finding.ClearedMicroseconds);
        writer.Write(finding.Latches);
        StateBlock.Write(writer, finding.MaximumTemperatureC);
        writer.Write(finding.ProposedHazardLevel ?? -1);
    }

    public static Finding Read(BinaryReader reader)
    {
        string rule = reader.ReadString();
        long onset = reader.ReadInt64();
        var severity = (FindingSeverity)reader.ReadByte();
        int cycle = reader.ReadInt32();
        return new Finding
        {
            Rule = rule,
            OnsetMicroseconds = onset,
            Severity = severity,
            Cycle = cycle > 0 ? cycle : null,
            Measure = reader.ReadString(),
            Observed = StateBlock.ReadNullableDouble(reader),
            Limit = StateBlock.ReadNullableDouble(reader),
            Unit = reader.ReadString(),
            Message = reader.ReadString(),
            ClearedMicroseconds = StateBlock.ReadNullableInt64(reader),
            Latches = reader.ReadBoolean(),
            MaximumTemperatureC = StateBlock.ReadNullableDouble(reader),
            ProposedHazardLevel = reader.ReadInt32() is var level and >= 0 ? level : null,
        };
    }
}
