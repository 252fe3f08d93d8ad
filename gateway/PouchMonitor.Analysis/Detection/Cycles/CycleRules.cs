using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.State;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>
/// Holds each closed cycle against the reference cycle and the cycles before it. The reference is the cycle that the
/// profile names, or the first usable one after it; every finding says which. Only like is compared with like: the same
/// rates within 10 %, the same end of discharge within a tenth of its voltage span, mean temperatures within 8 K.
/// Gapped, unusual and cut-off cycles take no part. A reference whose current is rest beside a later one's was none.
/// </summary>
internal sealed class CycleRules
{
    private const double SameCurrentShare = 0.1;
    internal const double SameEndVoltageShare = 0.1;
    internal const double SameTemperatureK = 8;

    private readonly int firstReferenceCycle;
    private readonly bool judgesCapacity;
    private readonly CapacityFadeDetector fade;
    private readonly PolarizationRiseDetector polarization;
    private readonly EfficiencyCollapseDetector efficiency;
    private Memory state;

    public CycleRules(CellProfile profile, IFindingSink findings)
    {
        firstReferenceCycle = profile.ReferenceCycle;

        // What a symmetric cell passes per half cycle is set by its protocol and says nothing of the cell.
        judgesCapacity = profile.Kind != CellKind.Symmetric;
        string measure = profile.Kind == CellKind.Half ? "chargeCapacityRetention" : CycleRule.EndOfLife.Measure;
        CurveDepartureDetector? departure = profile.ReferenceRetention is { } curve
            ? new CurveDepartureDetector(findings, curve, CycleRule.CurveDeparture.Measure) : null;
        fade = new CapacityFadeDetector(findings, profile.EndOfLifeRetention, measure, departure);
        polarization = new PolarizationRiseDetector(findings);
        efficiency = new EfficiencyCollapseDetector(findings);
    }

    /// <summary>Retention of the last comparable cycle; null before one.</summary>
    public double? Retention => fade.Retention;

    /// <summary>Where the trend crosses the end of life; null while none is known.</summary>
    public EndOfLifeProjection? Projection => fade.Projection;

    public void Take(in CycleMeasures cycle)
    {
        ForgetRest(cycle);
        if (judgesCapacity && cycle.MainHalfUsable && double.IsFinite(cycle.MainCapacityAh))
        {
            if (!state.HasCapacityReference && cycle.Index >= firstReferenceCycle)
            {
                state.CapacityReference = cycle;
                state.HasCapacityReference = true;
            }

            if (state.HasCapacityReference && IsSameMain(cycle, state.CapacityReference))
            {
                fade.Take(cycle, state.CapacityReference);
            }
        }

        if (cycle.Quality != CycleQuality.Complete || !double.IsFinite(cycle.PolarizationV))
        {
            return;
        }

        if (!state.HasWholeReference && cycle.Index >= firstReferenceCycle)
        {
            state.WholeReference = cycle;
            state.HasWholeReference = true;
        }

        if (state.HasWholeReference && IsSameMain(cycle, state.WholeReference)
            && IsSame(cycle.OtherLevelA, state.WholeReference.OtherLevelA))
        {
            polarization.Take(cycle, state.WholeReference);
            if (judgesCapacity)
            {
                efficiency.Take(cycle);
            }
        }
    }

    public void Save(BinaryWriter writer)
    {
        StateBlock.Write(writer, state);
        fade.Save(writer);
        polarization.Save(writer);
        efficiency.Save(writer);
    }

    public void Load(BinaryReader reader, int layout)
    {
        StateBlock.Read(reader, ref state);
        fade.Load(reader, layout >= SnapshotEnvelope.FirstWithProjection);
        polarization.Load(reader);
        efficiency.Load(reader);
    }

    private void ForgetRest(in CycleMeasures cycle)
    {
        double restA = CurrentScale.RestShare * cycle.MainLevelA;
        if (state.HasCapacityReference && state.CapacityReference.MainLevelA < restA)
        {
            state.HasCapacityReference = false;
            fade.Forget(cycle.EndMicroseconds);
        }

        if (state.HasWholeReference && state.WholeReference.MainLevelA < restA)
        {
            state.HasWholeReference = false;
            polarization.Forget(cycle.EndMicroseconds);
            efficiency.Forget(cycle.EndMicroseconds);
        }
    }

    internal static bool IsSame(double current, double reference) => Math.Abs(current - reference) <= SameCurrentShare * reference;

    private static bool IsSameMain(in CycleMeasures cycle, in CycleMeasures reference)
    {
        double warmer = Math.Abs(cycle.MainMeanTemperatureC - reference.MainMeanTemperatureC);
        double offEnd = Math.Abs(cycle.MainEndVoltageV - reference.MainEndVoltageV);
        return IsSame(cycle.MainLevelA, reference.MainLevelA)
            && offEnd <= SameEndVoltageShare * reference.MainVoltageSpanV
            && !(warmer > SameTemperatureK);
    }

    private struct Memory
    {
        public CycleMeasures CapacityReference;
        public CycleMeasures WholeReference;
        public bool HasCapacityReference;
        public bool HasWholeReference;
    }
}
