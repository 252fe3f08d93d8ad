using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>Accounts and tokens where the audit trail, or the list of them, cannot be written.</summary>
public sealed class UnwritableTrailTests(ClosedGateway bench) : IClassFixture<ClosedGateway>
{
    [Theory]
    [InlineData("POST", "/api/v1/accounts", """{"user":"nina","password":"correct horse battery"}""")]
    [InlineData("PUT", "/api/v1/accounts/vera", """{"role":"operator"}""")]
    [InlineData("PUT", "/api/v1/accounts/vera", """{"password":"another horse battery"}""")]
    [InlineData("DELETE", "/api/v1/accounts/vera", null)]
    [InlineData("POST", "/api/v1/tokens", """{"name":"rig","scopes":["read"]}""")]
    [InlineData("DELETE", "/api/v1/tokens/ID", null)]
    [InlineData("PUT", "/api/v1/session/password", """{"currentPassword":"correct horse battery","newPassword":"another horse battery"}""")]
    public async Task WithoutItsLine_NothingIsChanged(string method, string path, string? json)
    {
        path = path.Replace("ID", bench.Access.Tokens[0].Id, StringComparison.Ordinal);
        string list = Path.Combine(bench.Folder, "access.json");
        Assert.Equal(200, await bench.StatusAsync(HttpMethod.Get, "/api/v1/accounts", ClosedGateway.As(ClosedGateway.Admin)));
        byte[] before = await File.ReadAllBytesAsync(list, TestContext.Current.CancellationToken);
        Execute("CREATE TRIGGER refuse BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END;");
        try
        {
            using HttpResponseMessage answer = await bench.SendAsync(new HttpMethod(method), path, ClosedGateway.As(ClosedGateway.Admin), json);
            string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Equal(503, (int)answer.StatusCode);
            Assert.Contains("nothing was changed", text, StringComparison.Ordinal);
        }
        finally
        {
            Execute("DROP TRIGGER refuse;");
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(list, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AChangeThatFailsAfterItsLine_HasASecondLineThatSaysSo()
    {
        // A folder in the place of the new list: it cannot be written, whoever runs the test.
        string inTheWay = Path.Combine(bench.Folder, "access.json.new");
        Directory.CreateDirectory(inTheWay);
        try
        {
            Assert.Equal(503, await bench.StatusAsync(HttpMethod.Post, "/api/v1/tokens", ClosedGateway.As(ClosedGateway.Admin),
                """{"name":"late","scopes":["read"]}"""));
        }
        finally
        {
            Directory.Delete(inTheWay);
        }

        AuditEntry[] lines = [.. bench.Gateway.Services.Database.ReadAudit(long.MaxValue, 50).Where(line => line.Target == "late")];
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("was not done: ", lines[0].Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Access.Tokens, token => token.Name == "late");
    }

    private void Execute(string sql)
    {
        using SqliteConnection other = new($"Data Source={Path.Combine(bench.Folder, "state.db")};Pooling=False");
        other.Open();
        using SqliteCommand command = other.CreateCommand();
#pragma warning disable CA2100 // Texts of this test.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
