using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using PouchMonitor.Firmware.Care;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Firmware.Sampling;
using PouchMonitor.Simulation;
using PouchMonitor.Simulation.Abuse;

namespace PouchMonitor.Firmware.Host;

/// <summary>
/// The shipped firmware on an emulated board with one to four emulated cells: samples in virtual time, publishes in real time. Like
/// the device it does both independently, so that a broker that hangs does not hold up the sampling.
/// </summary>
public sealed class EmulatedNode
{
    private static readonly TimeSpan SamplingTick = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan PublishingTick = TimeSpan.FromMilliseconds(20);

    // After a stall of the machine virtual time goes on from where it was instead of catching up in a burst, except in an abuse, where
    // the node's date is held against the gateway's.
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(250);

    private const long StrideMicroseconds = 600_000_000;

    // For what is still in the store when the node is told to stop.
    private static readonly TimeSpan GoodByePatience = TimeSpan.FromSeconds(2);

    private readonly EmulatedNodeOptions options;
    private readonly EmulatedBoard board;
    private readonly EmulatedPlace[] places;
    private readonly TimeProvider time;
    private readonly IFrameLink link;
    private readonly EmulatedCellRig? rig;
    private readonly SeededNoise moments;
    private readonly long createdTimestamp;
    private volatile bool isAbuseWanted;
    private NodeTotals earlierBoots;
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
        if (!(options.Acceleration > 0) || (options.Acceleration > 100_000 && !double.IsInfinity(options.Acceleration)))
        {
            throw new ArgumentException(
                $"Acceleration is {options.Acceleration}, must be above 0 and at most 100000, or infinite.", nameof(options));
        }

        this.options = options;
        moments = new SeededNoise(options.Seed);
        this.link = link;
        this.time = time ?? TimeProvider.System;
        createdTimestamp = this.time.GetTimestamp();
        places = [.. CellsOf(options).Select((cell, i) => new EmulatedPlace(options, cell, i == 0 ? options.Abuse : null))];
        board = new EmulatedBoard(options.Boot ?? DrawBoot())
        {
            BootAnchorUnixMicroseconds = options.VirtualStartUnixMicroseconds,
        };
        string settings = EmulatedSettings.Of(options, places);
        NodeConfiguration configuration = ConfigurationText.Read(settings, out string fault)
            ?? throw new ArgumentException(fault, nameof(options));
        if (configuration.Channels.Length > 1)
        {
            board.Bus.AttachMultiplexer(configuration.MultiplexerAddress);
        }

        EmulatedCellRig?[] rigs = [.. places.Select((place, i) => place.Connect(board, configuration.Channels[i], i))];
        rig = rigs[0];
        if (options.HasTriggerInput && places[0].Abuse is { } abuse)
        {
            board.Lines.TriggerClosedAt = world => abuse.BeganS is { } at && world >= at * 1e6;
        }

        board.Flash.IsInstant = true;
        new SettingsStore(board.Flash).Save(settings, "");
        Start();
        board.Flash.IsInstant = false;

