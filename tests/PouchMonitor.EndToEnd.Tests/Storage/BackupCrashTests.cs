using System.Diagnostics;
using System.Globalization;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Gateway.Backup;
using PouchMonitor.Gateway.Journal;

namespace PouchMonitor.EndToEnd.Tests.Storage;

/// <summary>
/// The program dies or the power goes while <c>backup</c> runs: what is left has no list and is refused, or is the whole backup;
/// the data it was taken from are as sound as before.
/// </summary>
public sealed class BackupCrashTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-backup-crash-").FullName;

    private static int Kills => Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1" ? 200 : 5;

    private string Data => Path.Combine(folder, "data");

    [Fact]
    public async Task KilledAtAnyMoment_ABackupIsWhole_OrIsNone()
    {
        var token = TestContext.Current.CancellationToken;
        int seed = Environment.TickCount & 0xFFFF;
        var random = new Random(seed);
        List<string> frames = await MakeData();
        int files = Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories).Count();
        for (int kill = 0; kill < Kills; kill++)
        {
            string copy = Path.Combine(folder, "copy");
            int left = random.Next(files + 1);
            using (Process backup = Process.Start(new ProcessStartInfo("dotnet", [RepositoryFiles.Program, "backup", "--data", Data, "--to", copy])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            })!)
            {
                // Dies once it has begun on so many files, wherever it is then.
                while (!backup.HasExited && (!Directory.Exists(copy) || Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories).Count() < left))
                {
                    await Task.Yield();
                }

                backup.Kill();
                await backup.WaitForExitAsync(token);
            }

            string again = Path.Combine(folder, "again");
            if (File.Exists(Path.Combine(copy, BackupManifest.FileName)))
            {
                DataRestore.Run(copy, again, token);
                Assert.True(frames.SequenceEqual(Frames(again)), $"seed {seed}, kill {kill}: the restored frames differ");
                Directory.Delete(again, recursive: true);
            }
            else
            {
                Exception? refused = Record.Exception(() => DataRestore.Run(copy, again, token));
                Assert.True(refused is InvalidDataException or IOException, $"seed {seed}, kill {kill}: {refused?.ToString() ?? "restored"}");
                Assert.False(Directory.Exists(again), $"seed {seed}, kill {kill}: something is left of a restore that was refused");
            }

            Assert.True(frames.SequenceEqual(Frames(Data)), $"seed {seed}, kill {kill}: the data differ");
            if (Directory.Exists(copy))
            {
                Directory.Delete(copy, recursive: true);
            }
        }
    }

    [Fact]
    public async Task TheList_IsNamedOnlyWhenAllItNames_IsOnTheDisk()
    {
        RepositoryFiles.Tool("strace");
        await MakeData();
        string copy = Path.Combine(folder, "copy");
        string trace = Path.Combine(folder, "trace.txt");
        CommandRun run = await CommandRun.Run("strace", "-f", "-y", "-s", "4096", "-e", "trace=fsync,fdatasync,link,rename,renameat,renameat2", "-o", trace,
            "dotnet", RepositoryFiles.Program, "backup", "--data", Data, "--to", copy);
        Assert.SkipWhen(run.Errors.Contains("ptrace", StringComparison.OrdinalIgnoreCase), "strace may not trace here");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        string[] lines = await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken);
        int named = Array.FindIndex(lines, line => line.Contains("rename", StringComparison.Ordinal) && line.Contains($"{copy}/{BackupManifest.FileName}\"", StringComparison.Ordinal));
        Assert.True(named > 0, "the list got no name");
        Assert.Contains(lines[..named], line => IsSyncOf(line, $"{copy}/{BackupManifest.FileName}.new"));
        Assert.Contains(lines[named..], line => IsSyncOf(line, copy));
        foreach (BackupFile file in BackupManifest.Read(copy).Files)
        {
            // A file that never changes any more gets a second name; it was on the disk before.
            string path = $"{copy}/{file.Path}";
            Assert.True(
                lines[..named].Any(line => IsSyncOf(line, path) || (line.Contains("link(", StringComparison.Ordinal) && line.Contains($"\"{path}\"", StringComparison.Ordinal))),
                $"{file.Path} was not forced to the disk before the list got its name");
        }

        foreach (string inside in Directory.EnumerateDirectories(copy, "*", SearchOption.AllDirectories))
        {
            Assert.Contains(lines[..named], line => IsSyncOf(line, inside));
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static bool IsSyncOf(string line, string path) =>
        line.Contains("sync(", StringComparison.Ordinal) && line.Contains($"<{path}>", StringComparison.Ordinal);

    private static List<string> Frames(string data)
    {
        using var view = JournalView.Open(Path.Combine(data, "journal"));
        Assert.Empty(view.Verify(TestContext.Current.CancellationToken));
        List<string> frames = [];
        using CommitCursor cursor = view.Journal.ReadFrom(0);
        while (cursor.ReadNext() is { } record)
        {
            frames.Add(string.Create(CultureInfo.InvariantCulture, $"{record.Position} {Convert.ToHexString(record.Bytes)}"));
        }

        return frames;
    }

    // A gateway's data as its programs leave them, in more than one file of frames.
    private async Task<List<string>> MakeData()
    {
        for (int part = 0; part < 2; part++)
        {
            string series = Path.Combine(folder, $"cell-{part}.csv");
            string[][] commands = [["simulate", "dne-pouch", "--cycles", "2", "--interval", "60", "--seed", $"{part}", "--out", series], ["import", series, "--cell", $"c{part}", "--data", Data]];
            foreach (string[] command in commands)
            {
                CommandRun run = await CommandRun.PouchMonitor(command);
                Assert.True(run.ExitCode == 0, run.Output + run.Errors);
            }
        }

        return Frames(Data);
    }
}
