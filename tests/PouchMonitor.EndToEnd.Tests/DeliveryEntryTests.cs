using PouchMonitor.Cli;
using PouchMonitor.Cli.Commands;
using PouchMonitor.Gateway;
using PouchMonitor.Gateway.Delivery;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>The section <c>delivery</c> of the configuration file: secrets come from files and variables, and what is wrong is named.</summary>
public sealed class DeliveryEntryTests
{
    private static readonly GatewayOptions Before = new() { DataDirectory = "data" };

    public static TheoryData<string> Wrong() => [.. Cases.Keys];

    private static Dictionary<string, DeliveryEntry> Cases => new(StringComparer.Ordinal)
    {
        ["delivery.attemptSeconds = 0 is outside 1 to 300"] = new() { AttemptSeconds = 0 },
        ["delivery.caFile: there is no file"] = new() { CaFile = "absent.pem" },
        ["delivery.smtpPasswordFile and smtpPasswordVariable exclude each other"] = new() { SmtpPasswordFile = "a", SmtpPasswordVariable = "b" },
        ["delivery.heartbeatUrlVariable: the environment variable POUCHMONITOR_NO_SUCH"] = new() { HeartbeatUrlVariable = "POUCHMONITOR_NO_SUCH" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatIsWrong_IsNamed(string said) => Assert.Contains(
        said, Assert.Throws<CommandException>(() => Cases[said].AddTo(Before, "gateway.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Secrets_AreReadFromFilesBesideTheConfiguration()
    {
        string folder = Directory.CreateTempSubdirectory("pouchmonitor-entry-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "smtp.password"), "hush\n");
            File.WriteAllText(Path.Combine(folder, "heartbeat"), "https://watch.example/ping/1\n");
            DeliveryEntry entry = new() { SmtpPasswordFile = "smtp.password", HeartbeatUrlFile = "heartbeat", AttemptSeconds = 5 };
            DeliveryOptions read = entry.AddTo(Before, Path.Combine(folder, "gateway.json")).Delivery;
            Assert.Equal(("hush", "https://watch.example/ping/1", TimeSpan.FromSeconds(5)), (read.MailPassword, read.HeartbeatUrl, read.AttemptTimeout));
            Assert.DoesNotContain("hush", read.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
