using System.Text.Json;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Archive;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Archive;

/// <summary>A profile goes through the JSON of an archive and comes out as it was, with its curves and its changed rules.</summary>
public sealed class ArchivedProfileTests
{
    public static TheoryData<string> Catalogue => [.. CellProfiles.Names];

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void AProfileOfTheCatalogue_ComesOutAsItWas(string name)
    {
        Assert.True(CellProfiles.TryGet(name, out CellProfile? profile));
        AssertSame(profile);
    }

    [Fact]
    public void CurvesAndChangedRules_ComeOutAsTheyWere() => AssertSame(CellProfiles.Default with
    {
        ReferenceRetention = new ReferenceCurve([new ReferencePoint(1, 1), new ReferencePoint(100, 0.988)]),
        ReferencePolarization = new ReferenceCurve([new ReferencePoint(1, 1), new ReferencePoint(100, 1.69)]),
        RuleChanges = new RuleChanges([new RuleChange("polarization-rise/polarization", 0.3, 0.2, 4, FindingSeverity.Critical)]),
    });

    private static void AssertSame(CellProfile profile)
    {
        var test = new ArchivedTest
        {
            Record = new TestRecord { Test = "c@1", Cell = "c", Node = "n1", Channel = "1", Ordinal = 1 }, Profile = profile, Boots = [], Scales = [], FrameCount = 0, SampleCount = 0,
        };
        ArchivedTest read = JsonSerializer.Deserialize<ArchivedTest>(JsonSerializer.SerializeToUtf8Bytes(test, ArchiveFiles.Json), ArchiveFiles.Json)!;
        Assert.Equal(profile, read.Profile);
    }
}
