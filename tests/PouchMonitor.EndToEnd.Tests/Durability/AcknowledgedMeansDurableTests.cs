using System.Diagnostics;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Gateway.Journal;

namespace PouchMonitor.EndToEnd.Tests.Durability;

/// <summary>The promise, on the running program: no acknowledgement before its sync, and nothing acknowledged is ever lost.</summary>
public sealed class AcknowledgedMeansDurableTests : IDisposable
{
    private const string Node = "durable";
    private readonly string directory = Directory.CreateTempSubdirectory("pouch-durable-").FullName;

    private static int Kills => Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1" ? 1000 : 20;

    [Fact]
    public async Task NoAcknowledgement_PrecedesTheSyncOfItsFrame()
    {
        Assert.SkipUnless(CanTrace(), "strace is not installed or may not trace.");
        const int frames = 300;
        var token = TestContext.Current.CancellationToken;
        string output = Path.Combine(directory, "trace.txt");
        await using (var serve = await ServeProcess.Traced([.. SystemCallTrace.Tracer, output], Path.Combine(directory, "data")))
        {
            using var publisher = new FramePublisher(serve.MqttPort, Node, 1);
            await publisher.ConnectAsync(token);
            var random = new Random(1);
            for (int sent = 0, acknowledged = 0; acknowledged < frames;)
            {
                // Bursts of different sizes, so that groups of one and of many are seen.
                for (int burst = random.Next(1, 30); burst > 0 && sent < frames; burst--)
                {
                    await publisher.PublishAsync(sent++, token);
                }

                for (; acknowledged < sent; acknowledged++)
                {
                    await publisher.ReadAcknowledgementAsync(token).WaitAsync(TimeSpan.FromSeconds(30), token);
                }
            }
        }

        var trace = SystemCallTrace.Parse(File.ReadLines(output));
        var expected = Enumerable.Range(0, frames)
            .Select(number => (FramePublisher.FrameBytes(Node, 1, number), FramePublisher.PacketId(number))).ToList();
        Assert.Equal("", string.Join("\n", trace.Violations(expected).Take(5)));
    }

    [Fact]
    public async Task KilledUnderLoad_EveryAcknowledgedFrameIsThereOnce()
    {
        int seed = Environment.TickCount & 0xFFFF;
        var random = new Random(seed);
        var token = TestContext.Current.CancellationToken;
        string data = Path.Combine(directory, "data");
        long acknowledged = 0; // frames are acknowledged in the order they are sent
        for (int life = 0; life < Kills; life++)
        {
            await using var serve = await ServeProcess.Open(data);
            using var publisher = new FramePublisher(serve.MqttPort, Node, 1);
            await publisher.ConnectAsync(token);
            long goal = acknowledged + random.Next(1, 400);
            var limit = Stopwatch.StartNew();
            for (long sent = acknowledged; acknowledged < goal;)
            {
                Assert.True(limit.Elapsed < TimeSpan.FromSeconds(60), $"seed {seed}, life {life}: no acknowledgements");
                while (sent < acknowledged + 100)
                {
                    await publisher.PublishAsync(sent++, token);
                }

                Assert.Equal(FramePublisher.PacketId(acknowledged), await publisher.ReadAcknowledgementAsync(token));
                acknowledged++;
            }

            // A hundred frames are still on their way, in every state between the socket and the disk.
            serve.Kill();
        }

        await using var journal = FrameJournal.Open(JournalOptions.ForDirectory(Path.Combine(data, "journal")));
        var found = new Dictionary<long, string>();
        using var cursor = journal.ReadFrom(0);
        while (cursor.ReadNext() is { } record)
        {
            Assert.True(found.TryAdd(record.FirstSampleNumber / 32, Convert.ToHexString(record.Bytes)), $"seed {seed}: stored twice");
        }

        for (long number = 0; number < acknowledged; number++)
        {
            Assert.True(found.TryGetValue(number, out string? bytes), $"seed {seed}: frame {number} was acknowledged and is gone");
            Assert.Equal(Convert.ToHexString(FramePublisher.FrameBytes(Node, 1, number)), bytes);
        }

        Assert.True(journal.CommittedBelow(new StreamId(Node, "1", 1, Wire.FrameKind.Samples)) >= acknowledged * 32);
        Assert.Empty(journal.Damage());
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static bool CanTrace()
    {
        try
        {
            using var trial = Process.Start(new ProcessStartInfo("strace", ["-o", "/dev/null", "true"]) { RedirectStandardError = true, UseShellExecute = false })!;
            trial.WaitForExit();
            return trial.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
