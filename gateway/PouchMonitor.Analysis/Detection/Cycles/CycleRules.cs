using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>Holds each closed cycle against the reference cycle and the cycles before it.</summary>
internal sealed class CycleRules(CellProfile profile, IFindingSink findings)
{
    public double? Retention => null;

    public void Take(in CycleMeasures cycle)
    {
        _ = cycle;
        _ = profile;
        _ = findings;
    }

    public void Save(BinaryWriter writer) => ArgumentNullException.ThrowIfNull(writer);

    public void Load(BinaryReader reader) => ArgumentNullException.ThrowIfNull(reader);
}
