using System.Diagnostics;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Durability;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Gateway.Backup;

namespace PouchMonitor.EndToEnd.Tests.Storage;

/// <summary>The commands on a running gateway: backup, restore, doctor; and on a disk that cannot be written.</summary>
public sealed class BackupWayTests : IDisposable
{
    private static readonly string[] Parts = ["cycles", "steps", "pulses", "findings"];
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-way-").FullName;
    private string? mount;

    [Fact]
    public async Task ABackupUnderLoad_IsAGateway_WithEveryFrameAcknowledgedBefore()
    {
        var token = TestContext.Current.CancellationToken;
        string series = At("cell.csv");
        await Done("simulate", "dne-pouch", "--cycles", "3", "--interval", "30", "--seed", "5", "--out", series);
        string copy = At("copy");
        var judged = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        long acknowledged = 0;
        await using (ServeProcess serve = await ServeProcess.Open())
        {
            await Done("replay", series, "--cell", "c1", "--mqtt", serve.MqttAddress);
            foreach (string part in Parts)
            {
                judged[part] = await serve.Get($"/api/v1/cells/c1/{part}");
            }

            using var publisher = new FramePublisher(serve.MqttPort, "steady", 9);
            await publisher.ConnectAsync(token);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
            Task load = Task.Run(
                async () =>
                {
                    for (long number = 0; !stop.IsCancellationRequested; number++)
                    {
                        await publisher.PublishAsync(number, token);
                        Assert.Equal(FramePublisher.PacketId(number), await publisher.ReadAcknowledgementAsync(token));
                        Interlocked.Exchange(ref acknowledged, number + 1);
                    }
                },
                token);
            while (Interlocked.Read(ref acknowledged) < 50)
            {
                Assert.False(load.IsCompleted, load.Exception?.ToString());
                await Task.Yield();
            }

            long before = Interlocked.Read(ref acknowledged);
            CommandRun backup = await Done("backup", "--data", serve.Data, "--to", copy);
            Assert.Contains("every check sum", backup.Output, StringComparison.Ordinal);
            JsonElement page = JsonDocument.Parse((await CommandRun.PouchMonitor("doctor", "--json", "--data", serve.Data)).Output).RootElement;
            Assert.Contains(page.GetProperty("checks").EnumerateArray(), check => check.GetProperty("part").GetString() == "journal" && check.GetProperty("status").GetString() == "sound");
            await stop.CancelAsync();
            await load;
            acknowledged = before;
        }

        string data = At("restored");
        await Done("backup", "--restore", copy, "--data", data);
        Assert.Contains("not empty", (await CommandRun.PouchMonitor("backup", "--restore", copy, "--data", data)).Errors, StringComparison.Ordinal);
        await using ServeProcess restored = await ServeProcess.Open(data);
        foreach (string part in Parts)
        {
            await restored.Until($"/api/v1/cells/c1/{part}", found => JsonText.Lines(found).SequenceEqual(JsonText.Lines(judged[part])));
        }

        await restored.Until("/api/v1/tests", tests => tests.EnumerateArray().Any(test =>
            test.GetProperty("cell").GetString() == "steady.1" && test.GetProperty("sampleCount").GetInt64() >= acknowledged * 32));
    }

    [Fact]
    public async Task OnADiskThatCannotBeWritten_DataCanStillBeReadAndSaved_AndServeSaysWhyItCannot()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount a folder.");
        string series = At("cell.csv");
        string data = At("data");
        await Done("simulate", "dne-pouch", "--cycles", "2", "--interval", "60", "--seed", "5", "--out", series);
        await Done("import", series, "--cell", "c1", "--data", data);
        mount = At("read-only");
        Directory.CreateDirectory(mount);
        bool isMounted = Run("mount", "--bind", data, mount) == 0;
        mount = isMounted ? mount : null;
        Assert.SkipUnless(isMounted && Run("mount", "-o", "remount,ro,bind", mount!) == 0, "This machine does not let a folder be mounted.");

        CommandRun doctor = await CommandRun.PouchMonitor("doctor", "--data", mount!);
        Assert.Contains("sound   journal", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("sound   database", doctor.Output, StringComparison.Ordinal);
        string archive = At("test.zip");
        await Done("export", "--data", mount!, "--cell", "c1", "--out", archive);
        Assert.Equal(
            JsonText.Lines(JsonDocument.Parse((await Done("analyze", "--json", series)).Output).RootElement.GetProperty("cycles")),
            JsonText.Lines(JsonDocument.Parse((await Done("analyze", "--json", archive)).Output).RootElement.GetProperty("cycles")));
        await Done("backup", "--data", mount!, "--to", At("copy"));
        Assert.Equal(0, DataRestore.Run(At("copy"), At("again"), TestContext.Current.CancellationToken).Files.Count(file => file.Path.Contains("-wal", StringComparison.Ordinal)));
        CommandRun serve = await CommandRun.PouchMonitor("serve", "--data", mount!, "--http-port", "0", "--mqtt-port", "0");
        Assert.Equal(1, serve.ExitCode);
        Assert.Contains("cannot start", serve.Errors, StringComparison.Ordinal);
        Assert.Single(serve.ErrorLines);
    }

    public void Dispose()
    {
        if (mount is not null)
        {
            Run("umount", mount);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<CommandRun> Done(params string[] arguments)
    {
        CommandRun run = await CommandRun.PouchMonitor(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)}: {run.Output}{run.Errors}");
        return run;
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private string At(string name) => Path.Combine(folder, name);
}
