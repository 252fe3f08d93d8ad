using PouchMonitor.Analysis.Uncertainty;
using PouchMonitor.Hardware.Tests.Support;

namespace PouchMonitor.Hardware.Tests.Inputs;

/// <summary>hardware/simulation/shunt-input.cir: a shunt in the cell's negative lead, both signs.</summary>
public sealed class ShuntInputTests
{
    private const string Netlist = "shunt-input";
    private const double StepV = 7.8125e-6;
    private const double SegmentSupplyV = 5.17;
    private const double FastestConversionSeconds = 1 / (860 * 1.1);

    [Theory]
    [InlineData(5, 0.05)]
    [InlineData(-5, 0.05)]
    [InlineData(2.5, 0.1)]
    [InlineData(-2.5, 0.1)]
    [InlineData(0.2, 0.1)]
    [InlineData(-0.5, 0.1)]
    public void Codes_AreThoseOfTheCurrent(double currentA, double shuntOhms)
    {
        SpiceResult result = Ngspice.Run(Netlist, ("current", currentA), ("shunt", shuntOhms));
        double expected = currentA * shuntOhms * (1 - ConverterRange.Fs0256.Loading(200)) / StepV;
        Assert.Equal(expected, result["seen"] / StepV, 0.2);
        Assert.InRange(Math.Abs(result["seen"] / StepV), 0, 32767);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public void Inputs_StayBetweenGroundAndSupply(double currentA)
    {
        SpiceResult result = Ngspice.Run(Netlist, ("current", currentA));
        Assert.InRange(result["plus"], 0.02, SegmentSupplyV);
        Assert.InRange(result["minus"], 0.02, SegmentSupplyV);
    }

    [Fact]
    public void WithoutBias_AChargingCurrentLeavesTheRange() =>
        Assert.True(Ngspice.Run(Netlist, ("vbias", 0))["minus"] < -0.2);

    [Theory]
    [InlineData(5, -10)]
    [InlineData(-5, 10)]
    [InlineData(0, 0.5)]
    public void AStep_HasSettledWithinAConversion(double currentA, double stepA)
    {
        SpiceResult result = Ngspice.Run(Netlist, ("current", currentA), ("step", stepA));
        double final = result.Waveforms.At(0, 5e-3);
        Assert.InRange(Math.Abs(result.Waveforms.At(0, 1e-3 + 1e-6 + FastestConversionSeconds) - final), 0, 1.5 * StepV);
    }

    /// <summary>Polarization pairs both readings, so both inputs must be late by the same time.</summary>
    [Fact]
    public void TheFilter_IsAsSlowAsThatOfTheVoltage()
    {
        SpiceResult current = Ngspice.Run(Netlist, ("current", 0), ("step", 5));
        SpiceResult voltage = Ngspice.Run("voltage-input", ("vcell", 0), ("vstep", 4.2));
        Assert.Equal(HalfTime(voltage.Waveforms), HalfTime(current.Waveforms), 5e-6);
    }

    private static double HalfTime(Waveforms curves) => curves.FirstAbove(0, 0.5 * curves.At(0, 5e-3), 1e-3)!.Value - 1e-3;
}
