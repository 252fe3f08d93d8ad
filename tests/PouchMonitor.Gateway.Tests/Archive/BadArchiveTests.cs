using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Archive;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Archive;

/// <summary>Archives come from elsewhere: whatever is wrong with one is told in one line, and nothing of it is stored.</summary>
public sealed class BadArchiveTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-bad-").FullName;
    private readonly Dictionary<string, byte[]> files = new(StringComparer.Ordinal)
    {
        ["test.json"] = JsonSerializer.SerializeToUtf8Bytes(Test(), ArchiveFiles.Json),
        ["frames.bin"] = [],
        ["alarms.json"] = Encoding.UTF8.GetBytes("""{"alarms": [], "history": []}"""),
    };

    [Fact]
    public async Task AWholeArchive_IsTaken()
    {
        ImportResult result = await Import(Written());
        Assert.Equal(("c@1", 0L, false), (result.Test, result.NewFrames, result.KnownFrames > 0));
    }

    [Fact]
    public async Task AFileThatIsNotInTheList_OrPointsElsewhere_IsRefused()
    {
        foreach (string name in (string[])["../../etc/cron.d/job", "/etc/passwd", "other.json"])
        {
            string path = Written(extra: zip => Add(zip, name, [1, 2, 3]));
            Assert.Contains(name, await Refused(path), StringComparison.Ordinal);
        }

        files["../outside"] = [1];
        string listed = Written();
        await Import(listed);
        Assert.False(File.Exists(Path.Combine(folder, "outside")));
    }

    [Theory]
    [InlineData("test.json")]
    [InlineData("frames.bin")]
    [InlineData("alarms.json")]
    public async Task AMissingFile_IsNamed(string name)
    {
        files.Remove(name);
        Assert.Contains($"{name} is missing", await Refused(Written()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWrongCheckSum_OrSize_IsNamed()
    {
        string path = Written(sum: (name, hash) => name == "alarms.json" ? new string('0', 64) : hash);
        Assert.Contains("alarms.json is damaged", await Refused(path), StringComparison.Ordinal);
        path = Written(size: (name, size) => name == "alarms.json" ? size + 1 : size);
        Assert.Contains("its list says", await Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryCut_AndEveryFlippedByte_IsToldInWords()
    {
        int seed = Environment.TickCount & 0xFFFF;
        var random = new Random(seed);
        byte[] whole = await File.ReadAllBytesAsync(Written(), TestContext.Current.CancellationToken);
        string path = Path.Combine(folder, "changed.zip");
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = round % 2 == 0 ? whole[..random.Next(0, whole.Length)] : [.. whole];
            if (round % 2 == 1)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
            try
            {
                using TestArchiveReader archive = TestArchiveReader.Open(path);
                archive.Verify(TestContext.Current.CancellationToken);
                ArchiveJudgement.Report(archive, "x", null, isDetailed: false, TestContext.Current.CancellationToken);
            }
            catch (Exception told) when (told is InvalidDataException or IOException)
            {
                Assert.True(told.Message.Contains(path, StringComparison.Ordinal), $"seed {seed}, round {round}: {told}");
            }
            catch (Exception other) when (other is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, round {round}, {bytes.Length} of {whole.Length} bytes: {other}");
            }
        }
    }

    [Fact]
    public async Task ABomb_IsRefusedBeforeItIsUnpacked()
    {
        files["frames.bin"] = new byte[80 * 1024 * 1024];
        Assert.Contains("unpacks from", await Refused(Written()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..", "1", "c")]
    [InlineData("n", "a/b", "c")]
    [InlineData("n", "1", "_gateway")]
    public async Task NamesThatCannotBe_AreRefused(string node, string channel, string cell)
    {
        ArchivedTest test = Test();
        files["test.json"] = JsonSerializer.SerializeToUtf8Bytes(
            test with { Record = test.Record with { Node = node, Channel = channel, Cell = cell } }, ArchiveFiles.Json);
        Assert.Contains("are needed", await Refused(Written()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"record\": null}")]
    [InlineData("[")]
    public async Task ATestThatCannotBeRead_IsNamed(string json)
    {
        files["test.json"] = Encoding.UTF8.GetBytes(json);
        Assert.Contains("test.json", await Refused(Written()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABrokenFrame_IsNamed_AndNothingIsImported()
    {
        files["test.json"] = JsonSerializer.SerializeToUtf8Bytes(Test() with { FrameCount = 1 }, ArchiveFiles.Json);
        files["frames.bin"] = [3, 0, 0, 0, .. new byte[8], 1, 2, 3];
        Assert.Contains("frame 0", await Refused(Written()), StringComparison.Ordinal);
        files["frames.bin"] = [255, 255, 255, 127, .. new byte[8]];
        Assert.Contains("2147483647 bytes", await Refused(Written()), StringComparison.Ordinal);
        files["frames.bin"] = [3, 0];
        Assert.Contains("ends too early", await Refused(Written()), StringComparison.Ordinal);
        using var database = new StateDatabase(Path.Combine(folder, "data", "state.db"));
        Assert.Empty(database.ReadTestRecords());
    }

    [Fact]
    public async Task AnOrdinaryZip_IsNoArchive()
    {
        string path = Path.Combine(folder, "plain.zip");
        using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            Add(zip, "readme.txt", [65]);
        }

        Assert.Contains("no archive of a test", await Refused(path), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static ArchivedTest Test() => new()
    {
        Record = new TestRecord { Test = "c@9", Cell = "c", Node = "n", Channel = "1", Ordinal = 9, Ended = true, Segments = [new TestSegment(7, 0, null)] },
        Profile = CellProfiles.Default, Boots = [new ArchivedBoot("0000000000000007", 0, true)], Scales = [], FrameCount = 0, SampleCount = 0,
    };

    private static void Add(ZipArchive zip, string name, byte[] content)
    {
        using Stream stream = zip.CreateEntry(name).Open();
        stream.Write(content);
    }

    private async Task<ImportResult> Import(string path)
    {
        using TestArchiveReader archive = TestArchiveReader.Open(path);
        return await TestImport.RunAsync(archive, Path.Combine(folder, "data"), TestContext.Current.CancellationToken);
    }

    private async Task<string> Refused(string path)
    {
        InvalidDataException told = await Assert.ThrowsAsync<InvalidDataException>(() => Import(path));
        Assert.StartsWith(path, told.Message, StringComparison.Ordinal);
        return told.Message;
    }

    private string Written(Action<ZipArchive>? extra = null, Func<string, string, string>? sum = null, Func<string, long, long>? size = null)
    {
        string path = Path.Combine(folder, $"{Guid.NewGuid():N}.zip");
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create);
        List<ArchivedFile> list = [];
        foreach ((string name, byte[] content) in files)
        {
            Add(zip, name, content);
            string hash = Convert.ToHexStringLower(SHA256.HashData(content));
            list.Add(new ArchivedFile(name, size?.Invoke(name, content.Length) ?? content.Length, sum?.Invoke(name, hash) ?? hash));
        }

        Add(zip, "manifest.json", JsonSerializer.SerializeToUtf8Bytes(
            new ArchiveManifest { Program = "test", CreatedUtc = DateTimeOffset.UnixEpoch, Cell = "c", Test = "c@9", Files = list }, ArchiveFiles.Json));
        extra?.Invoke(zip);
        return path;
    }
}
