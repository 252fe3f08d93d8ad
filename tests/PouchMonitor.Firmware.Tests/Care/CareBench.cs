using System.Text;
using System.Text.Json;
using PouchMonitor.Firmware.Care;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Files;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Sensing;

namespace PouchMonitor.Firmware.Tests.Care;

/// <summary>
/// A node with its care on an emulated board with nothing behind its multiplexer, run by virtual time; boots again when the program
/// orders it. Parts of the board can be made to throw.
/// </summary>
internal sealed class CareBench : IBoard
{
    private const long TurnMicroseconds = 50_000;
    private ulong boot = 1;
    private int reported;

    public CareBench(string settings = "node = n1\nbrokerHost = h\nchannel.1.label = c1\nchannel.1.muxOutput = 0\nchannel.2.label = c2\nchannel.2.muxOutput = 1\n")
    {
        Board = new EmulatedBoard(boot);
        Board.Bus.AttachMultiplexer(0x70);
        Assert.True(new SettingsStore(Board.Flash).Save(settings, ""));
        Start();
    }

    public EmulatedBoard Board { get; }

    public MemoryLink Link { get; } = new();

    public NodeCare Care { get; private set; } = null!;

    public PouchNode Node { get; private set; } = null!;

    public SettingsStore Settings { get; private set; } = null!;

    /// <summary>Thrown by every transfer on the bus; null for none.</summary>
    public Exception? BusFailure { get; set; }

    /// <summary>Cause the board tells of the next restart.</summary>
    public RestartCause NextCause { get; set; } = RestartCause.Unknown;

    public IClock Clock => Board.Clock;

    public IFileSystem Files => Board.Files;

    public IBoardPins Pins => Board.Pins;

    public RestartCause RestartCause => Board.RestartCause;

    public long FreeHeapBytes => Board.FreeHeapBytes;

    public int SignalDbm => Board.SignalDbm;

    public II2cPort OpenI2c(int address, bool isFast) => new ThrowingPort(this, Board.OpenI2c(address, isFast));

    public bool TryGetBootAnchor(out long unixMicroseconds) => Board.TryGetBootAnchor(out unixMicroseconds);

    public ulong DrawBootId() => Board.DrawBootId();

    public void Restart() => Board.Restart();

    /// <summary>Both threads' turns, alternately, for so long; stops when a restart is ordered.</summary>
    public bool Run(double seconds)
    {
        long until = Board.Time.UptimeMicroseconds + (long)(seconds * 1e6);
        while (Board.Time.UptimeMicroseconds < until && !Board.IsRestartOrdered)
        {
            long next = Board.Time.UptimeMicroseconds + TurnMicroseconds;
            long dueBefore = Board.NodeClock.FromWorld(next);
            while (!Board.IsRestartOrdered && Care.Sample(dueBefore))
            {
            }

            Board.Time.AdvanceTo(next);
            if (!Board.IsRestartOrdered)
            {
                Care.Pump(Board.Clock.UptimeMicroseconds);
                Care.Tick();
            }
        }

        return Board.IsRestartOrdered;
    }

    /// <summary>What the board does when it is reset, for whatever reason.</summary>
    public void Boot(RestartCause cause = RestartCause.Unknown)
    {
        boot++;
        Board.Boot(boot, cause);
        Link.Close();
        Start();
    }

    /// <summary>A command as the broker would bring it.</summary>
    public void Command(string json) => Deliver("pouch/v1/n1/command", json);

    public void Config(string json) => Deliver("pouch/v1/n1/config", json);

    /// <summary>Events that came since this was asked last.</summary>
    public List<JsonElement> Events()
    {
        List<JsonElement> events = [.. Link.Received.Skip(reported)
            .Where(message => message.Topic.EndsWith("/event", StringComparison.Ordinal))
            .Select(message => JsonDocument.Parse(message.Payload).RootElement)];
        reported = Link.Received.Count;
        return events;
    }

    /// <summary>The one answer since this was asked last.</summary>
    public JsonElement Answer(double seconds = 0.2)
    {
        Run(seconds);
        return Assert.Single(Events(), happened => happened.TryGetProperty("accepted", out _));
    }

    public JsonElement Status() => JsonDocument.Parse(Node.Reports.OnlineBytes()).RootElement;

    private void Deliver(string topic, string json)
    {
        if (!Link.IsConnected || !Link.Subscriptions.Contains(topic, StringComparer.Ordinal))
        {
            Run(2.5);
            Events();
        }

        Assert.True(Link.IsConnected);
        Link.Deliver(topic, Encoding.UTF8.GetBytes(json));
    }

    private void Start()
    {
        var ledger = new RestartLedger(this);
        Settings = new SettingsStore(Board.Flash);
        NodeConfiguration configuration = Settings.Load(out string fault) ?? throw new InvalidOperationException(fault);
        Node = new PouchNode(configuration, this, Link);
        Care = new NodeCare(new NodeParts(configuration.Node, this, Node, ledger, Settings));
    }

    private sealed class ThrowingPort(CareBench bench, II2cPort port) : II2cPort
    {
        public I2cOutcome Write(byte[] bytes, int count) =>
            bench.BusFailure is { } failure ? throw failure : port.Write(bytes, count);

        public I2cOutcome WriteRead(byte[] toWrite, int writeCount, byte[] toRead, int readCount) =>
            bench.BusFailure is { } failure ? throw failure : port.WriteRead(toWrite, writeCount, toRead, readCount);
    }
}
