using System.Text;
using System.Text.Json;
using PouchMonitor.Firmware.Care;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Host.Board;

namespace PouchMonitor.Firmware.Tests.Care;

/// <summary>Settings change as a whole or not at all, survive a loss of power, and never show a secret.</summary>
public sealed class SettingsTests
{
    private const string Secret = "hunter2-geheim";
    private readonly CareBench bench = new("node = n1\nbrokerHost = h\nwifiPassword = " + Secret + "\nchannel.1.label = c1\n");

    [Fact]
    public void AChange_IsKeptAnsweredAndTakesEffectByOneRestart()
    {
        const string Change = """{"revision":"r-1","statusIntervalSeconds":7,"channel.1.label":"c9"}""";
        bench.Config(Change);
        JsonElement answer = bench.Answer();
        Assert.Equal("config", answer.GetProperty("event").GetString());
        Assert.Equal("r-1", answer.GetProperty("id").GetString());
        Assert.True(answer.GetProperty("accepted").GetBoolean());
        Assert.True(bench.Run(5));
        bench.Boot();
        NodeConfiguration configuration = bench.Settings.Load(out _)!;
        Assert.Equal(7, configuration.StatusIntervalSeconds);
        Assert.Equal("c9", configuration.Channels[0].Label);
        Assert.Equal(Secret, configuration.WifiPassword);

        // Retained, so it comes again with the next connection.
        bench.Config(Change);
        Assert.False(bench.Run(30));
        Assert.DoesNotContain(bench.Events(), happened => happened.TryGetProperty("accepted", out _));
    }

