using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Tests.Profiles;

public sealed class ProfileFileTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"profile-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void OneProfile_StandsAloneOrInAList()
    {
        const string Cell = """{"name":"mine","kind":"half","nominalCapacityAh":0.5,"warningTemperatureC":null}""";
        CellProfile alone = Load(Cell);
        Assert.Equal(("mine", CellKind.Half, 0.5, null), (alone.Name, alone.Kind, alone.NominalCapacityAh, alone.WarningTemperatureC));
        Assert.Equal(alone, Load($$"""{"profiles":[{{Cell}}]}"""));
    }

    [Fact]
    public void Defaults_FillWhatAProfileLeavesOut_AndNullTakesThemAway()
    {
        CellProfile left = Load("""{"defaults":{"warningTemperatureC":50},"profiles":[{"name":"a"}]}""");
        CellProfile taken = Load("""{"defaults":{"warningTemperatureC":50},"profiles":[{"name":"a","warningTemperatureC":null}]}""");
        Assert.Equal(50, left.WarningTemperatureC);
        Assert.Null(taken.WarningTemperatureC);
    }

    [Theory]
    [InlineData("""{"kind":"full"}""", "profile without a usable name: name needs 1 to 64 of A-Z a-z 0-9 . _ -")]
    [InlineData("""{"name":"a b"}""", "profile a b: name needs 1 to 64 of A-Z a-z 0-9 . _ -")]
    [InlineData("""{"name":"a","kind":"whole"}""", "profile a: kind is 'whole', one of full, anodeFree, symmetric, half is needed")]
    [InlineData("""{"name":"a","massG":"11"}""", "profile a: massG is \"11\", a number or null is needed")]
    [InlineData("""{"name":"a","maximumVoltageV":4200}""", "profile a: maximumVoltageV is 4200, between -6 and 6 V is possible")]
    [InlineData("""{"name":"a","nominalCapacityAh":0}""", "profile a: nominalCapacityAh is 0, between 1E-06 and 1000 Ah is possible")]
    [InlineData("""{"name":"a","minimumVoltageV":4.2,"maximumVoltageV":4.2}""", "profile a: minimumVoltageV is 4.2, it must lie below maximumVoltageV of 4.2 V")]
    [InlineData("""{"name":"a","warningTemperatureC":61,"maximumWorkingTemperatureC":60}""", "profile a: warningTemperatureC is 61, it must lie below maximumWorkingTemperatureC of 60 C")]
    [InlineData("""{"name":"a","referenceCycle":0}""", "profile a: referenceCycle is 0, between 1 and 100000 is possible")]
    [InlineData("""{"name":"a","referenceCycle":1.5}""", "profile a: referenceCycle is 1.5, a whole number is needed")]
    [InlineData("""{"name":"a","endOfLifeRetention":80}""", "profile a: endOfLifeRetention is 80, between 0.01 and 1 is possible")]
    [InlineData("""{"name":"a","maxVoltageV":4.2}""", "profile a: maxVoltageV is not a field of a profile")]
    [InlineData("""{"profiles":[{"name":"a"},{"name":"a"}]}""", "profile a: the name is there twice")]
    [InlineData("""{"profiles":[{"name":"a"},{"name":"b"}]}""", "holds 2 profiles, exactly 1 is needed")]
    [InlineData("""{"profiles":[],"limits":{}}""", "field limits is not known; beside profiles stand defaults and reason")]
    [InlineData("""[]""", "a JSON object is needed, not Array")]
    public void BadProfile_IsRefusedNamingFileProfileFieldValueAndLimit(string json, string reason)
    {
        ProfileFileException fault = Assert.Throws<ProfileFileException>(() => Load(json));
        Assert.Equal($"{path}: {reason}", fault.Message);
    }

    [Fact]
    public void BrokenJson_IsRefusedWithItsLine()
    {
        ProfileFileException fault = Assert.Throws<ProfileFileException>(() => Load("{\n\"name\": oops\n}"));
        Assert.StartsWith($"{path}:2: not JSON: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void MissingFile_IsNamed() =>
        Assert.Equal($"{path}: no such file", Assert.Throws<ProfileFileException>(() => CellProfile.Load(path)).Message);

    private CellProfile Load(string json)
    {
        File.WriteAllText(path, json);
        return CellProfile.Load(path);
    }
}
