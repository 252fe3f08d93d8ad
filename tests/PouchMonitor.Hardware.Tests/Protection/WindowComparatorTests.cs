using PouchMonitor.Hardware.Tests.Support;

namespace PouchMonitor.Hardware.Tests.Protection;

/// <summary>hardware/simulation/window-comparator.cir: comparator, latch and relay driver, while the firmware holds its pin high.</summary>
public sealed class WindowComparatorTests
{
    private const string Netlist = "window-comparator";
    private const double StepV = 187.5e-6;
    private const double OverV = 4.5;
    private const double UnderV = 2.5;

    // Scenario of the netlist, seconds.
    private const double Fault = 40e-3;
    private const double Back = 80e-3;
    private const double FirstClose = 20e-3;
    private const double SecondClose = 100e-3;
    private const double End = 120e-3;

    // Curves of the netlist.
    private const int OverOutput = 1;
    private const int UnderOutput = 2;
    private const int Latch = 3;
    private const int Drive = 4;
    private const int Coil = 5;
    private const int Tripped = 6;
    private const double High = 1.65;

    // Power Relay K, 12 V: releases at 1.2 V over 90 Ohm; contacts are apart typically 3 ms after the coil is off (1308028, 2013).
    private const double ReleaseA = 1.2 / 90;
    private const double MechanicalSeconds = 3e-3;
    private const double AllowedSeconds = 10e-3;

    [Fact]
    public void Thresholds_AreThoseOfTheParts()
    {
        // Trimmed references of the netlist, hysteresis from 680 k + 10 k and 3.9 M + 10 k, dividers 15 k / 10 k, bias 0.3 V.
        double over = ((1.91529 + ((5.17 - 1.91529) * 1e3 / 691e3)) / 0.4) - 0.3;
        double under = ((1.126205 - ((5.17 - 1.126205) * 6e3 / 3.91e6)) / 0.4) - 0.3;
        Assert.Equal(OverV, over, StepV / 2);
        Assert.Equal(UnderV, under, StepV / 2);
    }

    /// <summary>
    /// The level itself lies within half a microvolt of the trip and so inside the comparator's own offset: no part decides
    /// there, which the first test says in volts.
    /// </summary>
    [Theory]
    [InlineData(OverV, -1, false)]
    [InlineData(OverV, 1, true)]
    [InlineData(UnderV, 1, false)]
    [InlineData(UnderV, -1, true)]
    public void OneStepOfTheConverter_DecidesAtTheThreshold(double thresholdV, int steps, bool isTripped)
    {
        Waveforms curves = Run(("v0", 3.7), ("v1", thresholdV + (steps * StepV)));
        Assert.True(curves.At(Latch, Fault - 1e-3) > High);
        Assert.Equal(isTripped, curves.At(Latch, Back - 1e-3) < High);
        Assert.Equal(isTripped, curves.At(Coil, Back - 1e-3) < ReleaseA);
    }

    /// <summary>Hard faults, and crossings by 20 mV that the filter takes longest over.</summary>
    [Theory]
    [InlineData(4.2, 5.0, 1.5e-3)]
    [InlineData(3.7, 0, 1.0e-3)]
    [InlineData(3.7, OverV + 0.02, 4e-3)]
    [InlineData(4.2, UnderV - 0.02, 4e-3)]
    public void Relay_IsOpenWithinTenMilliseconds(double beforeV, double faultV, double electronicSeconds)
    {
        Waveforms curves = Run(("v0", beforeV), ("v1", faultV));
        Assert.True(curves.At(Coil, Fault - 1e-3) > 0.1, "the relay is closed before the fault");
        double off = curves.FirstBelow(Drive, High, Fault)!.Value - Fault;
        double released = curves.FirstBelow(Coil, ReleaseA, Fault)!.Value - Fault;
        TestContext.Current.TestOutputHelper!.WriteLine($"drive off after {off * 1e3:F2} ms, coil released after {released * 1e3:F2} ms");
        Assert.InRange(off, 0, electronicSeconds);
        Assert.InRange(released, off, off + 1.5e-3);
        Assert.InRange(released + MechanicalSeconds, 0, AllowedSeconds);
    }

    /// <summary>0.6 ms of the divider's filter: t = tau ln((4.2 - 5.0) / (4.5 - 5.0)), and 0.1 ms before it.</summary>
    [Fact]
    public void Delay_IsThatOfTheFilter()
    {
        Waveforms curves = Run(("v0", 4.2), ("v1", 5.0));
        double off = curves.FirstBelow(Drive, High, Fault)!.Value - Fault;
        Assert.Equal((0.6e-3 * Math.Log(0.8 / 0.5)) + 0.1e-3, off, 0.08e-3);
    }

