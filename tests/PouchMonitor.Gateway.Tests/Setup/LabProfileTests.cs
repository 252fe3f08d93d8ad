using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Setup;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Setup;

/// <summary>Profiles that a lab makes: versions, two editors, and what is refused.</summary>
public sealed class LabProfileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-lab-").FullName;
    private readonly StateDatabase database;

    public LabProfileTests() => database = new StateDatabase(Path.Combine(folder, "state.db"));

    [Fact]
    public void EverySaveIsAVersion_AndOlderOnesStay()
    {
        LabProfiles profiles = new(database, notice: null);
        profiles.Save(Lab(4.2), basedOn: 0, "ada", 1_000_000);
        profiles.Save(Lab(4.3), basedOn: 1, "bob", 2_000_000);
        Assert.Equal(2, profiles.Save(Lab(4.3), basedOn: 2, "bob", 3_000_000).Saved.Version); // nothing new, no version
        LabProfiles reopened = new(database, notice: null);
        Assert.True(reopened.TryGet("lab-1", out CellProfile? newest));
        Assert.Equal(4.3, newest.MaximumVoltageV);
        Assert.Equal([(2, "bob", 2_000_000L), (1, "ada", 1_000_000L)],
            database.ReadLabProfileVersions("lab-1").Select(each => (each.Version, each.Person, each.AtMicroseconds)));
        Assert.Equal(Lab(4.2), CellProfile.Parse(database.ReadLabProfileVersions("lab-1")[1].Body, "test"));
        IReadOnlyList<AuditEntry> audit = database.ReadAudit(long.MaxValue, 10);
        Assert.Equal(["profile.save", "profile.save"], audit.Select(line => line.Action));
        Assert.Equal("version 2: maximumVoltageV 4.2 and 4.3", audit[0].Detail);
    }

    [Fact]
    public void TwoEditors_DoNotOverwriteEachOther()
    {
        LabProfiles profiles = new(database, notice: null);
        profiles.Save(Lab(4.2), basedOn: 0, "ada", 1);
        profiles.Save(Lab(4.3), basedOn: 1, "bob", 2);
        SetupRefusal overtaken = Assert.Throws<SetupRefusal>(() => profiles.Save(Lab(4.4), basedOn: 1, "ada", 3));
        Assert.Equal(412, overtaken.Status);
        Assert.Contains("version 2, saved by bob", overtaken.Message, StringComparison.Ordinal);
        Assert.Equal(412, Assert.Throws<SetupRefusal>(() => profiles.Save(Lab(4.4), basedOn: 0, "ada", 3)).Status);
        Assert.Equal(409, Assert.Throws<SetupRefusal>(() => profiles.Save(Lab(4.4), basedOn: null, "ada", 3)).Status);
        Assert.Equal(412, Assert.Throws<SetupRefusal>(() => profiles.Save(Lab(4.4) with { Name = "new" }, basedOn: 2, "ada", 3)).Status);
        Assert.Equal(4.3, profiles.Find("lab-1")?.Profile.MaximumVoltageV);
    }

    [Theory]
    [InlineData("dne-pouch", 409)]
    [InlineData("dne-pouch-baseline", 409)]
    [InlineData("default", 409)]
    [InlineData("mine-baseline", 400)]
    [InlineData("mine-limits", 400)]
    public void NamesThatMeanSomethingElse_AreRefused(string name, int status)
    {
        LabProfiles profiles = new(database, notice: null);
        Assert.Equal(status, Assert.Throws<SetupRefusal>(() => profiles.Save(Lab(4.2) with { Name = name }, basedOn: 0, "ada", 1)).Status);
    }

    [Fact]
    public void LimitsOfATest_MakeAProfileOfTheirOwn()
    {
        CellProfile profile = Lab(4.2) with { MaximumWorkingTemperatureC = 60, WarningTemperatureC = 50, MinimumVoltageV = 2.8 };
        CellProfile limited = AssignedLimits.Apply(profile, Limits(("maximumWorkingTemperatureC", 45), ("warningTemperatureC", 40)));
        Assert.Equal(profile with { Name = "lab-1-limits", MaximumWorkingTemperatureC = 45, WarningTemperatureC = 40 }, limited);
        Assert.NotEqual(StoredProfile.Of(profile).Hash, StoredProfile.Of(limited).Hash);
        Assert.Same(profile, AssignedLimits.Apply(profile, Limits()));
        Assert.Contains("is no limit of a test", Refused(profile, ("massG", 2)), StringComparison.Ordinal);
        Assert.Contains("between -60 and 200 C", Refused(profile, ("maximumWorkingTemperatureC", 400)), StringComparison.Ordinal);
        Assert.Contains("warningTemperatureC is 50, it must lie below", Refused(profile, ("maximumWorkingTemperatureC", 45)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50, 60, 45, null, null, 45)] // the profile's warning lies above the limit that was set
    [InlineData(50, 60, 45, 40, 40, 45)]
    [InlineData(50, 60, null, 55, 55, 60)]
    [InlineData(30, 50, null, 55, 30, 50)] // the warning that was set gives way
    public void LimitsThatWereTaken_HoldWhateverBecomesOfTheProfile(int warning, int maximum, int? setMaximum, int? setWarning, int? expectedWarning, int expectedMaximum)
    {
        Dictionary<string, double> limits = Limits();
        foreach ((string name, int? value) in (ReadOnlySpan<(string, int?)>)[("maximumWorkingTemperatureC", setMaximum), ("warningTemperatureC", setWarning)])
        {
            if (value is { } set)
            {
                limits[name] = set;
            }
        }

        CellProfile limited = AssignedLimits.ApplyKept(Lab(4.2) with { WarningTemperatureC = warning, MaximumWorkingTemperatureC = maximum }, limits);
        Assert.Equal(((double?)expectedWarning, (double?)expectedMaximum), (limited.WarningTemperatureC, limited.MaximumWorkingTemperatureC));
    }

    [Theory]
    [InlineData("maximumVoltageV", 4.2, null)]
    [InlineData("maximumVoltageV", 4.3, "maximumVoltageV 4.3 instead of 4.2")]
    [InlineData("minimumVoltageV", 2.8, null)]
    [InlineData("minimumVoltageV", 2.7, "minimumVoltageV 2.7 instead of 2.8")]
    [InlineData("maximumHeatingRateCPerS", 50, null)] // the profile says nothing of it
    public void OnlyWhatProtectsLess_NeedsAReason(string limit, double value, string? told) =>
        Assert.Equal(told, AssignedLimits.Loosened(Lab(4.2) with { MinimumVoltageV = 2.8 }, Limits((limit, value))));

    public void Dispose()
    {
        database.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static CellProfile Lab(double maximumVoltageV) => new() { Name = "lab-1", Description = "ours", MaximumVoltageV = maximumVoltageV };

    private static Dictionary<string, double> Limits(params (string Name, double Value)[] limits) =>
        limits.ToDictionary(limit => limit.Name, limit => limit.Value, StringComparer.Ordinal);

    private static string Refused(CellProfile profile, (string Name, double Value) limit) =>
        Assert.Throws<SetupRefusal>(() => AssignedLimits.Apply(profile, Limits(limit))).Message;
}
