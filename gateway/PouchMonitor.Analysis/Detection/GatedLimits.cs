using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Detection;

/// <summary>
/// The limit rules behind the gate of bad readings. The gate refutes single readings, which is no fault of a sensor, so a
/// sample with a refuted reading is withheld from the limit rules, at most <see cref="MostWithheld"/> in a row: after that
/// they see the column as out of range, and a sensor that only talks nonsense becomes a <c>sensor-fault</c>. Where only a
/// temperature was refuted, its voltage is judged all the same: a cell that shorts between two records gives both at once.
/// </summary>
internal sealed class GatedLimits(CellProfile profile, IFindingSink findings)
{
    /// <summary>Most samples in a row that the limit rules do not see.</summary>
    public const int MostWithheld = 8;

    private readonly LimitRules rules = new(profile, findings);
    private int withheld;

    public void Add(in Sample sample, bool refuted)
    {
        withheld = refuted ? withheld + 1 : 0;
        if (withheld == 0 || withheld > MostWithheld)
        {
            rules.Add(sample);
        }
        else if (IsBelieved(sample, SampleColumns.Voltage) && IsBelieved(sample, SampleColumns.Current))
        {
            rules.AddElectrical(sample);
        }
    }

    public void Complete() => rules.Complete();

    public void Save(BinaryWriter writer)
    {
        writer.Write(withheld);
        rules.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        withheld = reader.ReadInt32();
        rules.Load(reader);
    }

    private static bool IsBelieved(in Sample sample, int column) =>
        SensorStates.Get(sample.States, column) is SensorState.Good or SensorState.Absent;
}
