using PouchMonitor.Analysis.Uncertainty;
using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Hardware.Tests.Support;
using PouchMonitor.Measurement;

namespace PouchMonitor.Hardware.Tests.Inputs;

/// <summary>hardware/simulation/thermistor-divider.cir, read with the firmware's own curve.</summary>
public sealed class ThermistorDividerTests
{
    private const string Netlist = "thermistor-divider";
    private const double StepV = 125e-6;
    private static readonly ThermistorDivider Part = new();

    /// <summary>Read back with the firmware: the converter's input makes it warm in the cold, elsewhere it is a step or two.</summary>
    [Theory]
    [InlineData(-40, 1.4)]
    [InlineData(-20, 0.5)]
    [InlineData(0, 0.2)]
    [InlineData(25, 0.1)]
    [InlineData(60, 0.1)]
    [InlineData(100, 0.15)]
    [InlineData(150, 0.4)]
    public void Temperature_IsThatOfTheResistance(double celsius, double atMostK)
    {
        double found = Read(celsius, 2.5, out SensorState state);
        Assert.Equal(SensorState.Good, state);
        Assert.Equal(celsius, found, atMostK);
    }

    [Fact]
    public void InTheCold_TheErrorIsThatOfTheBudget()
    {
        UncertaintyComponent loading = Assert.Single(
            ThermistorBudget.Of(Part, -40).Components, component => component.Name == "loading of the divider");
        Assert.Equal(loading.HalfWidth * loading.Sensitivity, Read(-40, 2.5, out _) + 40, 0.5);
    }

    [Theory]
    [InlineData(-40)]
    [InlineData(25)]
    [InlineData(150)]
    public void Ratio_DoesNotFeelTheSupply(double celsius)
    {
        double low = Read(celsius, 2.375, out _);
        double high = Read(celsius, 2.625, out _);
        Assert.Equal(low, high, 0.25);
    }

    [Theory]
    [InlineData(25)]
    [InlineData(60)]
    public void OwnHeat_IsThatOfTheBudget(double celsius)
    {
        SpiceResult result = Ngspice.Run(Netlist, ("rntc", Part.Ohms(celsius)));
        Assert.Equal(Part.SelfHeatingK(celsius), result["power"] / Part.DissipationWPerK, 0.001);
        Assert.InRange(result["power"] / Part.DissipationWPerK, 0, 0.11);
    }

    [Theory]
    [InlineData(1e9, SensorState.Open)]
    [InlineData(1, SensorState.Short)]
    public void BrokenWires_AreTold(double ohms, SensorState expected)
    {
        SpiceResult result = Ngspice.Run(Netlist, ("rntc", ohms));
        Assert.Equal(expected, Curve().Convert(Code(result["divider"]), Code(result["supply"]), out _));
    }

    private static double Read(double celsius, double supplyV, out SensorState state)
    {
        SpiceResult result = Ngspice.Run(Netlist, ("rntc", Part.Ohms(celsius)), ("vsupply", supplyV));
        state = Curve().Convert(Code(result["divider"]), Code(result["supply"]), out int millidegrees);
        return millidegrees / 1000.0;
    }

    private static ThermistorCurve Curve() => ThermistorCurve.FromBeta((int)Part.SeriesOhms, (int)Part.OhmsAt25C, (int)Part.BetaK);

    private static int Code(double volts) => (int)Math.Round(volts / StepV);
}
