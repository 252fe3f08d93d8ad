using PouchMonitor.Hardware.Tests.Support;

namespace PouchMonitor.Hardware.Tests.Inputs;

/// <summary>hardware/simulation/input-fault.cir: what the sense input survives for any length of time.</summary>
public sealed class InputFaultTests
{
    private const string Netlist = "input-fault";

    // SBAS444E 5.1: 10 mA into an input; MCP6002 (DS20001733, 1.0): 2 mA; ISO1540 (SLLSEB6, 6.1): supply to 6 V; 1 W resistor.
    private const double ConverterA = 10e-3;
    private const double BufferA = 2e-3;
    private const double SupplyV = 6;
    private const double ResistorW = 1;

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    [InlineData(-4.7)]
    [InlineData(4.7)]
    public void Currents_StayInsideTheParts(double faultV)
    {
        SpiceResult result = Ngspice.Run(Netlist, ("vfault", faultV));
        Assert.InRange(Math.Abs(result["convertercurrent"]), 0, ConverterA / 2);
        Assert.InRange(Math.Abs(result["buffercurrent"]), 0, BufferA);
        Assert.InRange(result["railvoltage"], 5.0, SupplyV);
        Assert.InRange(result["resistorpower"], 0, ResistorW);
    }

    [Fact]
    public void AtThirtyVolts_TheResistorTakesWhatTheClampLeaves()
    {
        SpiceResult result = Ngspice.Run(Netlist);

        // 30.3 V less a rail of 5.88 V and a clamp of 1.06 V, over 820 Ohm.
        Assert.Equal((30.3 - 5.88 - 1.06) / 820, result["inputcurrent"], 1e-3);
    }

    [Fact]
    public void AReversedCell_DrawsFourMilliamperes() =>
        Assert.Equal((4.7 - 0.3 - 0.95) / 820, -Ngspice.Run(Netlist, ("vfault", -4.7))["inputcurrent"], 3e-4);

    [Fact]
    public void AGoodCell_FeedsNoClamp() => Assert.InRange(Math.Abs(Ngspice.Run(Netlist, ("vfault", 4.2))["inputcurrent"]), 0, 1e-7);

    [Fact]
    public void WithoutTheZener_TheRailWouldRise() => Assert.True(Ngspice.Run(Netlist, ("vzener", 50))["railvoltage"] > SupplyV);
}
