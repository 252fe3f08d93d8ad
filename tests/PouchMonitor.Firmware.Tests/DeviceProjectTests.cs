using System.Xml.Linq;

namespace PouchMonitor.Firmware.Tests;

/// <summary>The device's project cannot be built here, so what it lists is compared with what there is.</summary>
public sealed class DeviceProjectTests
{
    private static readonly XNamespace MsBuild = "http://schemas.microsoft.com/developer/msbuild/2003";

    [Fact]
    public void Nfproj_ListsEveryFirmwareSourceOnceAndTakesTheSharedFolders()
    {
        string folder = Path.Combine(RepositoryRoot(), "firmware", "PouchMonitor.Firmware");
        List<string> listed =
        [
            .. XDocument.Load(Path.Combine(folder, "PouchMonitor.Firmware.nfproj")).Descendants(MsBuild + "Compile")
                .Select(item => Path.GetFullPath(Path.Combine(folder, item.Attribute("Include")!.Value.Replace('\\', '/')))),
        ];
        string shared = Path.Combine(RepositoryRoot(), "shared", "PouchMonitor.Shared");
        List<string> expected = [.. Sources(folder), Path.Combine(shared, "Measurement", "*.cs"), Path.Combine(shared, "Wire", "*.cs")];
        Assert.Equal(expected.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(shared, "Wire"), "*.cs"));
    }

    [Fact]
    public void Nfproj_TakesItsPackagesAtTheVersionsOfPackagesConfig()
    {
        string folder = Path.Combine(RepositoryRoot(), "firmware", "PouchMonitor.Firmware");
        List<string> packages =
        [
            .. XDocument.Load(Path.Combine(folder, "packages.config")).Descendants("package")
                .Select(package => package.Attribute("id")!.Value + "." + package.Attribute("version")!.Value),
        ];
        List<string> hinted =
        [
            .. XDocument.Load(Path.Combine(folder, "PouchMonitor.Firmware.nfproj")).Descendants(MsBuild + "HintPath")
                .Select(hint => hint.Value.Split('\\')[2]),
        ];
        Assert.Equal(packages.Order(StringComparer.Ordinal), hinted.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal));

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PouchMonitor.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("PouchMonitor.sln was not found above the test.");
    }
}
