using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using PouchMonitor.Architecture.Tests;

namespace PouchMonitor.Hardware.Tests.Documents;

/// <summary>What is printed for the bench is what the firmware drives, and no page points at nothing.</summary>
public sealed partial class WiringDocumentTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "hardware");
    private static readonly string Device = Path.Combine(RepositoryRoot.Path, "firmware", "PouchMonitor.Firmware", "Device");

    [Theory]
    [InlineData("RelayPins", "relay")]
    [InlineData("ComparatorPins", "comparator")]
    [InlineData("LatchPins", "latch")]
    public void PinsOfTheChannels_AreThoseOfTheFirmware(string name, string line)
    {
        int[] pins = Array(name);
        string four = File.ReadAllText(Path.Combine(Folder, "FOUR-CHANNEL.md"));
        string row = Assert.Single(four.Split('\n'), text => text.StartsWith($"| {line} |", StringComparison.Ordinal));
        Assert.Equal(pins, Gpio().Matches(row).Select(match => int.Parse(match.Groups["pin"].Value, CultureInfo.InvariantCulture)));
        Assert.Contains($"| GPIO {pins[0]} | {line} 1 |", File.ReadAllText(Path.Combine(Folder, "ONE-CHANNEL.md")));
    }

    [Theory]
    [InlineData("Esp32Pins.cs", "ButtonPin", "button", true)]
    [InlineData("Esp32Pins.cs", "TriggerPin", "trigger input", true)]
    [InlineData("Esp32Pins.cs", "WatchdogPin", "watchdog kick", true)]
    [InlineData("Esp32Pins.cs", "LampPin", "lamp", true)]
    [InlineData("Esp32Pins.cs", "MultiplexerResetPin", "RESET of U17", false)]
    [InlineData("Esp32Board.cs", "DataPin", "I2C data", true)]
    [InlineData("Esp32Board.cs", "ClockPin", "I2C clock", true)]
    public void PinsOfTheNode_AreThoseOfTheFirmware(string file, string name, string line, bool isOnOneChannel)
    {
        int pin = int.Parse(
            Regex.Match(File.ReadAllText(Path.Combine(Device, file)), $"int {name} = (?<pin>[0-9]+);", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
                .Groups["pin"].Value,
            CultureInfo.InvariantCulture);
        string document = File.ReadAllText(Path.Combine(Folder, isOnOneChannel ? "ONE-CHANNEL.md" : "FOUR-CHANNEL.md"));
        Assert.Contains($"| GPIO {pin} | {line}", document);
    }

    [Fact]
    public void Links_LeadSomewhere()
    {
        foreach (string page in Directory.EnumerateFiles(Folder, "*.md", SearchOption.AllDirectories))
        {
            foreach (Match link in Link().Matches(File.ReadAllText(page)))
            {
                string target = Path.Combine(Path.GetDirectoryName(page)!, link.Groups["target"].Value);
                Assert.True(File.Exists(target) || Directory.Exists(target), $"{Path.GetFileName(page)} links {link.Groups["target"].Value}");
            }
        }
    }

    [Fact]
    public void EveryDrawing_IsWellFormedAndShown()
    {
        string pages = string.Concat(Directory.EnumerateFiles(Folder, "*.md").Select(File.ReadAllText));
        string[] drawings = Directory.GetFiles(Path.Combine(Folder, "drawings"), "*.svg");
        Assert.NotEmpty(drawings);
        Assert.All(drawings, file =>
        {
            XElement root = XDocument.Load(file).Root!;
            Assert.Equal("svg", root.Name.LocalName);
            Assert.NotEmpty(root.Element(root.Name.Namespace + "title")!.Value);
            Assert.Contains(Path.GetFileName(file), pages);
        });
    }

    /// <summary>Parts that the drawings name are parts that can be bought.</summary>
    [Fact]
    public void EveryPartInTheDrawings_IsInTheBill()
    {
        HashSet<string> bought = [.. File.ReadLines(Path.Combine(Folder, "bom.csv")).Skip(1).SelectMany(line => line[..line.IndexOf(',', StringComparison.Ordinal)].Split(' '))];
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Folder, "drawings"), "*.svg"))
        {
            foreach (Match part in Part().Matches(string.Join(' ', XDocument.Load(file).Descendants().Where(each => !each.HasElements && each.Name.LocalName == "text").Select(each => each.Value))))
            {
                Assert.True(bought.Contains(part.Value), $"{Path.GetFileName(file)} shows {part.Value}, which bom.csv has not.");
            }
        }
    }

    private static int[] Array(string name)
    {
        string text = File.ReadAllText(Path.Combine(Device, "Esp32Pins.cs"));
        Match match = Regex.Match(text, $@"{name} = \{{ (?<pins>[0-9, ]+) \}}", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
        Assert.True(match.Success, name);
        return [.. match.Groups["pins"].Value.Split(',').Select(pin => int.Parse(pin, CultureInfo.InvariantCulture))];
    }

    [GeneratedRegex("GPIO (?<pin>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Gpio();

    [GeneratedRegex(@"\]\((?<target>[^)#:]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<![-\w])(?:DZ|RS|RT|RV|PS|JP|[UKFQCRDMSH])[0-9]{1,2}(?![0-9A-Za-z.+])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Part();
}
