using System.Text.RegularExpressions;
using PouchMonitor.Architecture.Tests;

namespace PouchMonitor.Hardware.Tests.Documents;

/// <summary>
/// The tables of hardware/UNCERTAINTY.md are what the code gives. POUCHMONITOR_HARDWARE_UPDATE=1 writes them anew, between
/// the marks <c>&lt;!-- table: NAME --&gt;</c> and <c>&lt;!-- end --&gt;</c>.
/// </summary>
public sealed partial class UncertaintyDocumentTests
{
    private static readonly string Document = Path.Combine(RepositoryRoot.Path, "hardware", "UNCERTAINTY.md");

    [Fact]
    public void Tables_AreThoseOfTheCode()
    {
        string text = File.ReadAllText(Document).ReplaceLineEndings("\n");
        string expected = Block().Replace(text, match => $"{match.Groups["mark"].Value}\n{UncertaintyBlocks.All[match.Groups["name"].Value]()}<!-- end -->");
        if (Environment.GetEnvironmentVariable("POUCHMONITOR_HARDWARE_UPDATE") == "1")
        {
            File.WriteAllText(Document, expected);
            return;
        }

        Assert.True(text == expected, "hardware/UNCERTAINTY.md is not what the code gives; POUCHMONITOR_HARDWARE_UPDATE=1 and this test write it.\n" + FirstDifference(text, expected));
    }

    [Fact]
    public void EveryTable_IsInTheDocumentOnce()
    {
        string text = File.ReadAllText(Document);
        string[] found = [.. Block().Matches(text).Select(match => match.Groups["name"].Value)];
        Assert.Equal(UncertaintyBlocks.All.Keys.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private static string FirstDifference(string found, string expected)
    {
        foreach ((string left, string right) in found.Split('\n').Zip(expected.Split('\n')))
        {
            if (left != right)
            {
                return $"document: {left}\ncode:     {right}";
            }
        }

        return "one is longer than the other";
    }

    [GeneratedRegex("(?<mark><!-- table: (?<name>[a-z0-9-]+) -->)\n.*?<!-- end -->", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Block();
}
