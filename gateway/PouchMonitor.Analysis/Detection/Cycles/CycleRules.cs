using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.State;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>
/// Holds each closed cycle against those of its kind (<see cref="CycleClass"/>): formation, ageing and checks at another
/// rate each have their own reference, none earlier than the cycle that the profile names. Gapped, unusual and cut-off
/// cycles take no part. Four kinds are followed; a fifth takes the place of the one not seen for longest.
/// </summary>
internal sealed class CycleRules(CellProfile profile, IFindingSink findings)
{
    private const int MostClasses = 4;

    /// <summary>Cycles of the kind before that make its retention one to go on from: fewer are formation, or a rate test.</summary>
    private const int LeastInherited = 10;

    private readonly List<CycleClass> classes = new(MostClasses);
    private Before before = new() { MainLevelA = double.NaN };

    /// <summary>Retention of the last cycle of the kind that is run now; null before one.</summary>
    public double? Retention => Current?.Retention;

    /// <summary>Where its trend crosses the end of life; null while none is known.</summary>
    public EndOfLifeProjection? Projection => Current?.Projection;

    private CycleClass? Current => classes.MaxBy(each => each.Weight);

    public void Take(in CycleMeasures cycle)
    {
        for (int i = classes.Count - 1; i >= 0; i--)
        {
            if (classes[i].IsRestBeside(CurrentScale.RestShare * cycle.MainLevelA))
            {
                Drop(classes[i], cycle.EndMicroseconds);
            }
        }

        bool hasCapacity = cycle.MainHalfUsable && double.IsFinite(cycle.MainCapacityAh);
        bool isWhole = cycle.Quality == CycleQuality.Complete && double.IsFinite(cycle.PolarizationV);
        if (hasCapacity || isWhole)
        {
            Judge(cycle, hasCapacity, isWhole);
        }

        before.MainLevelA = cycle.MainLevelA;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(classes.Count);
        foreach (CycleClass each in classes)
        {
            each.Save(writer);
        }

        StateBlock.Write(writer, before);
    }

    public void Load(BinaryReader reader, int layout)
    {
        bool hasClasses = layout >= SnapshotEnvelope.FirstWithClasses;
        int count = hasClasses ? reader.ReadInt32() : 1;
        if (count is < 0 or > MostClasses)
        {
            throw new InvalidDataException($"Snapshot holds {count} kinds of cycles, at most {MostClasses} are possible.");
        }

        classes.Clear();
        for (int i = 0; i < count; i++)
        {
            CycleClass each = new(profile, findings);
            each.Load(reader, layout);
            classes.Add(each);
        }

        before.MainLevelA = double.NaN;
        if (hasClasses)
        {
            StateBlock.Read(reader, ref before);
        }
    }

    private void Judge(in CycleMeasures cycle, bool hasCapacity, bool isWhole)
    {
        CycleClass? own = Find(cycle);
        if (own is null && cycle.Index >= profile.ReferenceCycle)
        {
            own = Open(cycle.EndMicroseconds);
        }

        if (own is null)
        {
            return;
        }

        foreach (CycleClass each in classes)
        {
            each.Age(isOwn: each == own);
        }

        if (hasCapacity)
        {
            own.TakeCapacity(cycle);
        }

        if (isWhole)
        {
            own.TakeWhole(cycle, isSettled: double.IsNaN(before.MainLevelA) || CycleClass.IsSame(before.MainLevelA, cycle.MainLevelA));
        }
    }

    private CycleClass? Find(in CycleMeasures cycle)
    {
        foreach (CycleClass each in classes)
        {
            if (each.IsLike(cycle))
            {
                return each;
            }
        }

        return null;
    }

    private CycleClass Open(long microseconds)
    {
        CycleClass? current = Current;
        CycleClass opened = new(profile, findings);
        if (current?.Count >= LeastInherited && current.Retention is { } retention)
        {
            opened.Inherit(Math.Min(1, retention));
        }

        if (classes.Count == MostClasses)
        {
            Drop(classes.MinBy(each => each.Weight)!, microseconds);
        }

        classes.Add(opened);
        return opened;
    }

    private void Drop(CycleClass dropped, long microseconds)
    {
        dropped.Forget(microseconds);
        classes.Remove(dropped);
    }

    private struct Before
    {
        public double MainLevelA;
    }
}
