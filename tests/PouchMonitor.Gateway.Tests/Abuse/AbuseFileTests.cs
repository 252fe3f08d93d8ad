using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Abuse;
using PouchMonitor.Gateway.Backup;

namespace PouchMonitor.Gateway.Tests.Abuse;

/// <summary>Attachments within their bounds and types, their way into a backup, and what is signed against a hand in the database.</summary>
public sealed class AbuseFileTests
{
    private static readonly byte[] Picture = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnAttachment_ComesBackAsItWas_AndIsInABackup()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.PrepareAsync();
        JsonElement record = JsonDocument.Parse((await Attach(bench, id, "../nail in.png", "image/png", Picture)).Text).RootElement;
        JsonElement kept = Assert.Single(record.GetProperty("attachments").EnumerateArray().ToList());
        Assert.Equal((".._nail in.png", Picture.Length, Convert.ToHexStringLower(SHA256.HashData(Picture))),
            (kept.GetProperty("name").GetString(), kept.GetProperty("sizeBytes").GetInt32(), kept.GetProperty("sha256").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await Attach(bench, id, "log.txt", "text/plain", "<script>"u8.ToArray())).Status);
        using HttpResponseMessage shown = await bench.Http.GetAsync($"/api/v1/abuse/{id}/attachments/1", Token);
        Assert.Equal(Picture, await shown.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal(("image/png", "inline", "nosniff"), (shown.Content.Headers.ContentType!.MediaType, shown.Content.Headers.ContentDisposition!.DispositionType, shown.Headers.GetValues("X-Content-Type-Options").Single()));
        using HttpResponseMessage text = await bench.Http.GetAsync($"/api/v1/abuse/{id}/attachments/2", Token);
        Assert.Equal("attachment", text.Content.Headers.ContentDisposition!.DispositionType);
        string backup = Directory.CreateTempSubdirectory("pouchmonitor-abuse-backup-").FullName;
        try
        {
            BackupManifest manifest = DataBackup.Make(bench.Folder, Path.Combine(backup, "b"), config: null, verify: false, Token);
            Assert.Contains(manifest.Files, file => file.Path == $"abuse/{id}/1" && file.Bytes == Picture.Length);
        }
        finally
        {
            Directory.Delete(backup, recursive: true);
        }
    }

    [Theory]
    [InlineData("image/svg+xml", "<svg/>", 400, "is not taken")]
    [InlineData("text/html", "<p>", 400, "is not taken")]
    [InlineData("image/png", "no picture", 400, "does not begin as image/png does")]
    [InlineData("video/mp4", "no video", 400, "does not begin as video/mp4 does")]
    [InlineData("text/plain", "", 400, "is empty")]
    public async Task WhatIsNoPictureVideoOrText_IsRefused(string type, string content, int status, string reason)
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.PrepareAsync();
        (HttpStatusCode got, string text) = await Attach(bench, id, "x", type, System.Text.Encoding.UTF8.GetBytes(content));
        Assert.Equal(status, (int)got);
        Assert.Contains(reason, text, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(bench.Folder, "abuse"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task TooLarge_AndTooMany_AreRefused()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.PrepareAsync();
        byte[] large = new byte[AbuseFiles.MostBytes];
        large.AsSpan().Fill((byte)'a');
        Assert.Equal(HttpStatusCode.OK, (await Attach(bench, id, "a", "text/plain", large)).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await Announce(bench, id, AbuseFiles.MostBytes + 1));
        for (int i = 1; i < AbuseFiles.MostFiles; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await Attach(bench, id, $"n{i}", "text/plain", "a"u8.ToArray())).Status);
        }

        (HttpStatusCode status, string text) = await Attach(bench, id, "one more", "text/plain", "a"u8.ToArray());
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains($"{AbuseFiles.MostFiles} are the most", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHandInTheDatabase_CannotChangeWhatIsSigned_OrIsFound()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync();
        await bench.Act($"/{id}/trigger", new { });
        await bench.Act($"/{id}/end", new { });
        await bench.Act($"/{id}/sign", new { meaning = "tested" });
        string path = Path.Combine(bench.Folder, "state.db");
        Assert.Contains("takes no change", Assert.Throws<SqliteException>(() => Change(path, "UPDATE abuse_session SET body = replace(body, 'abuse-cell', 'other-cell')")).Message, StringComparison.Ordinal);
        Assert.Contains("never removed", Assert.Throws<SqliteException>(() => Change(path, "DELETE FROM abuse_session")).Message, StringComparison.Ordinal);

        // Somebody who takes the guard away too.
        Change(path, "DROP TRIGGER abuse_session_is_signed; UPDATE abuse_session SET body = replace(body, 'abuse-cell', 'other-cell')");
        JsonElement record = await bench.GetAsync(id);
        Assert.False(record.GetProperty("signatures")[0].GetProperty("isIntact").GetBoolean());
        Assert.Contains("no longer what was signed", await bench.Refused($"/{id}/sign", new { meaning = "reviewed", by = "bob" }), StringComparison.Ordinal);
    }

    private static void Change(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those above.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    // Only the head is sent: the answer comes before the body would.
    private static async Task<HttpStatusCode> Announce(AbuseBench bench, string id, int bytes)
    {
        using System.Net.Sockets.TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, bench.Http.BaseAddress!.Port, Token);
        await using System.Net.Sockets.NetworkStream stream = client.GetStream();
        string head = $"POST /api/v1/abuse/{id}/attachments?by=ada&name=b HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: {bytes}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(head), Token);
        using StreamReader reader = new(stream);
        string status = (await reader.ReadLineAsync(Token))!;
        return (HttpStatusCode)int.Parse(status.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<(HttpStatusCode Status, string Text)> Attach(AbuseBench bench, string id, string name, string type, byte[] content)
    {
        using ByteArrayContent body = new(content);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using HttpResponseMessage answer = await bench.Http.PostAsync($"/api/v1/abuse/{id}/attachments?by=ada&name={Uri.EscapeDataString(name)}", body, Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }
}