    [Theory]
    [InlineData("""{"revision":"r","statusIntervalSeconds":7,"statusIntervalSecond":7}""", "r", "there is no setting 'statusIntervalSecond'")]
    [InlineData("""{"revision":"r","statusIntervalSeconds":7,"brokerPort":70000}""", "r", "brokerPort is 70000, must be 1 to 65535")]
    [InlineData("""{"revision":"r","statusIntervalSeconds":7,"brokerHost":""}""", "r", "brokerHost is empty")]
    [InlineData("""{"revision":"r","statusIntervalSeconds":7.5}""", "r", "statusIntervalSeconds is '7.5', must be a whole number")]
    [InlineData("""{"revision":"r","statusIntervalSeconds":7,"node":"n2"}""", "r", "node cannot be changed over the network")]
    [InlineData("""{"revision":"r","wifiName":"a\nnode = evil"}""", "r", "the value of wifiName holds a control character")]
    [InlineData("""{"revision":"r","# wifiName":"a"}""", "r", "a setting's name may hold")]
    [InlineData("""{"revision":"r","wifiName":" a"}""", "r", "the value of wifiName begins or ends with a space")]
    [InlineData("""{"statusIntervalSeconds":7}""", "", "revision is missing")]
    [InlineData("""{"revision":"a b","statusIntervalSeconds":7}""", "", "revision is not a name")]
    [InlineData("""{"revision":"r","statusIntervalSeconds":{}}""", "", "the value of 'statusIntervalSeconds' is neither")]
    public void ABadChange_ChangesNothingAndSaysWhy(string json, string id, string expected)
    {
        string before = bench.Settings.Text;
        bench.Config(json);
        JsonElement answer = bench.Answer();
        Assert.Equal(id, answer.GetProperty("id").GetString());
        Assert.False(answer.GetProperty("accepted").GetBoolean());
        Assert.Contains(expected, answer.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.False(bench.Run(30));
        Assert.Equal(before, new SettingsStore(bench.Board.Flash).Text);
    }

    [Fact]
    public void AnArmedChannel_KeepsSettingsFromChanging()
    {
        bench.Care.SetArmed(new AlwaysArmed());
        bench.Config("""{"revision":"r","statusIntervalSeconds":7}""");
        Assert.Contains("a channel is armed", bench.Answer().GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.False(bench.Run(30));
        Assert.Equal("", bench.Settings.Revision);
    }

    [Fact]
    public void AFlashThatRefuses_LeavesTheSettingsAsTheyWere()
    {
        bench.Run(2.5);
        bench.Board.Flash.IsWorn = true;
        bench.Config("""{"revision":"r","statusIntervalSeconds":7}""");
        Assert.Contains("the flash cannot be written", bench.Answer().GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.False(bench.Run(30));
    }

    [Fact]
    public void NoSecret_IsInAnythingThatTheNodeSays()
    {
        bench.Run(3);
        bench.Config($$"""{"revision":"r1","brokerPassword":"{{Secret}}","nonsense":"{{Secret}}"}""");
        bench.Run(3);
        bench.Config($$"""{"revision":"r2","brokerPassword":"{{Secret}}","brokerPort":"x"}""");
        bench.Run(3);
        bench.Config($$"""{"revision":"r3","brokerPassword":"{{Secret}}"}""");
        Assert.True(bench.Run(5));
        Assert.Equal(3, bench.Events().Count(happened => happened.TryGetProperty("accepted", out _)));
        Assert.All(bench.Link.Received, message => Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(message.Payload), StringComparison.Ordinal));
        string shown = SettingsText.Masked(bench.Settings.Text);
        Assert.DoesNotContain(Secret, shown, StringComparison.Ordinal);
        Assert.Contains("brokerPassword = (set)\n", shown, StringComparison.Ordinal);
        Assert.Contains("node = n1\n", shown, StringComparison.Ordinal);
        Assert.Null(ConfigurationText.Read("wifiPassword: " + Secret, out string fault));
        Assert.DoesNotContain(Secret, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void APowerLossAtAnyByte_LeavesTheOldSettingsOrTheNew()
    {
        int old = 0;
        int kept = 0;
        for (long steps = 0; steps < 400; steps++)
        {
            var flash = new EmulatedFlash(new VirtualClock());
            var store = new SettingsStore(flash);
            Assert.True(store.Save("node = a\n", ""));
            flash.StepsUntilPowerLoss = steps;
            try
            {
                store.Save("node = b\n", "r7");
            }
            catch (PowerLossException)
            {
                // What is left is looked at below.
            }

            flash.StepsUntilPowerLoss = null;
            var after = new SettingsStore(flash);
            bool isOld = after.Text == "node = a\n";
            Assert.True(isOld || (after.Text.Contains("node = b\n", StringComparison.Ordinal) && after.Revision == "r7"), after.Text);
            old += isOld ? 1 : 0;
            kept += isOld ? 0 : 1;
        }

        Assert.True(old > 10 && kept > 10, $"{old} and {kept}");
    }

    [Fact]
    public void AHandWrittenFile_IsTakenOverOnceAndABadOneIsTold()
    {
        var flash = new EmulatedFlash(new VirtualClock());
        Put("node = a\nbrokerHost = h\nchannel.1.label = c\n");
        var store = new SettingsStore(flash);
        Assert.Equal("a", store.Load(out string fault)!.Node);
        Assert.Equal("", fault);
        Assert.False(flash.Exists(SettingsStore.HandWrittenName));
        Assert.Equal("a", new SettingsStore(flash).Load(out _)!.Node);
        Put("node = b\nnonsense\n");
        Assert.Equal("a", store.Load(out fault)!.Node);
        Assert.Equal("pouchmonitor.cfg: line 2: 'nonsense' is not name = value", fault);
        Assert.True(flash.Exists(SettingsStore.HandWrittenName));
        Assert.True(store.Clear());
        Assert.Null(new SettingsStore(flash).Load(out fault));
        Assert.Equal("there are no settings", fault);

        void Put(string text) => flash.Write(SettingsStore.HandWrittenName, Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetByteCount(text));
    }

    private sealed class AlwaysArmed : IArmedState
    {
        public bool IsAnyArmed => true;
    }
}
