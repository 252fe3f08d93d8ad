using System.Xml.Linq;
using PouchMonitor.Architecture.Tests;

namespace PouchMonitor.Firmware.Device.Tests.Compilation;

/// <summary>What the device's project says: language, features, referenced assemblies; and the sources that make the device's image.</summary>
internal static class DeviceProject
{
    private static readonly XNamespace MsBuild = "http://schemas.microsoft.com/developer/msbuild/2003";
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "firmware", "PouchMonitor.Firmware");
    private static readonly XDocument Project = XDocument.Load(Path.Combine(Folder, "PouchMonitor.Firmware.nfproj"));

    public static string LanguageVersion => Property("LangVersion");

    public static string Nullable => Property("Nullable");

    /// <summary>Compiler features beside what the project system adds.</summary>
    public static string[] Features => [.. Property("Features").Split(';').Where(feature => !feature.StartsWith("$(", StringComparison.Ordinal))];

    /// <summary>Names of the referenced assemblies.</summary>
    public static string[] References => [.. Project.Descendants(MsBuild + "Reference").Select(item => item.Attribute("Include")!.Value)];

    /// <summary>
    /// Every source below the firmware's folder, listed yet or not (another test holds the list complete), and the shared
    /// sources that the project takes.
    /// </summary>
    public static string[] Sources =>
    [
        .. Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories).Where(IsOurs)
            .Concat(Project.Descendants(MsBuild + "Compile").Select(item => item.Attribute("Include")!.Value.Replace('\\', '/'))
                .Where(include => include.StartsWith("../", StringComparison.Ordinal)).SelectMany(Expand))
            .Select(Path.GetFullPath).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Expand(string include)
    {
        string path = Path.Combine(Folder, include);
        string pattern = Path.GetFileName(path);
        return Directory.EnumerateFiles(Path.GetDirectoryName(path)!, pattern).Where(IsOurs);
    }

    private static bool IsOurs(string path) =>
        !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal);

    private static string Property(string name) => Project.Descendants(MsBuild + name).Single().Value;
}
