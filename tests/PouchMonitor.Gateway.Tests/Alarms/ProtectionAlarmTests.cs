using System.Text;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Nodes;

namespace PouchMonitor.Gateway.Tests.Alarms;

/// <summary>A relay that a node opened by itself is an alarm of its cell until the node says that it was reset.</summary>
public class ProtectionAlarmTests
{
    private const string Tripped = """{"state":"tripped","kind":"cycling","cause":"over-voltage","value":4500000,"limit":4350000,"unit":"uV","sample":7,"trippedUptimeMs":900}""";

    private readonly NodeDirectory nodes = new(new Dictionary<string, string>(StringComparer.Ordinal));
    private readonly AlarmBook alarms = new([], _ => { });
    private long now = 1_790_000_000_000_000;

    [Fact]
    public void Trip_IsACriticalAlarmOfTheCell_WithCauseValueAndLimit()
    {
        Say($$"""{"1":{{Tripped}},"2":{"state":"armed","kind":"nail"} }""");
        Alarm alarm = Assert.Single(alarms.List());
        Assert.Equal(("c1", "protection", true), (alarm.Cell, alarm.Rule, alarm.IsActive));
        Assert.Equal(("over-voltage", 4.5, 4.35, "V"), (alarm.Finding.Measure, alarm.Finding.Observed, alarm.Finding.Limit, alarm.Finding.Unit));
        Assert.Equal(
            "Node n1 has opened the relay of channel 1 by itself: over-voltage, 4.5 V against a limit of 4.35 V, armed for cycling. It stays open until a person resets it.",
            alarm.Finding.Message);
    }

    [Fact]
    public void Alarm_KeepsItsOnset_OutlivesAnOfflineNodeAndEndsWithTheReset()
    {
        Say($$"""{"1":{{Tripped}} }""");
        long onset = Assert.Single(alarms.List()).Finding.OnsetMicroseconds;
        now += 60_000_000;
        Say($$"""{"1":{{Tripped}} }""");
        Assert.Null(nodes.Take("n1", Encoding.UTF8.GetBytes("""{"state":"offline"}"""), now));
        ProtectionAlarms.Look(alarms, nodes, now);
        Alarm alarm = Assert.Single(alarms.List());
        Assert.True(alarm.IsActive);
        Assert.Equal(onset, alarm.Finding.OnsetMicroseconds);
        Say("""{"1":{"state":"disarmed","kind":"cycling"}}""");
        Assert.False(Assert.Single(alarms.List()).IsActive);
    }

    // JSON writes numbers that no double holds; read as infinity, nothing could write them again.
    [Theory]
    [InlineData("1e999", "4350000")]
    [InlineData("4500000", "-1e999")]
    [InlineData("null", "4350000")]
    public void Trip_WithAFigureThatIsNone_IsToldWithoutFigures(string value, string limit)
    {
        Say($$"""{"1":{"state":"tripped","kind":"cycling","cause":"over-voltage","value":{{value}},"limit":{{limit}},"unit":"uV"} }""");
        Alarm alarm = Assert.Single(alarms.List());
        Assert.True(alarm.IsActive);
        Assert.Equal(("over-voltage", 0.0, 0.0, ""), (alarm.Finding.Measure, alarm.Finding.Observed, alarm.Finding.Limit, alarm.Finding.Unit));
        Assert.Equal("Node n1 has opened the relay of channel 1 by itself: over-voltage, armed for cycling. It stays open until a person resets it.", alarm.Finding.Message);
        Assert.NotEmpty(System.Text.Json.JsonSerializer.Serialize(alarm));
    }

    [Fact]
    public void NodeThatDoesNotTell_RaisesAndEndsNothing()
    {
        Assert.Null(nodes.Take("n1", Encoding.UTF8.GetBytes("""{"state":"online","channels":{"1":"c1"}}"""), now));
        ProtectionAlarms.Look(alarms, nodes, now);
        Assert.Empty(alarms.List());
    }

    [Theory]
    [InlineData("3", "protection is of type Number, not Object")]
    [InlineData("""{"1":"tripped"}""", "protection of channel '1' is of type String, not Object")]
    public void WrongTypes_AreRefusedNotPassedOver(string protection, string expected) =>
        Assert.Contains(expected, nodes.Take("n1", Status(protection), now), StringComparison.Ordinal);

    private void Say(string protection)
    {
        Assert.Null(nodes.Take("n1", Status(protection), now));
        ProtectionAlarms.Look(alarms, nodes, now);
    }

    private static byte[] Status(string protection) =>
        Encoding.UTF8.GetBytes($$"""{"state":"online","boot":"00000000000000aa","channels":{"1":"c1","2":"c2"},"protection":{{protection}} }""");
}