    [Fact]
    public void AFilterTenTimesAsSlow_WouldBeSeen()
    {
        Waveforms curves = Run(("v0", 3.7), ("v1", OverV + 0.02), ("cdivider", 1e-6));
        double released = curves.FirstBelow(Coil, ReleaseA, Fault)!.Value - Fault;
        Assert.True(released + MechanicalSeconds > AllowedSeconds);
    }

    /// <summary>Even if the flip-flop comes up set, and whatever the pin does before it falls and rises.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3.3)]
    public void AtPowerUp_TheRelayIsOpen(double pinV)
    {
        Waveforms curves = Run(("gpio0", pinV));
        Assert.InRange(curves.FirstAbove(Coil, ReleaseA, 0)!.Value, FirstClose, Fault);
        Assert.True(curves.At(Latch, FirstClose - 1e-4) < High);
        Assert.True(curves.At(Latch, FirstClose + 1e-3) > High);
        Assert.True(curves.At(Coil, Fault - 1e-3) > 0.1);
    }

    /// <summary>An edge that comes while the supervisor still holds is lost; the pin stays high and closes nothing when it lets go.</summary>
    [Fact]
    public void WhileTheSupplyIsYoung_ClosingDoesNothing()
    {
        Waveforms curves = Run(("tpor", 30e-3));
        Assert.InRange(curves.FirstAbove(Latch, High, 0)!.Value, SecondClose, End);
    }

    [Fact]
    public void TheLatch_HoldsAfterTheFaultHasGone_UntilThePinFallsAndRises()
    {
        Waveforms curves = Run(("v0", 3.7), ("v1", 4.8));
        Assert.True(curves.At(OverOutput, SecondClose - 6e-3) > High, "the comparator is quiet again");
        Assert.True(curves.At(Latch, SecondClose - 6e-3) < High, "with the pin still high");
        Assert.True(curves.At(Coil, SecondClose - 1e-4) < ReleaseA);
        Assert.True(curves.At(Latch, End - 1e-3) > High);
    }

    [Fact]
    public void Closing_WhileTheFaultIsThere_DoesNothing()
    {
        Waveforms curves = Run(("v0", 3.7), ("v1", 2.0), ("tback", 0.118));
        Assert.True(curves.At(UnderOutput, SecondClose + 1e-3) < High);
        Assert.Null(curves.FirstAbove(Latch, High, Fault + 1e-3));
    }

    [Fact]
    public void TheNode_SeesTheComparatorAndTheDrive()
    {
        Waveforms curves = Run(("v0", 3.7), ("v1", 4.8));
        Assert.True(curves.At(Tripped, Fault - 1e-3) < High);
        Assert.True(curves.At(Tripped, Back - 1e-3) > High);
        Assert.True(curves.At(Tripped, SecondClose - 6e-3) < High);
        Assert.True(curves.At(Drive, Fault - 1e-3) > High);
        Assert.True(curves.At(Drive, SecondClose - 6e-3) < High);
    }

    [Fact]
    public void ALowPin_OpensTheRelay()
    {
        Waveforms curves = Run();
        Assert.True(curves.At(Drive, SecondClose - 5.1e-3) > High);
        Assert.True(curves.At(Drive, SecondClose - 4.9e-3) < High);
        Assert.True(curves.At(Coil, SecondClose - 1e-3) < ReleaseA);
    }

    [Fact]
    public void LossOfTheSegmentsSupply_OpensTheRelay()
    {
        Waveforms curves = Run(("tsegoff", Fault));
        Assert.NotNull(curves.FirstBelow(Latch, High, Fault));
        Assert.True(curves.At(Tripped, End - 1e-3) > High);
        Assert.True(curves.At(Coil, End - 1e-3) < ReleaseA);
    }

    /// <summary>(V_high - V_low) of the references over the divider's ratio: 18.6 mV and 19.9 mV at the cell.</summary>
    [Theory]
    [InlineData(OverV, -0.016, false)]
    [InlineData(OverV, -0.021, true)]
    [InlineData(UnderV, 0.017, false)]
    [InlineData(UnderV, 0.022, true)]
    public void Hysteresis_IsTwentyMillivolts(double thresholdV, double offV, bool isQuietAgain)
    {
        int output = thresholdV == OverV ? OverOutput : UnderOutput;
        Waveforms curves = Run(("v0", thresholdV + offV), ("v1", thresholdV - (10 * offV)));

        // Under-voltage begins tripped at power-up and needs the whole band to let go.
        Assert.Equal(thresholdV == OverV || isQuietAgain, curves.At(output, Fault - 1e-3) > High);
        Assert.True(curves.At(output, Back - 1e-3) < High);
        Assert.Equal(isQuietAgain, curves.At(output, End - 1e-3) > High);
    }

    private static Waveforms Run(params (string Name, double Value)[] parameters) => Ngspice.Run(Netlist, parameters).Waveforms;
}
