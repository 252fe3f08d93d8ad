using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Protection;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Tests.Protection;

/// <summary>One channel's protection over the emulated lines and flash, fed with passes that the test makes up.</summary>
internal sealed class ProtectedChannel
{
    private long number;

    public ProtectedChannel(ProtectionSettings? settings = null, VirtualClock? time = null, EmulatedFlash? flash = null, EmulatedPins? pins = null)
    {
        Settings = settings ?? new ProtectionSettings();
        Time = time ?? new VirtualClock();
        Flash = flash ?? new EmulatedFlash(Time);
        Pins = pins ?? new EmulatedPins(Time);
        Protection = Boot();
        Fill(Sample);
    }

    public ProtectionSettings Settings { get; }

    public VirtualClock Time { get; }

    public EmulatedFlash Flash { get; }

    public EmulatedPins Pins { get; }

    public ChannelProtection Protection { get; private set; }

    /// <summary>The next pass; 3.75 V, no current, 25 C on every sensor until changed.</summary>
    public CellSample Sample { get; } = new();

    /// <summary>187.5 uV, 78.125 uA (shunt of 100 mOhm) and a hundredth of a degree.</summary>
    public static ColumnScale[] Scales()
    {
        ColumnScale[] scales = [.. Enumerable.Range(0, SampleColumns.Count).Select(_ => new ColumnScale { Denominator = 100 })];
        scales[SampleColumns.Voltage] = new ColumnScale { Numerator = 375, Denominator = 2_000_000 };
        scales[SampleColumns.Current] = new ColumnScale { Numerator = 78_125, Denominator = 1_000_000_000 };
        return scales;
    }

    public static void Fill(CellSample sample)
    {
        sample.Clear();
        sample.SetGood(SampleColumns.Voltage, 20_000);
        sample.SetGood(SampleColumns.Current, 0);
        sample.SetGood(SampleColumns.Surface, 2500);
        sample.SetGood(SampleColumns.Infrared, 2500);
        sample.SetGood(SampleColumns.Ambient, 2500);
    }

    /// <summary>A pass some milliseconds after the one before; true when another is asked for at once.</summary>
    public bool Pass(int milliseconds = 50)
    {
        Time.WaitMicroseconds(milliseconds * 1000L);
        Sample.UptimeMicroseconds = Time.UptimeMicroseconds;
        Sample.Number = number++;
        return Protection.Judge(Sample);
    }

    /// <summary>Armed for a kind of test, with one good pass behind it.</summary>
    public ProtectedChannel Armed(TestKind kind = TestKind.Cycling)
    {
        Pass();
        Assert.Null(Protection.Arm(kind));
        Assert.True(Pins.IsRelayClosed(0));
        Assert.False(Pass());
        return this;
    }

    /// <summary>A pass of one column's count, or of a state without a count.</summary>
    public bool Pass(int column, long count, SensorState state = SensorState.Good)
    {
        Fill(Sample);
        Sample.Set(column, state, count);
        return Pass();
    }

    public bool Settle(long acknowledged = 0) => Protection.Settle(Time.UptimeMicroseconds, acknowledged);

    /// <summary>The node starts anew: lines at reset, the same flash.</summary>
    public ChannelProtection Boot()
    {
        Pins.Reset();
        Protection = new ChannelProtection(0, "1", Pins, Time, Flash, Settings, Scales());
        return Protection;
    }
}
