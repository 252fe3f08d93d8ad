using PouchMonitor.Hardware.Tests.Support;

namespace PouchMonitor.Hardware.Tests.Protection;

/// <summary>hardware/simulation/watchdog.cir: TPS3431 with 200 nF, kicked each second.</summary>
public sealed class WatchdogTests
{
    private const string Netlist = "watchdog";

    // Two capacitors of 100 nF, C0G, 5 %; SNVSB66A table 8-2 and equation 1: 77.4 ms/nF + 55 ms, 0.905 to 1.095 of it.
    private const double CapacitorNf = 200;
    private const double ShortestSeconds = 0.905 * ((77.4e-3 * CapacitorNf * 0.95) + 0.055);
    private const double LongestSeconds = 1.095 * ((77.4e-3 * CapacitorNf * 1.05) + 0.055);

    // What may legally keep the firmware from kicking: a handshake, a stuck bus and a flash erase in a row, then a boot.
    private const double StallSeconds = 3 + 1 + 0.4;
    private const double BootSeconds = 5;

    private const int Latch = 0;
    private const double High = 1.65;
    private const double LastKick = 25;

    [Fact]
    public void TheWindow_IsLongerThanStallPlusBoot()
    {
        Assert.Equal(13.36, ShortestSeconds, 0.01);
        Assert.Equal(17.86, LongestSeconds, 0.01);
        Assert.True(ShortestSeconds > 1.25 * (StallSeconds + BootSeconds));
    }

    [Fact]
    public void StallAndBoot_AreSurvivedByTheShortest()
    {
        Waveforms curves = Run(ShortestSeconds, StallSeconds + BootSeconds);
        Assert.True(curves.At(Latch, 0.2) < High, "open until it is set");
        Assert.True(curves.At(Latch, 1) > High);
        double off = curves.FirstBelow(Latch, High, 1)!.Value;
        Assert.InRange(off, LastKick, LastKick + 2 + ShortestSeconds);
    }

    [Fact]
    public void ADeadLoop_OpensTheRelayWithinTheLongest()
    {
        Waveforms curves = Run(LongestSeconds, 1);
        double off = curves.FirstBelow(Latch, High, 1)!.Value;
        Assert.InRange(off, LastKick + LongestSeconds - 2, LastKick + LongestSeconds + 2);
        Assert.True(curves.Last(Latch) < High, "and it stays open when the watchdog lets go");
    }

    [Fact]
    public void AGapLongerThanTheWindow_OpensIt()
    {
        Waveforms curves = Run(ShortestSeconds, ShortestSeconds + 1.5);
        Assert.InRange(curves.FirstBelow(Latch, High, 1)!.Value, 5, 5 + ShortestSeconds + 1);
    }

    private static Waveforms Run(double windowSeconds, double gapSeconds) =>
        Ngspice.Run(Netlist, ("twd", windowSeconds), ("tgap", gapSeconds), ("tlast", LastKick)).Waveforms;
}
