using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Backup;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Gateway.Tests.Journal;

namespace PouchMonitor.Gateway.Tests.Backup;

/// <summary>What a backup holds comes back as it was; what is no whole backup is refused by name.</summary>
public sealed class RestoreTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-restore-").FullName;

    private string Data => Path.Combine(folder, "data");

    private string Copy => Path.Combine(folder, "copy");

    private string Again => Path.Combine(folder, "again");

    [Fact]
    public async Task EverythingComesBack_WithItsPermissions()
    {
        await MakeData();
        string config = Path.Combine(folder, "gateway.json");
        await File.WriteAllTextAsync(config, "{\"silenceSeconds\": 7}", TestContext.Current.CancellationToken);
        BackupManifest made = DataBackup.Make(Data, Copy, config, verify: true, TestContext.Current.CancellationToken);
        Assert.Contains(made.Files, file => file.Path == "config.json");
        BackupManifest restored = DataRestore.Run(Copy, Again, TestContext.Current.CancellationToken);
        Assert.Equal(made.Files, restored.Files);
        foreach (string path in (string[])["access.json", "sessions/one.log", "sessions/deeper/two.log"])
        {
            Assert.Equal(await Bytes(Data, path), await Bytes(Again, path));
        }

        Assert.False(File.Exists(Path.Combine(Again, BackupManifest.FileName)));
        Assert.Equal(["bench-3"], new AccessFile(Again).Nodes);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Again, "access.json")));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Again));
        }

        await using var journal = FrameJournal.Open(JournalOptions.ForDirectory(Path.Combine(Again, "journal")));
        Assert.Equal(30, journal.ReadAll().Count);
        using var state = new StateDatabase(Path.Combine(Again, "state.db"));
        Assert.Empty(state.ReadAlarms());
    }

    [Fact]
    public async Task WhatIsWrittenToTheDataAfterwards_DoesNotReachTheBackup()
    {
        await MakeData();
        DataBackup.Make(Data, Copy, null, verify: true, TestContext.Current.CancellationToken);
        await using (var journal = FrameJournal.Open(JournalRig.Options(new PouchMonitor.Gateway.Journal.Files.DiskJournalFiles(Path.Combine(Data, "journal")))))
        {
            for (int at = 30; at < 90; at++)
            {
                await journal.Append(TestEntry.Frame(at, 1, bytes: 900));
            }
        }

        DataRestore.Run(Copy, Again, TestContext.Current.CancellationToken);
        using var view = JournalView.Open(Path.Combine(Again, "journal"));
        Assert.Equal(30, view.Journal.ReadAll().Count);
    }

    [Fact]
    public async Task AnUnfinishedBackup_IsNoBackup()
    {
        await MakeData();
        DataBackup.Make(Data, Copy, null, verify: false, TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(Copy, BackupManifest.FileName));
        var fault = Assert.Throws<InvalidDataException>(() => DataRestore.Run(Copy, Again, TestContext.Current.CancellationToken));
        Assert.Contains("never finished", fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Again));
    }

    [Theory]
    [InlineData("access.json", "check sum")]
    [InlineData("state.db", "check sum")]
    public async Task AChangedFile_IsNamed_AndNothingIsLeftOfTheRestore(string name, string reason)
    {
        await MakeData();
        DataBackup.Make(Data, Copy, null, verify: true, TestContext.Current.CancellationToken);
        string path = Path.Combine(Copy, name);
        byte[] bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[^3] ^= 4;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        var fault = Assert.Throws<InvalidDataException>(() => DataRestore.Run(Copy, Again, TestContext.Current.CancellationToken));
        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Again));
    }

    [Fact]
    public async Task AMissingFile_IsNamed()
    {
        await MakeData();
        DataBackup.Make(Data, Copy, null, verify: true, TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(Copy, "sessions", "one.log"));
        var fault = Assert.Throws<InvalidDataException>(() => DataRestore.Run(Copy, Again, TestContext.Current.CancellationToken));
        Assert.Contains("sessions/one.log", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/outside")]
    [InlineData("journal/../../outside")]
    [InlineData("")]
    [InlineData("a//b")]
    public async Task AListThatPointsElsewhere_IsRefused(string path)
    {
        Directory.CreateDirectory(Copy);
        new BackupManifest { CreatedUtc = DateTimeOffset.UnixEpoch, Program = "test", Files = [new BackupFile(path, 1, "00")] }.Write(Copy);
        var fault = Assert.Throws<InvalidDataException>(() => DataRestore.Run(Copy, Again, TestContext.Current.CancellationToken));
        Assert.Contains("no path inside", fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Again));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task FoldersThatAreInUse_AreRefused()
    {
        await MakeData();
        Assert.Contains("inside", Assert.Throws<IOException>(() => Make(Path.Combine(Data, "copy"))).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(Copy);
        await File.WriteAllTextAsync(Path.Combine(Copy, "letter"), "mine", TestContext.Current.CancellationToken);
        Assert.Contains("not empty", Assert.Throws<IOException>(() => Make(Copy)).Message, StringComparison.Ordinal);
        string good = Path.Combine(folder, "good");
        Make(good);
        Assert.Contains("not empty", Assert.Throws<IOException>(
            () => DataRestore.Run(good, Copy, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Copy, "letter")));
        Assert.Contains("no data directory", Assert.Throws<IOException>(
            () => DataBackup.Make(folder, Path.Combine(folder, "x"), null, true, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);

        void Make(string to) => DataBackup.Make(Data, to, null, true, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task ADamagedSegment_StopsTheBackup_AndIsNamed_UnlessItIsToBeKeptAllTheSame()
    {
        await MakeData();
        string segment = Directory.EnumerateFiles(Path.Combine(Data, "journal"), "frames-*.log").Order(StringComparer.Ordinal).First();
        using (FileStream file = File.Open(segment, FileMode.Open))
        {
            file.Position = 5000;
            int old = file.ReadByte();
            file.Position = 5000;
            file.WriteByte((byte)(old ^ 1));
        }

        var fault = Assert.Throws<InvalidDataException>(() => DataBackup.Make(Data, Copy, null, verify: true, TestContext.Current.CancellationToken));
        Assert.Contains(Path.GetFileName(segment), fault.Message, StringComparison.Ordinal);
        Assert.Contains("offset", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Copy, BackupManifest.FileName)));
        DataBackup.Make(Data, Again, null, verify: false, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(Path.Combine(Again, BackupManifest.FileName)));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task<string> Bytes(string folder, string path) =>
        Convert.ToHexString(await File.ReadAllBytesAsync(Path.Combine(folder, path), TestContext.Current.CancellationToken));

    private async Task MakeData()
    {
        Directory.CreateDirectory(Path.Combine(Data, "sessions", "deeper"));
        await File.WriteAllTextAsync(Path.Combine(Data, "sessions", "one.log"), "one", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Data, "sessions", "deeper", "two.log"), "two", TestContext.Current.CancellationToken);
        new AccessFile(Data).AddNode("bench-3");
        using (new StateDatabase(Path.Combine(Data, "state.db")))
        {
            await using var journal = FrameJournal.Open(
                JournalRig.Options(new PouchMonitor.Gateway.Journal.Files.DiskJournalFiles(Path.Combine(Data, "journal"))));
            for (int at = 0; at < 30; at++)
            {
                await journal.Append(TestEntry.Frame(at, 1, bytes: 900));
            }
        }
    }
}
