using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PouchMonitor.Architecture.Tests;
using PouchMonitor.Firmware.Device.Tests.Api;

namespace PouchMonitor.Firmware.Device.Tests.Compilation;

/// <summary>Compiles as the device's project does: no standard library, only the assemblies it references.</summary>
internal static class DeviceCompiler
{
    private static readonly Lazy<Compiled> Whole = new(
        () => Compile(DeviceProject.Sources.Select(path => (path, File.ReadAllText(path))), OutputKind.ConsoleApplication, DeviceProject.Features));

    /// <summary>The whole firmware, compiled once.</summary>
    public static Compiled Firmware => ApiLists.All.Length > 0 ? Whole.Value : throw new InvalidOperationException("no lists");

    /// <summary>A few lines of C#, compiled the same way but for what a check needs to be shown.</summary>
    public static Compiled Snippet(string text, string[]? features = null) =>
        Compile([("snippet.cs", text)], OutputKind.DynamicallyLinkedLibrary, features ?? DeviceProject.Features, allowUnsafe: true);

    private static Compiled Compile(
        IEnumerable<(string Path, string Text)> sources, OutputKind kind, string[] features, bool allowUnsafe = false)
    {
        IReadOnlyDictionary<string, byte[]> images = ReferenceAssemblies.All;
        Assert.True(LanguageVersionFacts.TryParse(DeviceProject.LanguageVersion, out LanguageVersion version));
        CSharpParseOptions parse = CSharpParseOptions.Default.WithLanguageVersion(version)
            .WithFeatures(features.Select(feature => KeyValuePair.Create(feature, "true")));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "PouchMonitor.Firmware",
            sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, parse, source.Path)),
            DeviceProject.References.Select(name => MetadataReference.CreateFromImage(images[name])),
            new CSharpCompilationOptions(
                kind,
                optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: allowUnsafe,
                deterministic: true,
                nullableContextOptions: DeviceProject.Nullable == "enable" ? NullableContextOptions.Enable : NullableContextOptions.Disable));
        using MemoryStream image = new();
        Diagnostic[] diagnostics = [.. compilation.Emit(image).Diagnostics];
        return new Compiled(
            compilation,
            image.ToArray(),
            Texts(diagnostics, DiagnosticSeverity.Error),
            Texts(diagnostics, DiagnosticSeverity.Warning));
    }

    private static string[] Texts(Diagnostic[] diagnostics, DiagnosticSeverity severity) =>
        [.. diagnostics.Where(diagnostic => diagnostic.Severity == severity).Select(diagnostic => diagnostic.ToString().Replace(RepositoryRoot.Path, "", StringComparison.Ordinal))];
}

/// <summary>Outcome of a compilation; the image is empty where there are errors.</summary>
internal sealed record Compiled(CSharpCompilation Compilation, byte[] Image, string[] Errors, string[] Warnings);
