using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Host;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Simulation;

namespace PouchMonitor.Firmware.Tests;

/// <summary>
/// A node with four channels through days of bad weather: network cuts of up to six hours, broker restarts, times in which
/// acknowledgements take a minute, restarts ordered and by loss of power (also in the middle of writing to flash), a clock
/// that comes late, is wrong at first and is set again. Keeps the truth beside it. One seed decides everything.
/// </summary>
internal sealed class LongRun
{
    public const int ChannelCount = 4;
    public const long Second = 1_000_000;
    public const long Hour = 3600 * Second;
    private const long UnixAtStart = 1_790_000_000L * Second;
    private const long StoredInterval = 5 * Second;
    private const long LongestCut = 6 * Hour;

    private readonly SeededNoise random;
    private readonly EmulatedBoard board;
    private readonly NodeConfiguration configuration;
    private PouchNode? node;
    private BootTruth? boot;
    private long nextNetworkAt;
    private bool hasHadLongestCut;
    private long slowUntil;
    private long nextSlowAt;
    private long clockKnownAt;
    private long clockRightAt;
    private long clockStep;
    private long nextStepAt;
    private long nextStoredAt;
    private int connectionsBefore;

    public LongRun(ulong seed, double driftPpm, bool freesOnStored = false)
    {
        random = new SeededNoise(seed);
        board = new EmulatedBoard(random.NextBits(), driftPpm);
        Link = new EmulatedLink(board.Time) { OnArrived = Collector.Take };
        EmulatedTca9548A multiplexer = board.Bus.AttachMultiplexer(0x70);
        configuration = new NodeConfiguration
        {
            Node = "n1",
            BrokerHost = "emulated",
            AcquireIntervalMilliseconds = 1000,
            SampleIntervalMilliseconds = 1000,
            StoreFlashBytes = NodeConfiguration.UsualStoreFlashBytes,
            FreesOnStored = freesOnStored,
            Channels = [.. Enumerable.Range(0, ChannelCount).Select(i => new ChannelConfiguration
            {
                Name = (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
                MultiplexerOutput = i,
                CaptureBeforeMilliseconds = 0,
                FrozenRepeatLimit = 0,
            })],
        };
        for (int i = 0; i < ChannelCount; i++)
        {
            int channel = i;
            _ = new ScriptedRig(multiplexer.Segment(i), board.Time, configuration.Channels[i], seed + (ulong)i)
            {
                VoltageV = t => 3.7 + (0.4 * Math.Sin(t / 9000)),
                CurrentA = t => CurrentA(channel, t),
                SurfaceC = t => 25 + (5 * Math.Sin(t / 5000)),
                VoltageNoiseV = 300e-6,
                ShuntNoiseV = 12e-6,
            };
        }

        nextNetworkAt = Between(0.2, 3);
        nextSlowAt = Between(1, 6);
    }

    public FrameCollector Collector { get; } = new();

    public EmulatedLink Link { get; }

    public EmulatedFlash Flash => board.Flash;

    public PouchNode Node => node!;

    public List<BootTruth> Boots { get; } = [];

    public long CutMicroseconds { get; private set; }

    public int CutCount { get; private set; }

    public long WorstFlashBytes { get; private set; }

    public long DroppedSamples { get; private set; }

    public static double CurrentA(int channel, double second) =>
        0.1 + (0.05 * channel) + ((0.8 + (0.1 * channel)) * Math.Sin(second * 2 * Math.PI / (7200 + (900 * channel))));

    /// <summary>Runs for so long, then lets everything arrive.</summary>
    public void Run(long microseconds)
    {
        Start(RestartCause.PowerOn);
        while (board.Time.UptimeMicroseconds < microseconds)
        {
            long end = Math.Min(microseconds, board.Time.UptimeMicroseconds + Between(2, 14));
            bool isPowerLoss = random.NextUnit() < 0.5;
            bool hitsAWrite = random.NextUnit() < 0.5;
            RunBoot(end, isPowerLoss && hitsAWrite ? end - Between(0, 0.5) : long.MaxValue);
            if (board.Time.UptimeMicroseconds >= microseconds)
            {
                break;
            }

            EndBoot(isPowerLoss || boot!.EndedAt is not null);
            Link.Cut();
            board.Time.WaitMicroseconds(2 * Second + (long)(random.NextUnit() * random.NextUnit() * 600 * Second));
            Start(isPowerLoss ? RestartCause.PowerOn : RestartCause.Ordered);
        }

        nextNetworkAt = nextSlowAt = long.MaxValue;
        slowUntil = 0;
        Link.IsReachable = true;
        RunBoot(board.Time.UptimeMicroseconds + Hour, long.MaxValue);
        EndBoot(isPowerLoss: false);
        for (int i = 0; i < 20_000 && !node!.Store.IsEmpty; i++)
        {
            board.Time.WaitMicroseconds(Second / 10);
            Link.Step();
            SendStored();
            node.Pump(board.Clock.UptimeMicroseconds);
        }
    }

    private void Start(RestartCause cause)
    {
        ulong drawn = random.NextBits();
        if (node is not null)
        {
            board.Boot(drawn, cause);
        }

        clockKnownAt = board.Time.UptimeMicroseconds + (long)(random.NextUnit() * 120 * Second);
        clockRightAt = clockKnownAt + (random.NextUnit() < 0.4 ? 20 * Second : 0);
        clockStep = 0;
        nextStepAt = clockRightAt + Between(0.5, 5);
        ReadClock();
        node = new PouchNode(configuration, board, Link);
        boot = new BootTruth(node.Boot, board.NodeClock.BootedMicroseconds);
        Boots.Add(boot);
        connectionsBefore = Link.ConnectionCount;
    }

    private void RunBoot(long until, long writeCutFrom)
    {
        var run = new VirtualRun(board, node!, random.NextBits())
        {
            OnTurn = () =>
            {
                boot!.Note(node!, board);
                Weather();
                ReadClock();
                Link.Step();
                SendStored();
                WorstFlashBytes = Math.Max(WorstFlashBytes, board.Flash.UsedBytes);
                if (board.Time.UptimeMicroseconds >= writeCutFrom && board.Flash.StepsUntilPowerLoss is null)
                {
                    board.Flash.StepsUntilPowerLoss = (long)(random.NextUnit() * 600);
                }
            },
        };
        try
        {
            run.RunUntil(until);
        }
        catch (PowerLossException)
        {
            boot!.Note(node!, board);
            boot.EndedAt = board.Time.UptimeMicroseconds;
        }

        board.Flash.StepsUntilPowerLoss = null;
    }

    private void EndBoot(bool isPowerLoss)
    {
        if (!isPowerLoss)
        {
            node!.PrepareForRestart();
            boot!.Note(node, board);
            boot.IsInOrder = true;
        }

        boot!.EndedAt ??= board.Time.UptimeMicroseconds;
        DroppedSamples += node!.Store.RefusedSampleCount;
        boot.ConnectionCount = Link.ConnectionCount - connectionsBefore;
    }

    /// <summary>Cuts the network and mends it, restarts the broker, makes it slow.</summary>
    private void Weather()
    {
        long now = board.Time.UptimeMicroseconds;
        if (now >= nextNetworkAt)
        {
            if (!Link.IsReachable)
            {
                Link.IsReachable = true;
                nextNetworkAt = now + Between(0.1, 5);
                return;
            }

            double kind = random.NextUnit();
            long length = !hasHadLongestCut ? LongestCut
                : kind < 0.4 ? 5 * Second + (long)(random.NextUnit() * 55 * Second)
                : kind < 0.7 ? Between(0.02, 0.5)
                : Between(0.5, 6);
            hasHadLongestCut = true;
            Link.IsReachable = false;
            CutCount++;
            CutMicroseconds += length;
            nextNetworkAt = now + length;
        }

        if (now >= nextSlowAt)
        {
            slowUntil = now + Between(0.1, 2);
            nextSlowAt = slowUntil + Between(1, 6);
        }

        Link.AcknowledgementMicroseconds = now < slowUntil ? 60 * Second : 20_000;
    }

    /// <summary>What the node's clock shows: nothing, a wrong time, or the right one and now and then a step beside it.</summary>
    private void ReadClock()
    {
        long now = board.Time.UptimeMicroseconds;
        if (now < clockKnownAt)
        {
            board.BootAnchorUnixMicroseconds = null;
            return;
        }

        if (now >= nextStepAt)
        {
            clockStep = (long)random.NextWithin(3 * Second);
            nextStepAt = now + Between(0.5, 5);
        }

        long error = now < clockRightAt ? -86_400 * Second : clockStep;
        board.BootAnchorUnixMicroseconds = UnixAtStart + now + error - board.Clock.UptimeMicroseconds;
    }

    private void SendStored()
    {
        if (board.Time.UptimeMicroseconds >= nextStoredAt)
        {
            nextStoredAt = board.Time.UptimeMicroseconds + StoredInterval;
            Link.Deliver("pouch/v1/n1/stored", Collector.Stored());
        }
    }

    private long Between(double fromHours, double toHours) =>
        (long)((fromHours + ((toHours - fromHours) * random.NextUnit())) * Hour);

    /// <summary>What really happened in one boot.</summary>
    internal sealed class BootTruth(ulong boot, long bootedMicroseconds)
    {
        public ulong Boot { get; } = boot;

        public long BootedMicroseconds { get; } = bootedMicroseconds;

        /// <summary>True when the node ended it in order.</summary>
        public bool IsInOrder { get; set; }

        public long? EndedAt { get; set; }

        /// <summary>Connections made in it.</summary>
        public int ConnectionCount { get; set; }

        /// <summary>World time of each sample of each channel.</summary>
        public List<long>[] TakenAt { get; } = [.. Enumerable.Range(0, ChannelCount).Select(_ => new List<long>())];

        /// <summary>Notes what was sampled since the last time; to be called after each sample.</summary>
        public void Note(PouchNode node, EmulatedBoard board)
        {
            for (int i = 0; i < ChannelCount; i++)
            {
                if (TakenAt[i].Count < node.Channels[i].SampleCount)
                {
                    TakenAt[i].Add(board.NodeClock.ToWorld(node.Channels[i].LastSample.UptimeMicroseconds));
                    Assert.Equal(node.Channels[i].SampleCount, TakenAt[i].Count);
                }
            }
        }
    }
}
