using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>The golden vectors under <c>tests/Vectors/wire/v1</c>.</summary>
internal static class Vectors
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    public static string Folder { get; } = Path.Combine(Root, "tests", "Vectors", "wire", "v1");

    public static byte[] Bytes(string name) =>
        Convert.FromHexString(File.ReadAllText(Path.Combine(Folder, name + ".hex")).ReplaceLineEndings(""));

    public static SampleFrame Content(string name) => FrameJson.Read(File.ReadAllText(Path.Combine(Folder, name + ".json")));

    /// <summary>All vectors' bytes by name.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> All() =>
        Directory.GetFiles(Folder, "*.hex").Order(StringComparer.Ordinal)
            .Select(path => Path.GetFileNameWithoutExtension(path)).Select(name => (name, Bytes(name)));

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "PouchMonitor.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("no PouchMonitor.sln above " + AppContext.BaseDirectory);
    }
}
