using System.Xml.Linq;

namespace PouchMonitor.Architecture.Tests;

/// <summary>References point one way: what each project may refer to is written down here and nowhere else.</summary>
public class ReferenceDirectionTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["PouchMonitor.Shared"] = [],
        ["PouchMonitor.Mqtt"] = [],
        ["PouchMonitor.Simulation"] = ["PouchMonitor.Shared"],
        ["PouchMonitor.Analysis"] = ["PouchMonitor.Shared"],
        ["PouchMonitor.Formats"] = ["PouchMonitor.Analysis", "PouchMonitor.Shared"],
        ["PouchMonitor.Firmware.Host"] = ["PouchMonitor.Shared", "PouchMonitor.Simulation", "PouchMonitor.Mqtt"],
        ["PouchMonitor.Gateway"] = ["PouchMonitor.Mqtt", "PouchMonitor.Analysis", "PouchMonitor.Formats", "PouchMonitor.Shared"],
        ["PouchMonitor.Upstream.MqttNet.StandIn"] = [],
        ["PouchMonitor.Upstream.MqttNet"] = ["PouchMonitor.Gateway", "PouchMonitor.Mqtt", "PouchMonitor.Upstream.MqttNet.StandIn"],
        ["PouchMonitor.Upstream.InfluxDb.StandIn"] = [],
        ["PouchMonitor.Upstream.InfluxDb"] = ["PouchMonitor.Gateway", "PouchMonitor.Upstream.InfluxDb.StandIn"],
        ["PouchMonitor.Cli"] =
        [
            "PouchMonitor.Shared", "PouchMonitor.Simulation", "PouchMonitor.Mqtt", "PouchMonitor.Analysis", "PouchMonitor.Formats",
            "PouchMonitor.Gateway", "PouchMonitor.Firmware.Host", "PouchMonitor.Upstream.MqttNet", "PouchMonitor.Upstream.InfluxDb",
        ],
    };

    public static TheoryData<string> ProductProjects() => [.. Projects()
        .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}tests{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(path => Path.GetFileNameWithoutExtension(path)!)];

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void EachProject_RefersOnlyToWhatItMay(string project)
    {
        Assert.True(Allowed.ContainsKey(project), $"{project} is not in the list of allowed references.");
        string path = Projects().Single(candidate => Path.GetFileNameWithoutExtension(candidate) == project);
        string[] references = [.. XDocument.Load(path).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))];
        Assert.Empty(references.Except(Allowed[project], StringComparer.Ordinal));
    }

    [Fact]
    public void Analysis_UsesOfSharedOnlyMeasurement()
    {
        Assert.Empty(FilesUsing("gateway/PouchMonitor.Analysis", "PouchMonitor.Wire"));
        Assert.Empty(FilesUsing("gateway/PouchMonitor.Formats", "PouchMonitor.Wire"));
    }

    [Fact]
    public void Analysis_KnowsNoClockNetworkOrThread()
    {
        string[] banned = ["System.Net", "DateTime.UtcNow", "DateTime.Now", "DateTimeOffset.UtcNow", "Stopwatch", "Task.Run", "Thread", "new Random("];
        foreach (string file in Sources("gateway/PouchMonitor.Analysis"))
        {
            string text = File.ReadAllText(file);
            Assert.All(banned, word => Assert.False(
                text.Contains(word, StringComparison.Ordinal), $"{file} uses {word}: the calculations take time as an argument."));
        }
    }

    [Fact]
    public void Mqtt_KnowsNothingOfCells() => Assert.All(Sources("gateway/PouchMonitor.Mqtt"), file =>
    {
        string text = File.ReadAllText(file);
        Assert.DoesNotContain("pouch/v1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("SampleFrame", text, StringComparison.Ordinal);
    });

    [Fact]
    public void TheSolution_HoldsEveryProject()
    {
        string solution = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "PouchMonitor.sln")).Replace('\\', '/');
        Assert.All(Projects(), path => Assert.Contains(Path.GetFileName(path), solution, StringComparison.Ordinal));
    }

    [Fact]
    public void TheTopLevel_HoldsOnlyWhatIsNamed()
    {
        string[] named = ["PouchMonitor.sln", "firmware", "gateway", "shared", "tests", "hardware", "README.md", "pouchmonitor", "test.sh", "global.json"];
        IEnumerable<string> found = Directory.EnumerateFileSystemEntries(RepositoryRoot.Path).Select(Path.GetFileName)!;
        Assert.Empty(found.Where(name => !name.StartsWith('.') && !name.StartsWith("Directory.", StringComparison.Ordinal)
            && name is not ("pouchmonitor-data" or "artifacts" or "TestResults")).Except(named, StringComparer.Ordinal));
    }

    [Fact]
    public void EverySourceFile_IsOfAReadableLength() => Assert.All(
        new[] { "shared", "firmware", "gateway", "tests" }.SelectMany(Sources),
        file => Assert.True(File.ReadLines(file).Count() <= 400, $"{file} has more than 400 lines."));

    private static IEnumerable<string> FilesUsing(string folder, string name) =>
        Sources(folder).Where(file => File.ReadAllText(file).Contains(name, StringComparison.Ordinal));

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), "*.cs", SearchOption.AllDirectories).Where(IsOurs);

    private static IEnumerable<string> Projects() =>
        Directory.EnumerateFiles(RepositoryRoot.Path, "*.csproj", SearchOption.AllDirectories).Where(IsOurs);

    private static bool IsOurs(string path) => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        && !path.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        && !path.Contains("node_modules", StringComparison.Ordinal);
}
