using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Access;

/// <summary>What is done on the command line is in the audit trail, with a running gateway and without.</summary>
public sealed class CommandLineAuditTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-cli-audit-").FullName;

    private string Database => Path.Combine(folder, "state.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsDone_HasItsLine(bool isGatewayRunning)
    {
        using StateDatabase? gateway = isGatewayRunning ? new StateDatabase(Database) : null;
        Assert.True(CommandLineAudit.Record(folder, () => ("account.add", "ada", "admin")));
        Assert.False(CommandLineAudit.Record(folder, () => null));
        using StateDatabase after = new(Database);
        AuditEntry line = Assert.Single((gateway ?? after).ReadAudit(long.MaxValue, 10));
        Assert.Equal(("command line", "account.add", "ada", "admin"), (line.Person, line.Action, line.Target, line.Detail));
        Assert.InRange(line.AtMicroseconds, 1, (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
    }

    [Fact]
    public void WhereTheTrailCannotBeOpened_NothingIsDone()
    {
        File.WriteAllText(Database, "this is no database, and long enough to be seen as none");
        bool isDone = false;
        IOException error = Assert.Throws<IOException>(() => CommandLineAudit.Record(folder, () =>
        {
            isDone = true;
            return ("account.add", "ada", null);
        }));
        Assert.StartsWith("Nothing was changed", error.Message, StringComparison.Ordinal);
        Assert.False(isDone);
    }
}
