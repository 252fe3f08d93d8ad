using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Host;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Protection;

namespace PouchMonitor.Firmware.Tests.Protection;

/// <summary>
/// The whole node on the emulated board, one to four channels whose true voltage, current and temperature are scripted: the
/// converters at register level, the three threads in virtual time, a link with handshakes, a flash with sectors.
/// </summary>
internal sealed class RelayBench
{
    private const double DividerSupplyV = 3.3;

    public RelayBench(int channels, Action<ProtectionSettings>? set = null, ulong? quantumSeed = null, EmulatedBoard? board = null)
    {
        Board = board ?? new EmulatedBoard(1);
        Link = new SlowLink(Board.Time);
        Cells = [.. Enumerable.Range(0, channels).Select(_ => new ScriptedCell())];
        Configuration = ConfigurationOf(channels);
        foreach (ChannelConfiguration channel in Configuration.Channels)
        {
            set?.Invoke(channel.Protection);
        }

        for (int i = 0; i < channels; i++)
        {
            Attach(Configuration.Channels[i], Cells[i]);
        }

        Node = new PouchNode(Configuration, Board, Link);
        Run = new VirtualRun(Board, Node, quantumSeed);
    }

    public EmulatedBoard Board { get; }

    public SlowLink Link { get; }

    public ScriptedCell[] Cells { get; }

    public NodeConfiguration Configuration { get; }

    public PouchNode Node { get; private set; }

    public VirtualRun Run { get; private set; }

    public long Now => Board.Time.UptimeMicroseconds;

    /// <summary>Runs until every channel has been read, then arms it.</summary>
    public void Arm(TestKind kind)
    {
        Run.RunUntil(Now + 300_000);
        for (int i = 0; i < Cells.Length; i++)
        {
            Assert.Null(Node.Protection.Arm(i, kind));
            Assert.True(Board.Lines.IsRelayClosed(i));
        }
    }

    /// <summary>The board starts anew.</summary>
    public void Boot(RestartCause cause)
    {
        Board.Boot(2, cause);
        Link.Close();
        Node = new PouchNode(Configuration, Board, Link);
        Run = new VirtualRun(Board, Node);
    }

    private static NodeConfiguration ConfigurationOf(int channels) => new()
    {
        Node = "n1",
        BrokerHost = "broker",
        SampleIntervalMilliseconds = 100,
        StoreFrameCount = 32,
        Channels =
        [
            .. Enumerable.Range(0, channels).Select(i => new ChannelConfiguration
            {
                Name = $"{i + 1}", VoltageAddress = 0x10 + i, CurrentAddress = 0x20 + i, DividerAddress = 0x30 + i, InfraredAddress = 0x50 + i,

                // Scripted readings have no noise.
                FrozenRepeatLimit = 0,
            }),
        ],
    };

    private void Attach(ChannelConfiguration channel, ScriptedCell cell)
    {
        VirtualClock time = Board.Time;
        Board.Bus.Attach(channel.VoltageAddress, new EmulatedAds1115(time, pin => pin == 0 ? cell.VoltageV(Now) : 0));
        Board.Bus.Attach(channel.CurrentAddress, new EmulatedAds1115(time, pin => pin == 0 ? cell.CurrentA(Now) * 0.1 : 0));
        Board.Bus.Attach(channel.DividerAddress, new EmulatedAds1115(time, pin => pin switch
        {
            0 => DividerVolts(channel, cell.SurfaceC(Now)),
            1 => DividerVolts(channel, 25),
            2 => DividerSupplyV,
            _ => 0,
        }));
        Board.Bus.Attach(channel.InfraredAddress, new EmulatedMlx90614(channel.InfraredAddress, () => cell.InfraredC(Now), () => 25));
    }

    private static double DividerVolts(ChannelConfiguration channel, double celsius)
    {
        double ohms = channel.ThermistorOhmsAt25C * Math.Exp(channel.ThermistorBetaKelvin * ((1 / (celsius + 273.15)) - (1 / 298.15)));
        return DividerSupplyV * ohms / (ohms + channel.ThermistorSeriesOhms);
    }
}

/// <summary>A cell whose quantities step at one instant of world time.</summary>
internal sealed class ScriptedCell
{
    /// <summary>World time of the step.</summary>
    public long OnsetMicroseconds { get; set; } = long.MaxValue;

    public double ToVoltageV { get; set; } = 3.75;

    public double ToCurrentA { get; set; } = 0.2;

    public double ToSurfaceC { get; set; } = 25;

    public double ToInfraredC { get; set; } = 25;

    public double VoltageV(long now) => now >= OnsetMicroseconds ? ToVoltageV : 3.75;

    public double CurrentA(long now) => now >= OnsetMicroseconds ? ToCurrentA : 0.2;

    public double SurfaceC(long now) => now >= OnsetMicroseconds ? ToSurfaceC : 25;

    public double InfraredC(long now) => now >= OnsetMicroseconds ? ToInfraredC : 25;
}
