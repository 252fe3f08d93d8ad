using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Simulation;

namespace PouchMonitor.Firmware.Host;

/// <summary>
/// The shipped firmware on an emulated board with an emulated cell: samples in virtual time, publishes in real time. Like
/// the device it does both independently, so that a broker that hangs does not hold up the sampling.
/// </summary>
public sealed class EmulatedNode
{
    private static readonly TimeSpan SamplingTick = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan PublishingTick = TimeSpan.FromMilliseconds(20);

    // After a stall of the machine virtual time goes on from where it was instead of catching up in a burst.
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(250);

    // For what is still in the store when the node is told to stop.
    private static readonly TimeSpan GoodByePatience = TimeSpan.FromSeconds(2);

    private readonly EmulatedNodeOptions options;
    private readonly EmulatedBoard board;
    private readonly EmulatedCellRig rig;
    private readonly CellOnCycler run;
    private readonly TimeProvider time;
    private readonly IFrameLink link;
    private double overSinceS = double.NaN;
    private long publisherMicroseconds;

    /// <summary>A node that publishes over MQTT to the broker its options name.</summary>
    /// <exception cref="ArgumentException">An option is not valid; the message names it.</exception>
    public EmulatedNode(EmulatedNodeOptions options, TimeProvider? time = null)
        : this(options, LinkOf(options), time)
    {
    }

