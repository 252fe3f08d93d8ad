using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Abuse.Report;
using PouchMonitor.Gateway.Abuse;

namespace PouchMonitor.Gateway.Tests.Abuse;

/// <summary>A signed test is judged again from its archive: by its own plan it is what was signed, by another that plan's.</summary>
public sealed class AbuseAgainTests : IDisposable
{
    private const double HotterC = 200;
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-again-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => Path.Combine(folder, "abuse.zip");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task AnArchive_GivesTheFiguresThatWereSigned_AndOthersByAnotherPlan()
    {
        JsonElement signed = await MakeAsync();
        using AbuseArchiveTest archive = AbuseArchiveTest.Open(File, Token);
        Assert.True(AbuseArchiveTest.IsArchive(File));
        AbuseReportInput again = archive.Judge(archive.Record.Plan, null, null, null, 100_000, Token);
        Assert.Equal("Judged again by its own plan: every figure is that of the record.", again.Record.Deviations[0]);
        Assert.Equal(signed.GetProperty("triggeredAt").GetDouble(), again.Record.TriggeredAt);
        Assert.Equal(signed.GetProperty("verdict").GetProperty("title").GetString(), again.Record.Verdict!.Title);
        Assert.Equal(2, again.Images.Count);
        Assert.All(again.Images, image => Assert.Equal(31.25, image.TemperaturesC[63]));
        Assert.Equal("smoke", Encoding.UTF8.GetString(again.AttachmentBytes(Assert.Single(again.Record.Attachments))!));
        Assert.NotEmpty(again.Traces);

        AbusePlan plan = archive.Record.Plan;
        AbusePlan milder = plan with { Name = "milder", Criteria = [.. plan.Criteria.Select(rule => rule with { Limit = HotterC })] };
        AbuseReportInput other = archive.Judge(milder, null, null, null, 0, Token);
        Assert.Equal("Judged again by plan milder, version 1; the test was done by bench-nail, version 1.", other.Record.Deviations[0]);
        Assert.Equal((CriterionState.Met, CriterionState.NotMet), (again.Record.Figures!.Criteria[0].State, other.Record.Figures!.Criteria[0].State));

        double given = archive.Record.TriggeredAt!.Value + 0.5;
        AbuseTrigger trigger = archive.Judge(plan, null, given, null, 0, Token).Record.Figures!.Trigger!;
        Assert.Equal((TriggerSource.Command, given), (trigger.Source, trigger.At));
    }

    [Fact]
    public async Task WhatWasChanged_IsToldOrRefused()
    {
        await MakeAsync();
        string changed = Path.Combine(folder, "changed.zip");
        System.IO.File.Copy(File, changed);
        Replace(changed, AbuseArchive.RecordName, bytes =>
        {
            JsonNode record = JsonNode.Parse(bytes)!;
            record["figures"]!["criteria"]![0]!["state"] = "not-met";
            return Encoding.UTF8.GetBytes(record.ToJsonString());
        });
        using (AbuseArchiveTest archive = AbuseArchiveTest.Open(changed, Token))
        {
            AbuseRecord record = archive.Judge(archive.Record.Plan, null, null, null, 0, Token).Record;
            Assert.StartsWith("Judged again by its own plan, these are not as in the record:", record.Deviations[0], StringComparison.Ordinal);
            Assert.EndsWith("criterion hot.", record.Deviations[0], StringComparison.Ordinal);
        }

        Replace(changed, AbuseArchive.TestName, bytes => bytes[..(bytes.Length / 2)]);
        Assert.Contains("is no zip, or is cut off or damaged", Assert.Throws<InvalidDataException>(() => AbuseArchiveTest.Open(changed, Token)).Message, StringComparison.Ordinal);
        Replace(changed, AbuseArchive.RecordName, _ => "{}"u8.ToArray());
        Assert.Contains("record.json cannot be read", Assert.Throws<InvalidDataException>(() => AbuseArchiveTest.Open(changed, Token)).Message, StringComparison.Ordinal);
        Assert.False(AbuseArchiveTest.IsArchive(Path.Combine(folder, "none.zip")));
    }

