using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Tests.Profiles;

public sealed class CellProfilesTests
{
    [Fact]
    public void EveryRowOfTheReferenceTable_IsAProfile()
    {
        string[] rows =
        [
            "dne-pouch", "dne-4v7", "dne-60c", "dne-60c-4v5", "dne-4v5", "dne-5c", "dne-li-cu", "dne-dqdv",
            "tve-pouch", "tve-4v6", "tve-50c", "tve-cold", "tve-6c", "tve-li-cu", "tve-li-li",
            "ispn-622-5c", "ispn-622-2c", "ispn-622-1c", "ispn-622-rate", "ispn-811", "ispn-lfp-10c", "ispn-lfp-2c",
            "ispn-lfp-rate", "ispn-li-li", "ispn-ccd", "ispn-pouch-abuse",
            "pota-lco", "pota-lco-lean", "pota-lco-rate", "pota-811", "pota-811-eis", "pota-li-cu", "pota-li-li", "pota-nucleation",
            "copc-anode-free", "copc-lfp", "copc-lfp-thick", "copc-lfp-3c", "copc-lfp-20c", "copc-lfp-rate", "copc-li-cu",
            "copc-nucleation", "copc-li-li",
        ];
        Assert.Equal(rows.Order(StringComparer.Ordinal), CellProfiles.Names);
        foreach (string row in rows)
        {
            Assert.True(CellProfiles.TryGet(row, out CellProfile? profile));
            Assert.Equal(row, profile.Name);
            Assert.NotEqual("", profile.Description);
            Assert.Null(ProfileLimits.Problem(profile));
        }
    }

    [Fact]
    public void FiguresOfThePaper_AreTheProfiles()
    {
        Assert.True(CellProfiles.TryGet("dne-pouch", out CellProfile? pouch));
        Assert.Equal((1.0, 11.5, 2.8, 4.3), (pouch.NominalCapacityAh, pouch.MassG, pouch.MinimumVoltageV, pouch.MaximumVoltageV));
        Assert.Equal((50.0, 60.0, 1.0), (pouch.WarningTemperatureC, pouch.MaximumWorkingTemperatureC, pouch.MaximumHeatingRateCPerS));
        Assert.Equal((1, 0.8), (pouch.ReferenceCycle, pouch.EndOfLifeRetention));

        Assert.True(CellProfiles.TryGet("copc-anode-free", out CellProfile? anodeFree));
        Assert.Equal((CellKind.AnodeFree, 2.75, 4.2), (anodeFree.Kind, anodeFree.MinimumVoltageV, anodeFree.MaximumVoltageV));
        Assert.True(CellProfiles.TryGet("tve-li-li", out CellProfile? symmetric));
        Assert.Equal((CellKind.Symmetric, null), (symmetric.Kind, symmetric.MaximumVoltageV));
    }

    [Fact]
    public void CellTestedHot_IsNotWarnedAtItsOwnTemperature()
    {
        Assert.True(CellProfiles.TryGet("dne-60c", out CellProfile? profile));
        Assert.Equal((60.0 + 10, 60.0 + 20), (profile.WarningTemperatureC, profile.MaximumWorkingTemperatureC));
    }

    [Fact]
    public void Baseline_SharesTheProfileOfTheImprovedCell()
    {
        Assert.True(CellProfiles.TryGet("tve-pouch-baseline", out CellProfile? baseline));
        Assert.Equal("tve-pouch", baseline.Name);
        Assert.False(CellProfiles.TryGet("no-such-cell", out CellProfile? none));
        Assert.Null(none);
    }

    [Fact]
    public void Default_JudgesOnlyWhatHoldsForAnyCell()
    {
        CellProfile profile = CellProfiles.Default;
        Assert.Null(profile.MinimumVoltageV);
        Assert.Null(profile.MaximumVoltageV);
        Assert.Null(profile.WarningTemperatureC);
        Assert.Equal(90, profile.MaximumWorkingTemperatureC);
        Assert.Equal(1, profile.MaximumHeatingRateCPerS);
        Assert.True(CellProfiles.TryGet("default", out CellProfile? named));
        Assert.Same(profile, named);
    }
}