    /// <summary>A node over a link of the caller's.</summary>
    /// <exception cref="ArgumentException">An option is not valid; the message names it.</exception>
    public EmulatedNode(EmulatedNodeOptions options, IFrameLink link, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.Acceleration > 0) || options.Acceleration > 100_000)
        {
            throw new ArgumentException($"Acceleration is {options.Acceleration}, must be above 0 and at most 100000.", nameof(options));
        }

        this.options = options;
        this.link = link;
        this.time = time ?? TimeProvider.System;
        EmulatedCellProfile profile = EmulatedCells.Create(options.CellName);
        profile = options.IsVaried ? EmulatedCells.Varied(profile, options.Seed) : profile;
        run = new CellOnCycler(new CellRunOptions
        {
            Profile = profile,
            Protocol = options.Protocol,
            Cycles = options.Cycles,
            Fault = options.InjectedFault,
            Seed = options.Seed,
            StepS = Math.Min(1, (options.AcquireInterval ?? options.SampleInterval).TotalSeconds),
        });
        board = new EmulatedBoard(options.Boot ?? BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)))
        {
            BootAnchorUnixMicroseconds = options.VirtualStartUnixMicroseconds,
        };
        NodeConfiguration configuration = ConfigurationOf(options, profile);
        rig = new EmulatedCellRig(board.Bus, board.Time, configuration.Channels[0], run, options.Seed);
        Node = new PouchNode(configuration, board, link);

        // Every emulated node starts with a fresh cell.
        Node.Channels[0].StartTest(board.Time.UptimeMicroseconds);
    }

    /// <summary>The firmware.</summary>
    public PouchNode Node { get; }

    /// <summary>The board it runs on.</summary>
    public EmulatedBoard Board => board;

    /// <summary>The cell's front end.</summary>
    public EmulatedCellRig Rig => rig;

    public EmulatedNodeOptions Options => options;

    /// <summary>Cycle the cell is in, from 1.</summary>
    public int Cycle => run.Cycler.Cycle;

    public CyclerPhase Phase => run.Cycler.Phase;

    /// <summary>True once the programme is over and its last frame is on its way.</summary>
    public bool HasEnded => !Node.Channels[0].IsRunning;

    /// <summary>Samples taken.</summary>
    public long SampleCount => Node.Channels[0].SampleCount;

    /// <summary>Samples lost because the store was full.</summary>
    public long DroppedSampleCount => Node.Store.RefusedSampleCount;

    /// <summary>Virtual date now.</summary>
    public long VirtualUnixMicroseconds => options.VirtualStartUnixMicroseconds + board.Time.UptimeMicroseconds;

    /// <summary>Takes every sample due up to an uptime; what a virtual-time test calls itself.</summary>
    public void SampleUntil(long uptimeMicroseconds)
    {
        while (Node.Loop.RunNext(uptimeMicroseconds))
        {
            EndWhenOver();
        }

        Node.Protection.Tick();
        board.Time.AdvanceTo(uptimeMicroseconds);
    }

    /// <summary>Runs until cancelled: samples on accelerated time, publishes, stays online after the programme's end.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task sampling = Task.Run(() => SampleAsync(stop.Token), CancellationToken.None);
        Task publishing = Task.Run(() => PublishAsync(stop.Token), CancellationToken.None);

        // When one of them fails the other must not run on alone and unnoticed.
        await Task.WhenAny(sampling, publishing);
        await stop.CancelAsync();
        await Task.WhenAll(sampling, publishing);
        await SayGoodByeAsync();
    }

    private async Task SampleAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(SamplingTick, time);
        long last = time.GetTimestamp();
        double targetMicroseconds = board.Time.UptimeMicroseconds;
        while (await NextTick(timer, cancellation))
        {
            long now = time.GetTimestamp();
            TimeSpan elapsed = time.GetElapsedTime(last, now);
            last = now;
            elapsed = elapsed > LongestTick ? LongestTick : elapsed;
            targetMicroseconds += elapsed.TotalMicroseconds * options.Acceleration;
            SampleUntil((long)targetMicroseconds);
        }

        // What was measured until now is worth sending.
        Node.Channels[0].Builder.Seal(false);
    }

    private async Task PublishAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(PublishingTick, time);
        long start = time.GetTimestamp();
        do
        {
            publisherMicroseconds = (long)time.GetElapsedTime(start).TotalMicroseconds;
            Node.Publisher.Pump(publisherMicroseconds);
        }
        while (await NextTick(timer, cancellation));
    }

    /// <summary>Sends what was measured until now, says offline and disconnects in order.</summary>
    private async Task SayGoodByeAsync()
    {
        using var timer = new PeriodicTimer(PublishingTick, time);
        long start = time.GetTimestamp();
        while (link.IsConnected && Node.Store.Count > 0 && time.GetElapsedTime(start) < GoodByePatience)
        {
            Node.Publisher.Pump(publisherMicroseconds + (long)time.GetElapsedTime(start).TotalMicroseconds);
            await timer.WaitForNextTickAsync();
        }

        Node.Publisher.SayOffline();
        if (link is MqttFrameLink mqtt)
        {
            await mqtt.DisconnectAsync(GoodByePatience);
        }
        else
        {
            link.Close();
        }
    }

    private static async Task<bool> NextTick(PeriodicTimer timer, CancellationToken cancellation)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void EndWhenOver()
    {
        if (!run.Cycler.IsOver || HasEnded)
        {
            return;
        }

        if (double.IsNaN(overSinceS))
        {
            overSinceS = run.TimeS;
        }

        double watchS = run.Cycler.Phase == CyclerPhase.Aborted ? options.WatchAfterAbort.TotalSeconds : 0;
        if (run.TimeS - overSinceS >= watchS)
        {
            Node.EndTest(0);
        }
    }

    private static MqttFrameLink LinkOf(EmulatedNodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new MqttFrameLink(options.Node, options.Host, options.Port, options.UserName, options.Password);
    }

    private static NodeConfiguration ConfigurationOf(EmulatedNodeOptions options, EmulatedCellProfile profile)
    {
        double interval = options.SampleInterval.TotalMilliseconds;
        if (!(interval >= 1) || interval > 3_600_000)
        {
            throw new ArgumentException($"SampleInterval is {options.SampleInterval}, must be 20 ms to 1 h.", nameof(options));
        }

        return new NodeConfiguration
        {
            Node = options.Node,
            Channels =
            [
                new ChannelConfiguration
                {
                    Label = options.Label ?? options.CellName,
                    ShuntMicroohms = profile.NominalCapacityAh > 1.5 ? 50_000 : 100_000,
                },
            ],
            AcquireIntervalMilliseconds = (int)(options.AcquireInterval ?? options.SampleInterval).TotalMilliseconds,
            SampleIntervalMilliseconds = (int)interval,
            PublishIntervalMilliseconds = Math.Max(1000, (int)Math.Min(86_400_000, 1000 * options.Acceleration)),
            FrameSampleCount = options.FrameSampleCount,
            StoreFrameCount = 4096,
            StoreBytes = 8 * 1024 * 1024,
            TimeConfirmSeconds = 0,
            InFlightCount = 32,
            StatusIntervalSeconds = 5,
            BrokerHost = options.Host,
            BrokerPort = options.Port,
        };
    }
}
