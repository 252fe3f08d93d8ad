using PouchMonitor.Architecture.Tests;

namespace PouchMonitor.Firmware.Device.Tests.Api;

/// <summary>The lists of what each assembly of the device offers. They lie beside the repository and are not part of it.</summary>
internal static class ApiLists
{
    private const string Variable = "POUCHMONITOR_NANOFRAMEWORK_API";

    private static readonly Lazy<ApiAssembly[]?> Found = new(Read);

    /// <summary>All lists; skips the test where they are absent.</summary>
    public static ApiAssembly[] All
    {
        get
        {
            Assert.SkipWhen(Found.Value is null, $"the device's API lists are absent: ../shared/nanoframework-api (set {Variable})");
            return Found.Value!;
        }
    }

    private static ApiAssembly[]? Read()
    {
        string? folder = Candidates().FirstOrDefault(path => File.Exists(Path.Combine(path, "mscorlib.json")));
        return folder is null
            ? null
            : [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(ApiAssembly.Read)];
    }

    private static IEnumerable<string> Candidates()
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            yield return named;
        }

        yield return Path.Combine(RepositoryRoot.Path, "..", "shared", "nanoframework-api");
    }
}
