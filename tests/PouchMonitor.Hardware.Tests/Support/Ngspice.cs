using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using PouchMonitor.Architecture.Tests;

namespace PouchMonitor.Hardware.Tests.Support;

/// <summary>Runs a netlist of hardware/simulation with some of its parameters changed.</summary>
internal static partial class Ngspice
{
    private const string DataFile = "out.data";
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Folder of the netlists.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "hardware", "simulation");

    /// <summary>Values that the netlist prints and the curves that it writes.</summary>
    /// <param name="netlist">File name without its ending.</param>
    /// <param name="parameters">New values of <c>.param</c> lines, in SI units; each must be in the netlist.</param>
    public static SpiceResult Run(string netlist, params (string Name, double Value)[] parameters)
    {
        SkipUnlessInstalled();
        string text = File.ReadAllText(Path.Combine(Folder, netlist + ".cir"));
        foreach ((string name, double value) in parameters)
        {
            text = WithParameter(text, name, value);
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("pouch-ngspice-");
        try
        {
            string file = Path.Combine(folder.FullName, netlist + ".cir");
            File.WriteAllText(file, text);
            string output = Execute(file, folder.FullName);
            string data = Path.Combine(folder.FullName, DataFile);
            return new SpiceResult(ReadValues(output), File.Exists(data) ? Waveforms.Read(data) : null);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Skips the test where there is no ngspice.</summary>
    public static void SkipUnlessInstalled() => Assert.SkipWhen(
        !Array.Exists(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
            folder => File.Exists(Path.Combine(folder, "ngspice"))),
        "ngspice is not installed (Debian package ngspice).");

    private static string WithParameter(string text, string name, double value)
    {
        var line = new Regex($"^\\.param {Regex.Escape(name)}=.*$", RegexOptions.Multiline, TimeSpan.FromSeconds(5));
        Assert.True(line.Count(text) == 1, $"The netlist has no parameter {name}.");
        return line.Replace(text, string.Create(CultureInfo.InvariantCulture, $".param {name}={value:R}"));
    }

    private static string Execute(string file, string folder)
    {
        var start = new ProcessStartInfo("ngspice", ["-b", "-n", file])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill();
            Assert.Fail($"ngspice did not end within {Longest.TotalMinutes:0} minutes: {Path.GetFileName(file)}");
        }

        string text = output.GetAwaiter().GetResult();
        string said = errors.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0 && !said.Contains("error", StringComparison.OrdinalIgnoreCase), $"{Path.GetFileName(file)}: {said}\n{text}");
        return text;
    }

    private static Dictionary<string, double> ReadValues(string output)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (Match match in ValueLine().Matches(output))
        {
            values[match.Groups["name"].Value] = double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture);
        }

        return values;
    }

    [GeneratedRegex(@"^(?<name>\w+)\s+=\s+(?<value>[-+0-9.eE]+)\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex ValueLine();
}

/// <summary>What a run gave.</summary>
internal sealed record SpiceResult(IReadOnlyDictionary<string, double> Values, Waveforms? Curves)
{
    /// <summary>A printed value, SI unit.</summary>
    public double this[string name] => Values.TryGetValue(name, out double value)
        ? value
        : throw new InvalidOperationException($"The netlist prints no {name}; it prints {string.Join(", ", Values.Keys)}.");

    /// <summary>The curves; fails where the netlist writes none.</summary>
    public Waveforms Waveforms => Curves ?? throw new InvalidOperationException("The netlist wrote no curves.");
}
