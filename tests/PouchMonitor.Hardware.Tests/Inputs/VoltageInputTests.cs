using PouchMonitor.Analysis.Uncertainty;
using PouchMonitor.Hardware.Tests.Support;

namespace PouchMonitor.Hardware.Tests.Inputs;

/// <summary>hardware/simulation/voltage-input.cir: what 1 kOhm and a filter do to the cell's voltage.</summary>
public sealed class VoltageInputTests
{
    private const string Netlist = "voltage-input";
    private const double StepV = 187.5e-6;
    private const double ConversionSeconds = 1.0 / 860;
    private const double EdgeSeconds = 1e-3;

    // 2 kOhm with 47 nF between the inputs, 1 kOhm with 4.7 nF to ground.
    private const double TauSeconds = (2000 * 47e-9) + (1000 * 4.7e-9);

    /// <summary>SBAS444E 7.3.2 (differential) and 5.5 (common mode, to 0.7 V), per range in volts.</summary>
    [Theory]
    [InlineData(4.2, 22e6, 10e6)]
    [InlineData(3.9, 15e6, 6e6)]
    [InlineData(2.0, 4.9e6, 6e6)]
    [InlineData(1.0, 2.4e6, 3e6)]
    [InlineData(0.5, 710e3, 100e6)]
    [InlineData(0.25, 710e3, 100e6)]
    public void GainError_IsTheResistorsOverTheInputImpedance(double cellV, double differentialOhms, double commonOhms)
    {
        SpiceResult result = Ngspice.Run(Netlist, ("vcell", cellV), ("zdiff", differentialOhms), ("zcm", commonOhms));
        double error = (result["seen"] / cellV) - 1;
        Assert.Equal(-((2000 / differentialOhms) + (1000 / commonOhms)), error, 2e-5 + (Math.Abs(error) * 0.01));
    }

    [Fact]
    public void GainError_IsWhatTheBudgetSays()
    {
        double error = (Ngspice.Run(Netlist)["seen"] / 4.2) - 1;
        Assert.Equal(ConverterRange.Fs6144.Loading(2000), -error, 2e-6);
    }

    /// <summary>A cell that is clipped on, and a step of 100 mV, are there to one step of the converter within the shortest conversion.</summary>
    [Theory]
    [InlineData(0, 4.2)]
    [InlineData(4.2, 0.1)]
    [InlineData(4.2, -4.2)]
    public void AStep_HasSettledWithinAConversion(double cellV, double stepV)
    {
        SpiceResult result = Ngspice.Run(Netlist, ("vcell", cellV), ("vstep", stepV));
        double final = result.Waveforms.At(0, 5e-3);
        double fastest = EdgeSeconds + 1e-6 + (ConversionSeconds / 1.1);
        Assert.InRange(Math.Abs(result.Waveforms.At(0, fastest) - final), 0, StepV);
        double early = EdgeSeconds + (2 * TauSeconds);
        Assert.Equal(Math.Abs(stepV) * Math.Exp(-2), Math.Abs(result.Waveforms.At(0, early) - final), Math.Abs(stepV) * 0.01);
    }

    [Fact]
    public void TwiceTheCapacitance_WouldNotSettle()
    {
        SpiceResult result = Ngspice.Run(Netlist, ("vcell", 0), ("vstep", 4.2), ("cdiff", 100e-9));
        Assert.True(Math.Abs(result.Waveforms.At(0, EdgeSeconds + (ConversionSeconds / 1.1)) - result.Waveforms.At(0, 5e-3)) > StepV);
    }

    /// <summary>Above the 430 Hz that 860 samples a second carry, and 40 dB down where the modulator samples (250 kHz, SBAS444E 7.3.1).</summary>
    [Fact]
    public void Corner_IsAboveTheBandAndBelowTheModulator()
    {
        SpiceResult result = Ngspice.Run(Netlist);
        Assert.Equal(1 / (2 * Math.PI * TauSeconds), result["corner"], 20.0);
        Assert.InRange(result["corner"], 860.0 / 2, 250e3 / 100);
        Assert.Equal(-20 * Math.Log10(250e3 * 2 * Math.PI * TauSeconds), result["modulator"], 0.1);
        Assert.True(result["modulator"] < -40);
    }
}
