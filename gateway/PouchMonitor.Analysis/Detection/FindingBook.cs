using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Detection;

/// <summary>
/// The findings of one test in order of onset, at most <see cref="Capacity"/>; passes each on. When full, the oldest
/// advisory makes room for anything worse, and what is left out is counted. The sink is told of every finding, kept or
/// not.
/// </summary>
internal sealed class FindingBook(IFindingSink sink, Func<int?> runningCycle) : IFindingSink
{
    /// <summary>Most findings kept of one test.</summary>
    public const int Capacity = 1000;

    private readonly List<Finding> findings = [];

    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>Findings left out or put out because the book was full.</summary>
    public long DroppedCount { get; private set; }

    public void OnFinding(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        int position = PositionOf(finding);
        if (position >= 0)
        {
            Finding changed = finding.Cycle is null ? finding with { Cycle = findings[position].Cycle } : finding;
            findings[position] = changed;
            sink.OnFinding(changed);
            return;
        }

        Finding placed = finding.Cycle is null ? finding with { Cycle = runningCycle() } : finding;
        if (findings.Count < Capacity || MakeRoomFor(placed))
        {
            int place = findings.Count;
            while (place > 0 && findings[place - 1].OnsetMicroseconds > placed.OnsetMicroseconds)
            {
                place--;
            }

            findings.Insert(place, placed);
        }

        sink.OnFinding(placed);
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(DroppedCount);
        writer.Write(findings.Count);
        foreach (Finding finding in findings)
        {
            FindingState.Write(writer, finding);
        }
    }

    public void Load(BinaryReader reader)
    {
        DroppedCount = reader.ReadInt64();
        int count = reader.ReadInt32();
        if (count is < 0 or > Capacity)
        {
            throw new InvalidDataException($"Snapshot names {count} findings, at most {Capacity} are possible.");
        }

        findings.Clear();
        for (int i = 0; i < count; i++)
        {
            findings.Add(FindingState.Read(reader));
        }
    }

    private int PositionOf(Finding finding)
    {
        for (int i = findings.Count - 1; i >= 0; i--)
        {
            if (findings[i].OnsetMicroseconds == finding.OnsetMicroseconds
                && string.Equals(findings[i].Rule, finding.Rule, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    private bool MakeRoomFor(Finding finding)
    {
        DroppedCount++;
        if (finding.Severity == FindingSeverity.Advisory)
        {
            return false;
        }

        int oldest = findings.FindIndex(f => f.Severity == FindingSeverity.Advisory);
        if (oldest < 0)
        {
            return false;
        }

        findings.RemoveAt(oldest);
        return true;
    }
}