        // Every emulated node starts with fresh cells.
        foreach (ChannelSampler channel in Node.Channels)
        {
            channel.StartTest(board.Clock.UptimeMicroseconds);
        }
    }

    /// <summary>The firmware.</summary>
    public PouchNode Node { get; private set; } = null!;

    /// <summary>What looks after it.</summary>
    public NodeCare Care { get; private set; } = null!;

    /// <summary>The board it runs on.</summary>
    public EmulatedBoard Board => board;

    /// <summary>The front end of the cell on channel 1, where that is cycled.</summary>
    public EmulatedCellRig Rig => rig ?? throw new InvalidOperationException("The cell on channel 1 is not cycled but abused.");

    /// <summary>What is done to the cell on channel 1 instead of cycling it; null for nothing.</summary>
    public AbuseRun? Abuse => places[0].Abuse;

    /// <summary>Reading of the time's clock at which the emulated event began; null before it.</summary>
    public long? AbuseBeganTimestamp { get; private set; }

    public EmulatedNodeOptions Options => options;

    /// <summary>Cycle the cell on channel 1 is in, from 1.</summary>
    public int Cycle => places[0].Run.Cycler.Cycle;

    public CyclerPhase Phase => places[0].Run.Cycler.Phase;

    /// <summary>True once every programme is over and its last frame is on its way.</summary>
    public bool HasEnded => Node.Channels.All(channel => !channel.IsRunning);

    /// <summary>The event of <see cref="Abuse"/> begins now instead of after its delay. Any thread.</summary>
    public void BeginAbuse() => isAbuseWanted = true;

    /// <summary>Samples taken.</summary>
    public long SampleCount => Totals.Samples;

    /// <summary>Samples lost because the store was full.</summary>
    public long DroppedSampleCount => Totals.Dropped;

    /// <summary>What became of the samples, over all channels and boots.</summary>
    public NodeTotals Totals => earlierBoots + NodeTotals.Of(Node);

    /// <summary>The cells, by channel.</summary>
    public IEnumerable<EmulatedCellOptions> Cells => places.Select(place => place.Options);

    /// <summary>True while the node is connected to its broker.</summary>
    public bool IsConnected => link.IsConnected;

    /// <summary>Why the last attempt to connect failed; null when it did not.</summary>
    public string? LinkFault => (link as MqttFrameLink)?.LastFault;

    /// <summary>Virtual date now.</summary>
    public long VirtualUnixMicroseconds => options.VirtualStartUnixMicroseconds + board.Time.UptimeMicroseconds;

    /// <summary>Takes every sample due up to a virtual time since the first start; what a virtual-time test calls itself.</summary>
    public void SampleUntil(long uptimeMicroseconds)
    {
        long until = board.NodeClock.FromWorld(uptimeMicroseconds);
        while (!board.IsRestartOrdered && Care.Sample(until))
        {
            EndWhenOver();
            StartAbuse();
        }

        StartAbuse();
        Care.Tick();
        board.Time.AdvanceTo(uptimeMicroseconds);
    }

    /// <summary>
    /// Runs until cancelled: samples on accelerated time, publishes, boots again when it is told to, stays online after the
    /// programme's end.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await RunBootAsync(cancellation);
        while (board.IsRestartOrdered && !cancellation.IsCancellationRequested)
        {
            Reboot();
            await RunBootAsync(cancellation);
        }

        await SayGoodByeAsync();
    }

    private async Task RunBootAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task sampling = Task.Run(() => SampleAsync(stop.Token), CancellationToken.None);
        Task publishing = Task.Run(() => PublishAsync(stop.Token), CancellationToken.None);

        // When one of them fails the other must not run on alone and unnoticed.
        await Task.WhenAny(sampling, publishing);
        await stop.CancelAsync();
        await Task.WhenAll(sampling, publishing);
    }

    /// <summary>
    /// The board starts anew, as ordered or as after a loss of power: what was in its memory is gone, flash, cells and the world's time
    /// stay. Not while <see cref="RunAsync"/> runs, which does it itself where the program ordered it.
    /// </summary>
    public void Reboot()
    {
        earlierBoots = Totals;
        ulong next = options.Boot is null ? DrawBoot() : Node.Boot + 1;
        link.Close();
        long now = board.Time.UptimeMicroseconds;
        board.Boot(next, RestartCause.Unknown);
        board.BootAnchorUnixMicroseconds = options.VirtualStartUnixMicroseconds + now;
        Start();
    }

    private void Start()
    {
        var ledger = new RestartLedger(board);
        var settings = new SettingsStore(board.Flash);
        NodeConfiguration configuration = settings.Load(out string fault) ?? throw new InvalidOperationException(fault);
        Node = new PouchNode(configuration, board, link);
        Care = new NodeCare(new NodeParts(configuration.Node, board, Node, ledger, settings));
    }

    private static ulong DrawBoot() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    private static IEnumerable<EmulatedCellOptions> CellsOf(EmulatedNodeOptions options) =>
    [
        new EmulatedCellOptions
        {
            CellName = options.CellName, Label = options.Label, Seed = options.Seed, Protocol = options.Protocol,
            InjectedFault = options.InjectedFault,
        },
        .. options.MoreCells ?? [],
    ];

    private async Task SampleAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(SamplingTick, time);
        long last = time.GetTimestamp();
        double targetMicroseconds = board.Time.UptimeMicroseconds;
        while (!board.IsRestartOrdered && await NextTick(timer, cancellation))
        {
            long now = time.GetTimestamp();
            TimeSpan elapsed = time.GetElapsedTime(last, now);
            last = now;
            if (double.IsInfinity(options.Acceleration))
            {
                SampleWhileTaken(now, cancellation);
                continue;
            }

            elapsed = elapsed > LongestTick ? LongestTick : elapsed;
            targetMicroseconds = options.Abuse is null
                ? targetMicroseconds + (elapsed.TotalMicroseconds * options.Acceleration)
                : time.GetElapsedTime(createdTimestamp, now).TotalMicroseconds * options.Acceleration;
            SampleUntil((long)targetMicroseconds);
            NoteAbuse(now, targetMicroseconds);
        }

        // What was measured until now is worth sending.
        foreach (ChannelSampler channel in Node.Channels)
        {
            channel.Builder.Seal(false);
        }
    }

    /// <summary>When the event began by the time's clock, although virtual time moves in ticks.</summary>
    private void NoteAbuse(long now, double worldMicroseconds)
    {
        if (AbuseBeganTimestamp is null && Abuse?.BeganS * 1e6 <= worldMicroseconds)
        {
            double agoS = (worldMicroseconds - (Abuse!.BeganS!.Value * 1e6)) / options.Acceleration / 1e6;
            AbuseBeganTimestamp = now - (long)(agoS * time.TimestampFrequency);
        }
    }

    /// <summary>Goes on for a tick, as long as the broker keeps up with what is measured.</summary>
    private void SampleWhileTaken(long since, CancellationToken cancellation)
    {
        while (!HasEnded && Node.Store.WaitingCount < options.StoreFrameCount / 4 && !board.IsRestartOrdered
            && !cancellation.IsCancellationRequested && time.GetElapsedTime(since) < LongestTick)
        {
            SampleUntil(board.Time.UptimeMicroseconds + StrideMicroseconds);
        }
    }

    private async Task PublishAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(PublishingTick, time);
        long start = time.GetTimestamp();
        do
        {
            publisherMicroseconds = (long)time.GetElapsedTime(start).TotalMicroseconds;
            Care.Pump(publisherMicroseconds);
        }
        while (!board.IsRestartOrdered && await NextTick(timer, cancellation));
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

    /// <summary>The event begins when it is asked for, or a while after its channel is sampled fast.</summary>
    private void StartAbuse()
    {
        if (places[0].Abuse is { } abuse && (isAbuseWanted || (abuse.BeganS is null && Node.Abuse.FastChannel == Node.Channels[0].Channel)))
        {
            // At any phase of the grid of samples.
            double aheadS = isAbuseWanted ? moments.NextUnit() * AbuseMode.PassMicroseconds / 1e6 : options.AbuseDelay.TotalSeconds;
            abuse.Begin((board.Time.UptimeMicroseconds / 1e6) + aheadS);
            isAbuseWanted = false;
        }
    }

    private void EndWhenOver()
    {
        bool isTimeUp = options.EndsAfter is { } length && board.Time.UptimeMicroseconds >= length.TotalMicroseconds;
        for (int i = 0; i < places.Length; i++)
        {
            if (Node.Channels[i].IsRunning && (isTimeUp || places[i].IsOver))
            {
                Node.EndTest(i);
            }
        }
    }

    private static MqttFrameLink LinkOf(EmulatedNodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new MqttFrameLink(options.Node, options.Host, options.Port, options.UserName, options.Password);
    }
}
