using System.Text.Json;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Archive;

namespace PouchMonitor.Gateway.Tests.Archive;

/// <summary>A profile that is written is read again as it was.</summary>
public sealed class ProfileJsonTests
{
    [Fact]
    public void AProfileWithEverything_ComesBackAsItWas()
    {
        CellProfile profile = new()
        {
            Name = "cell", Description = "all of it", Kind = CellKind.AnodeFree, NominalCapacityAh = 3, MassG = 23.5,
            MinimumVoltageV = 2.8, MaximumVoltageV = 4.3, WarningTemperatureC = 50, MaximumWorkingTemperatureC = 60,
            MaximumHeatingRateCPerS = 1, ReferenceCycle = 3, EndOfLifeRetention = 0.7,
            ReferenceRetention = new ReferenceCurve([new(1, 1), new(100, 0.9)]),
            ReferencePolarization = new ReferenceCurve([new(1, 1), new(50, 1.2), new(100, 1.69)]),
            RuleChanges = new RuleChanges(
            [
                new("soft-short/voltageDips", 0.02, null, null, null),
                new("polarization-rise/polarization", 0.3, 0.25, 5, FindingSeverity.Critical),
            ]),
        };
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            ProfileJson.Write(writer, profile);
        }

        Assert.Equal(profile, CellProfile.Parse(System.Text.Encoding.UTF8.GetString(stream.ToArray()), "written"));
    }
}
