using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>
/// Cycles of one kind, which alone may be held against each other: the same rate of the main half within 10 %, the same end
/// within a tenth of its voltage span, mean temperatures within 8 K. Its first usable cycle is its reference, and every
/// finding says which that is.
/// </summary>
/// <remarks>
/// Mean voltages and efficiencies are moreover those of a cycle that followed one at the same rate: a charge after a slower
/// discharge begins elsewhere. Where all of a kind follow another rate, as single checks between blocks do, they are held
/// against each other.
/// </remarks>
internal sealed class CycleClass
{
    private const double SameCurrentShare = 0.1;
    internal const double SameEndVoltageShare = 0.1;
    internal const double SameTemperatureK = 8;
    private const double WeightMemory = 0.9;

    private readonly bool judgesCapacity;
    private readonly CapacityFadeDetector fade;
    private readonly PolarizationRiseDetector polarization;
    private readonly EfficiencyCollapseDetector efficiency;
    private References references;
    private Standing standing = new() { InheritedRetention = 1 };

    public CycleClass(CellProfile profile, IFindingSink findings)
    {
        // What a symmetric cell passes per half cycle is set by its protocol and says nothing of the cell.
        judgesCapacity = profile.Kind != CellKind.Symmetric;
        string measure = profile.Kind == CellKind.Half ? "chargeCapacityRetention" : CycleRule.EndOfLife.Measure;
        CurveDepartureDetector? departure = profile.ReferenceRetention is { } curve
            ? new CurveDepartureDetector(findings, CycleRule.CurveDeparture.For(profile), curve) : null;
        fade = new CapacityFadeDetector(findings, profile, measure, departure);
        polarization = new PolarizationRiseDetector(findings, CycleRule.Polarization.For(profile), profile.ReferencePolarization);
        efficiency = new EfficiencyCollapseDetector(findings, CycleRule.EfficiencyCollapse.For(profile));
    }

    /// <summary>Retention of its last comparable cycle; null before one.</summary>
    public double? Retention => fade.Retention;

    /// <summary>Where the trend crosses the end of life; null while none is known.</summary>
    public EndOfLifeProjection? Projection => fade.Projection;

    /// <summary>Cycles of its kind so far, those of the past counting less and less.</summary>
    public double Weight => standing.Weight;

    /// <summary>Cycles of its kind so far.</summary>
    public int Count => standing.Count;

    /// <summary>Retention at which its reference was taken: a test that changes its rate late does not begin a new life.</summary>
    /// <param name="retention">Retention reached by the cycles before.</param>
    public void Inherit(double retention) => standing.InheritedRetention = retention;

    /// <summary>True where the cycle is of this kind.</summary>
    public bool IsLike(in CycleMeasures cycle) =>
        references.HasCapacity ? IsSameMain(cycle, references.Capacity) : references.HasWhole && IsSameMain(cycle, references.Whole);

    /// <summary>Another cycle has passed, of this kind or not.</summary>
    public void Age(bool isOwn)
    {
        standing.Weight = (WeightMemory * standing.Weight) + (isOwn ? 1 : 0);
        standing.Count += isOwn ? 1 : 0;
    }

    /// <summary>Takes a cycle of its kind whose main half is whole.</summary>
    public void TakeCapacity(in CycleMeasures cycle)
    {
        if (!judgesCapacity)
        {
            return;
        }

        if (!references.HasCapacity)
        {
            references.Capacity = cycle;
            references.HasCapacity = true;
        }

        fade.Take(cycle, references.Capacity, standing.InheritedRetention);
    }

    /// <summary>Takes a cycle of its kind that is complete.</summary>
    /// <param name="cycle">The cycle.</param>
    /// <param name="isSettled">True where none at another rate came before it.</param>
    public void TakeWhole(in CycleMeasures cycle, bool isSettled)
    {
        if (!references.HasWhole)
        {
            Refer(cycle, isSettled);
        }
        else if (!IsSame(cycle.OtherLevelA, references.Whole.OtherLevelA))
        {
            return;
        }
        else if (isSettled != standing.IsSettled)
        {
            if (standing.Judged == 0)
            {
                Refer(cycle, isSettled);
            }
            else if (!isSettled)
            {
                return;
            }
        }

        standing.Judged += cycle.Index == references.Whole.Index ? 0 : 1;
        polarization.Take(cycle, references.Whole);
        if (judgesCapacity)
        {
            efficiency.Take(cycle);
        }
    }

    /// <summary>True where what passed for a current is rest beside another cycle's: that was no kind of cycle.</summary>
    public bool IsRestBeside(double restA) =>
        (references.HasCapacity && references.Capacity.MainLevelA < restA) || (references.HasWhole && references.Whole.MainLevelA < restA);

    /// <summary>It is followed no more: ends what is raised and can end.</summary>
    public void Forget(long microseconds)
    {
        fade.Forget(microseconds);
        polarization.Forget(microseconds);
        efficiency.Forget(microseconds);
    }

    public void Save(BinaryWriter writer)
    {
        StateBlock.Write(writer, references);
        fade.Save(writer);
        polarization.Save(writer);
        efficiency.Save(writer);
        StateBlock.Write(writer, standing);
    }

    public void Load(BinaryReader reader, int layout)
    {
        StateBlock.Read(reader, ref references);
        fade.Load(reader, layout >= SnapshotEnvelope.FirstWithProjection, layout >= SnapshotEnvelope.FirstWithClasses);
        polarization.Load(reader);
        efficiency.Load(reader);
        if (layout >= SnapshotEnvelope.FirstWithClasses)
        {
            StateBlock.Read(reader, ref standing);
        }
        else
        {
            standing = new Standing { InheritedRetention = 1, Weight = 1, Count = 1, Judged = 1, IsSettled = true };
        }
    }

    /// <summary>True where two currents are the same rate.</summary>
    public static bool IsSame(double current, double reference) => Math.Abs(current - reference) <= SameCurrentShare * reference;

    private void Refer(in CycleMeasures cycle, bool isSettled)
    {
        references.Whole = cycle;
        references.HasWhole = true;
        standing.IsSettled = isSettled;
        standing.Judged = 0;
    }

    private static bool IsSameMain(in CycleMeasures cycle, in CycleMeasures reference)
    {
        double warmer = Math.Abs(cycle.MainMeanTemperatureC - reference.MainMeanTemperatureC);
        double offEnd = Math.Abs(cycle.MainEndVoltageV - reference.MainEndVoltageV);
        return IsSame(cycle.MainLevelA, reference.MainLevelA)
            && offEnd <= SameEndVoltageShare * reference.MainVoltageSpanV
            && !(warmer > SameTemperatureK);
    }

    private struct References
    {
        public CycleMeasures Capacity;
        public CycleMeasures Whole;
        public bool HasCapacity;
        public bool HasWhole;
    }

    private struct Standing
    {
        public double InheritedRetention;
        public double Weight;
        public int Count;

        /// <summary>Cycles held against the whole reference.</summary>
        public int Judged;
        public bool IsSettled;
    }
}
