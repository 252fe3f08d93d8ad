using PouchMonitor.Cli;
using PouchMonitor.Cli.Commands;
using PouchMonitor.Gateway.Influx;

namespace PouchMonitor.EndToEnd.Tests.Influx;

/// <summary>The section <c>influx</c> of the configuration file: what is wrong is named, and no secret travels in the clear unasked.</summary>
public sealed class InfluxEntryTests
{
    private static readonly InfluxEntry Good = new() { Url = "http://127.0.0.1:8086", Kind = "influxdb1", Database = "cells" };

    public static TheoryData<string> Wrong() => [.. Cases.Keys];

    private static Dictionary<string, InfluxEntry> Cases => new(StringComparer.Ordinal)
    {
        ["influx.url is not an http"] = Good with { Url = "ftp://x" },
        ["influx.url holds credentials"] = Good with { Url = "http://ada:secret@127.0.0.1:8086" },
        ["influx.url: http to influx.lab would send the secret unencrypted"] = Good with { Url = "http://influx.lab:8086", TokenFile = "token" },
        ["influx.kind 'influxdb4' is none of"] = Good with { Kind = "influxdb4" },
        ["influx.kind influxdb1 needs database"] = Good with { Database = null },
        ["influx.kind influxdb2 needs bucket"] = Good with { Kind = "influxdb2", Database = null, Org = "lab" },
        ["influx.kind influxdb2 needs org"] = Good with { Kind = "influxdb2" },
        ["influx.org is of kind influxdb2 only"] = Good with { Org = "lab" },
        ["influx.bucket and database"] = Good with { Bucket = "cells" },
        ["influx.tokenFile and tokenVariable"] = Good with { TokenFile = "a", TokenVariable = "b" },
        ["influx.tokenVariable: the environment variable POUCHMONITOR_NO_SUCH"] = Good with { TokenVariable = "POUCHMONITOR_NO_SUCH" },
        ["influx.a token and user exclude"] = Good with { TokenFile = "a", User = "ada", PasswordFile = "b" },
        ["influx.user and passwordFile go together"] = Good with { User = "ada" },
        ["influx.batchLines = 0 is outside 1 to 100000"] = Good with { BatchLines = 0 },
        ["influx.alarmAfterSeconds = 604801 is outside 1 to 604800"] = Good with { AlarmAfterSeconds = 604_801 },
        ["influx.tags: 'cell'"] = Good with { Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["cell"] = "x" } },
        ["influx.tags: 'site'"] = Good with { Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["site"] = "a b" } },
        ["influx.client 'influxdb.client' is for kind influxdb2 only"] = Good with { Client = "influxdb.client" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatIsWrong_IsNamed(string said)
    {
        CommandException error = Assert.Throws<CommandException>(() => Cases[said].Read("gateway.json"));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret@", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASecret_IsReadFromItsFile_BesideTheConfiguration()
    {
        string folder = Directory.CreateTempSubdirectory("pouchmonitor-entry-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "token"), "t0ken\n");
            InfluxEntry entry = Good with
            {
                Kind = "influxdb2",
                Url = "https://influx.lab",
                Org = "lab",
                TokenFile = "token",
                BatchLines = 100_000,
                Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["site"] = "A-1" },
            };
            InfluxOptions options = entry.Read(Path.Combine(folder, "gateway.json"));
            Assert.Equal(("t0ken", "lab", "cells", InfluxKind.InfluxDb2), (options.Token, options.Organization, options.Database, options.Kind));
            Assert.Equal([("site", "A-1")], options.Tags);
            Assert.Equal("t0ken", (entry with { Url = "http://influx.lab", AllowPlain = true }).Read(Path.Combine(folder, "gateway.json")).Token);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
