using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Uncertainty;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>What named tests are computed from: what the analysis gave, and what a person declared.</summary>
public sealed record NamedTestInput
{
    public required CellProfile Profile { get; init; }

    /// <summary>Cycles in order.</summary>
    public required IReadOnlyList<CycleSummary> Cycles { get; init; }

    /// <summary>Steps in order of time.</summary>
    public required IReadOnlyList<StepSummary> Steps { get; init; }

    public IReadOnlyList<PulseResistance> Pulses { get; init; } = [];

    /// <summary>What was watched within the steps; null where only the steps are known, and what needs it then says so.</summary>
    public NamedTestCollector? Inside { get; init; }

    /// <summary>Of the current, where a calibration is known.</summary>
    public MeasurementUncertainty? Uncertainty { get; init; }

    /// <summary>Area of the electrode, cm2; null where not declared: then currents are given and no densities.</summary>
    public double? ElectrodeAreaCm2 { get; init; }

    /// <summary>Half the thickness of the electrode, or a third of its particles' radius, um; null where not declared: then D over L^2 is given.</summary>
    public double? DiffusionLengthUm { get; init; }

    /// <summary>The test that a person says this is; null where the steps have to show it.</summary>
    public NamedTestKind? Declared { get; init; }
}