    [Theory]
    [InlineData("no table\n1", "line 1: is no table of images")]
    [InlineData("{header}\n1,2,3\n", "line 2: is not a time and 64 temperatures")]
    [InlineData("{header}\nnan", "line 2: is not a time and 64 temperatures")]
    [InlineData("{header}\n{long}", "line 2: has more than 4096 characters")]
    public void ATableOfImages_ThatIsNone_IsRefusedByItsLine(string text, string expected)
    {
        using MemoryStream whole = new();
        string path = Path.Combine(folder, "images.csv.gz");
        AbuseImageTable.Write(path, []);
        using (GZipStream plain = new(System.IO.File.OpenRead(path), CompressionMode.Decompress))
        {
            plain.CopyTo(whole);
        }

        text = text.Replace("{header}\n", Encoding.UTF8.GetString(whole.ToArray()), StringComparison.Ordinal).Replace("{long}", new string('1', 5000), StringComparison.Ordinal);
        using MemoryStream packed = new();
        using (GZipStream into = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            into.Write(Encoding.UTF8.GetBytes(text));
        }

        packed.Position = 0;
        Assert.Contains($"images, {expected}", Assert.Throws<InvalidDataException>(() => AbuseImageTable.Read(packed, "images")).Message, StringComparison.Ordinal);
    }

    /// <summary>A signed test with a hot event, two images and an attachment, and its archive.</summary>
    private async Task<JsonElement> MakeAsync()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync();
        string id = await bench.ArmAsync();
        double at = (bench.Gateway.Services.NowMicroseconds() / 1e6) + 0.5;
        bench.Node.Cell = t => t < at ? (4.1, 25) : (0.05, 25 + Math.Min(100, (t - at) * 100));
        await bench.Node.SendImageAsync(31.25);
        await bench.Until(id, one => AbuseBench.State(one) == "observing" && one.GetProperty("figures").GetProperty("criteria")[0].GetProperty("state").GetString() == "met");
        await bench.Node.SendImageAsync(31.25);
        await bench.Until($"/api/v1/abuse/{id}/images", images => images.GetArrayLength() == 2);
        using (ByteArrayContent smoke = new("smoke"u8.ToArray()))
        {
            smoke.Headers.ContentType = new("text/plain");
            using HttpResponseMessage taken = await bench.Http.PostAsync($"/api/v1/abuse/{id}/attachments?by=ada&name=seen.txt", smoke, Token);
            taken.EnsureSuccessStatusCode();
        }

        await bench.Act($"/{id}/end", new { note = "seen enough" });
        JsonElement signed = await bench.Act($"/{id}/sign", new { meaning = "tested" });

        // The recorded test is judged at its own pace; its archive is made up to there.
        double ended = signed.GetProperty("endedAt").GetDouble();
        await System.IO.File.WriteAllBytesAsync(File, await ArchiveAsync(bench, id, ended), Token);
        return signed;
    }

    // Until it holds all samples of the abuse test.
    private static async Task<byte[]> ArchiveAsync(AbuseBench bench, string id, double ended)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            using HttpResponseMessage answer = await bench.Http.GetAsync($"/api/v1/abuse/{id}/archive", limit.Token);
            if (answer.IsSuccessStatusCode)
            {
                byte[] bytes = await answer.Content.ReadAsByteArrayAsync(limit.Token);
                using ZipArchive zip = new(new MemoryStream(bytes), ZipArchiveMode.Read);
                using ZipArchive raw = new(zip.GetEntry(AbuseArchive.TestName)!.Open(), ZipArchiveMode.Read);
                using JsonDocument test = await JsonDocument.ParseAsync(raw.GetEntry("test.json")!.Open(), cancellationToken: limit.Token);
                if (test.RootElement.GetProperty("record").GetProperty("lastMicroseconds").GetInt64() / 1e6 >= ended)
                {
                    return bytes;
                }
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static void Replace(string path, string name, Func<byte[], byte[]> by)
    {
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Update);
        ZipArchiveEntry entry = zip.GetEntry(name)!;
        byte[] before;
        using (Stream stream = entry.Open())
        {
            using MemoryStream whole = new();
            stream.CopyTo(whole);
            before = whole.ToArray();
        }

        entry.Delete();
        using Stream changed = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        changed.Write(by(before));
    }
}
