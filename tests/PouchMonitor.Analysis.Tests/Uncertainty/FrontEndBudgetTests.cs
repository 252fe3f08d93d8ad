using PouchMonitor.Analysis.Uncertainty;

namespace PouchMonitor.Analysis.Tests.Uncertainty;

/// <summary>Each budget against figures worked out by hand from the datasheets' values.</summary>
public sealed class FrontEndBudgetTests
{
    private static readonly double Root3 = Math.Sqrt(3);

    [Fact]
    public void Voltage_AsBought_IsGainAndZero()
    {
        UncertaintyBudget budget = VoltageBudget.Of(FrontEnd.OneAmpereHour, 4.2, 1);
        Assert.Equal(4.2 * 0.0015 / Root3, Of(budget, "gain of the converter"), 1e-9);
        Assert.Equal(4.2 * ((2000 / 22e6) + (1000 / 10e6)) / Root3, Of(budget, "loading of the filter"), 1e-9);
        Assert.Equal(3 * 187.5e-6 / Root3, Of(budget, "zero as bought"), 1e-12);
        Assert.Equal(430.06e-6 / 6.6, Of(budget, "noise"), 1e-9);
        Assert.Equal(187.5e-6 / 2 / Root3, Of(budget, "steps"), 1e-12);
        Assert.InRange(budget.ExpandedUncertainty, 0.008, 0.0095);
    }

    [Fact]
    public void Voltage_Calibrated_ResolvesTheFiveMillivoltsOfASoftShort()
    {
        UncertaintyBudget one = VoltageBudget.Of(FrontEnd.OneAmpereHour.Calibrated(), 4.2, 1);
        Assert.Equal(4.2 * 1e-4, Of(one, "gain, reference and readings"), 1e-9);
        Assert.Equal(430.06e-6 / 6.6 / Math.Sqrt(64), Of(one, "zero, residual of calibration"), 1e-9);
        Assert.InRange(one.ExpandedUncertainty, 0.0010, 0.0020);
        Assert.InRange(Resolution.Of(FrontEnd.OneAmpereHour.Calibrated(), CycleProtocol.OneAmpereHour).DipV, 0.0004, 0.001);
    }

    [Fact]
    public void Current_AsBought_IsTheZeroAndTheTolerances()
    {
        UncertaintyBudget budget = CurrentBudget.Of(FrontEnd.OneAmpereHour, -0.5, 1);
        Assert.Equal(187.5e-6 / 0.1 / Root3, Of(budget, "zero as bought"), 1e-9);
        Assert.Equal(0.5 * 0.005 / Root3, Of(budget, "tolerance of the shunt"), 1e-9);
        Assert.Equal(0.5 * 0.0015 / Root3, Of(budget, "gain of the converter"), 1e-9);
        Assert.Equal(0.5 * ((200 / 710e3) + (100 / 100e6)) / Root3, Of(budget, "loading of the filter"), 1e-9);

        // 25 mW in 100 mOhm, 0.375 K at 15 K/W, 30 ppm/K.
        Assert.Equal(0.5 * 0.375 * 30e-6 / Root3, Of(budget, "shunt, own heat"), 1e-12);
        Assert.Equal(35.83e-6 / 6.6 / 0.1, Of(budget, "noise"), 1e-9);
    }

    [Fact]
    public void Capacity_IsTheCurrentTimesTheHours()
    {
        FrontEnd board = FrontEnd.ThreeAmpereHours.Calibrated();
        UncertaintyBudget budget = CapacityBudget.Of(board, 3, 3600);
        Assert.Equal(3, budget.Value, 1e-12);
        Assert.Equal(3 * 1e-4, Of(budget, "gain, reference and readings"), 1e-9);
        Assert.Equal(7.8125e-6 / 0.05 / Root3, Of(budget, "non-linearity"), 1e-9);
        Assert.Equal(0.1 * 3 / 3600 / Math.Sqrt(6), Of(budget, "edges of the step"), 1e-9);
        Assert.Equal(3 * 10e-6 / Root3, Of(budget, "clock"), 1e-9);

        // 450 mW, 6.75 K.
        Assert.Equal(3 * 6.75 * 30e-6 / Root3, Of(budget, "shunt, own heat"), 1e-9);
    }

    [Fact]
    public void Efficiency_OffsetAddsUpAndGainCancels()
    {
        UncertaintyBudget budget = EfficiencyBudget.Of(FrontEnd.OneAmpereHour.Calibrated(), CycleProtocol.OneAmpereHour);

        // CE (1/0.2 A + 1/0.5 A) / 0.1 Ohm = 69.86 a volt: one step of 7.8 uV is 0.05 %.
        Assert.Equal(0.998 * 7 / 0.1, Component(budget, "drift of the zero").Sensitivity, 1e-9);
        Assert.Equal(0.998 * 7 / 0.1 * 0.005 * 62.5e-6 * 5 / Root3, Of(budget, "drift of the zero"), 1e-9);
        Assert.Equal(0.998 / 0.02 * 7.8125e-6 / Root3, Of(budget, "non-linearity, charge"), 1e-9);
        Assert.Equal(0.998 / 0.05 * 7.8125e-6 / Root3, Of(budget, "non-linearity, discharge"), 1e-9);
        Assert.Equal(0, Of(budget, "gain, reference and readings"));
        Assert.Equal(0.998 * 40e-6 * 2 / Root3, Of(budget, "drift of the gain between the halves"), 1e-12);

        // 25 mW against 4 mW: 0.315 K apart.
        Assert.Equal(0.998 * 30e-6 * 0.315 / Root3, Of(budget, "shunt, own heat"), 1e-9);
        Assert.Equal(0.1 / 7200 / Math.Sqrt(6) * 0.998, Of(budget, "edges of the discharge"), 1e-12);
    }

    [Fact]
    public void Polarization_ZeroCancelsAndGainCountsWithTheGap()
    {
        UncertaintyBudget budget = PolarizationBudget.Of(FrontEnd.OneAmpereHour.Calibrated(), 3.94, 18_000, 3.71, 7200);
        Assert.Equal(0.23, budget.Value, 1e-12);
        Assert.Equal(0, Of(budget, "zero, residual of calibration"));
        Assert.Equal(0.23 * 1e-4, Of(budget, "gain, reference and readings"), 1e-9);
        Assert.Equal(3.71 * 40e-6 * 2 / Root3, Of(budget, "drift of the gain between the halves"), 1e-9);
        Assert.Equal(187.5e-6 / Root3, Of(budget, "non-linearity, charge"), 1e-9);
        Assert.Equal(187.5e-6 / Root3, Of(budget, "non-linearity, discharge"), 1e-9);
        Assert.Equal(430.06e-6 / 6.6 / Math.Sqrt(72_000), Of(budget, "noise, discharge"), 1e-12);
        Assert.InRange(budget.ExpandedUncertainty, 0.0003, 0.0006);
    }

    [Fact]
    public void PartOfACalibration_LeavesTheRestAsBought()
    {
        FrontEnd zeroOnly = new MeasuringBoard(0.1, default, new MeasuringInput(7, HasZero: true, HasGain: false)).ToFrontEnd()!;
        FrontEnd gainOnly = new MeasuringBoard(0.1, default, new MeasuringInput(7, HasZero: false, HasGain: true)).ToFrontEnd()!;
        UncertaintyBudget zero = CurrentBudget.Of(zeroOnly, 0.5, 1);
        UncertaintyBudget gain = CurrentBudget.Of(gainOnly, 0.5, 1);
        Assert.Equal(35.83e-6 / 6.6 / 8 / 0.1, Of(zero, "zero, residual of calibration"), 1e-9);
        Assert.Equal(0.5 * 0.005 / Root3, Of(zero, "tolerance of the shunt"), 1e-9);
        Assert.Equal(0.5 * 40e-6 * 20 / Root3, Of(zero, "drift of the gain"), 1e-9);
        Assert.Equal(0.005 * 62.5e-6 * 5 / 0.1 / Root3, Of(zero, "drift of the zero"), 1e-12);
        Assert.Equal(187.5e-6 / 0.1 / Root3, Of(gain, "zero as bought"), 1e-9);
        Assert.Equal(0.5 * 1e-4, Of(gain, "gain, reference and readings"), 1e-9);
        Assert.Equal(0.5 * 40e-6 * 5 / Root3, Of(gain, "drift of the gain"), 1e-9);
        Assert.Equal(0.005 * 62.5e-6 * 20 / 0.1 / Root3, Of(gain, "drift of the zero"), 1e-12);
        Assert.DoesNotContain(gain.Components, component => component.Name == "tolerance of the shunt");
        Assert.Equal(new MeasuringBoard(0.1, default, default).ToFrontEnd(), FrontEnd.OneAmpereHour);
    }

    [Theory]
    [InlineData(187.5e-6, 1.0 / 12800, 0.1)]
    [InlineData(187.5e-6, 1.0 / 6400, 0.05)]
    [InlineData(187.5e-6, 1.0 / 32000, 0.25)]
    public void StepsOfABoard_TellItsShunt(double stepV, double stepA, double shuntOhms) =>
        Assert.Equal(shuntOhms, FrontEnd.WithSteps(stepV, stepA)!.ShuntOhms);

    [Theory]
    [InlineData(1e-4, 1.0 / 12800)]
    [InlineData(187.5e-6, 1e-4)]
    [InlineData(1, 1)]
    [InlineData(375e-6, 1.0 / 12800)]
    [InlineData(187.5e-6, 1.0 / 12.8)]
    [InlineData(187.5e-6, 1.0 / 12801)]
    public void OtherSteps_AreNoBoards(double stepV, double stepA) => Assert.Null(FrontEnd.WithSteps(stepV, stepA));

    [Fact]
    public void Efficiency_MeetsTheTargetAfterCalibrationOnly()
    {
        Assert.InRange(U(FrontEnd.OneAmpereHour.Calibrated(), CycleProtocol.OneAmpereHour), 0.0003, 0.001);
        Assert.InRange(U(FrontEnd.ThreeAmpereHours.Calibrated(), CycleProtocol.ThreeAmpereHours), 0.0002, 0.001);
        Assert.InRange(U(FrontEnd.OneAmpereHour, CycleProtocol.OneAmpereHour), 0.01, 0.03);
        Assert.InRange(U(FrontEnd.ThreeAmpereHours, CycleProtocol.ThreeAmpereHours), 0.005, 0.02);
    }

    [Fact]
    public void Efficiency_AtATenthOfC_NeedsALargerShunt()
    {
        FrontEnd board = FrontEnd.OneAmpereHour.Calibrated();
        Assert.True(U(board, CycleProtocol.AnodeFree) > 0.001);
        Assert.True(U(board with { ShuntOhms = 0.25 }, CycleProtocol.AnodeFree) < 0.001);
    }

    [Fact]
    public void InTwoFigures_GivesTheBudgetBack()
    {
        foreach ((FrontEnd board, CycleProtocol protocol) in new[]
        {
            (FrontEnd.OneAmpereHour, CycleProtocol.OneAmpereHour), (FrontEnd.ThreeAmpereHours.Calibrated(), CycleProtocol.ThreeAmpereHours),
            (FrontEnd.OneAmpereHour.Calibrated(), CycleProtocol.AnodeFree),
        })
        {
            MeasurementUncertainty figures = EfficiencyBudget.InTwoFigures(board, protocol);
            double expected = EfficiencyBudget.Of(board, protocol).CombinedStandardUncertainty;
            double found = figures.OfEfficiency(
                protocol.Efficiency, protocol.ChargeC, protocol.ChargeSeconds, protocol.DischargeC, protocol.DischargeSeconds);
            Assert.Equal(expected, found, expected * 1e-9);
        }
    }

    [Fact]
    public void Resolution_IsTheExpandedUncertaintyInItsOwnUnits()
    {
        FrontEnd board = FrontEnd.OneAmpereHour.Calibrated();
        Resolution found = Resolution.Of(board, CycleProtocol.OneAmpereHour);
        double u = U(board, CycleProtocol.OneAmpereHour);
        Assert.Equal(u, found.EfficiencyOfOneCell);
        Assert.Equal(u * Math.Sqrt(2), found.EfficiencyBetweenBoards, 1e-12);
        Assert.True(found.EfficiencyBetweenCycles < found.EfficiencyOfOneCell);

        // 1.002 Ah over 5.01 h + 2 h.
        Assert.Equal(u / 0.998, found.LossPerCycleAh, 1e-9);
        Assert.Equal(u / 0.998 / ((1 / 0.998 / 0.2) + 2), found.ShortByEfficiencyA, 1e-9);
    }

    [Theory]
    [InlineData(25, 1)]
    [InlineData(60, 1.5)]
    [InlineData(130, 3)]
    public void Thermistor_AsBought_IsItsTolerances(double celsius, double atMostK)
    {
        UncertaintyBudget budget = ThermistorBudget.Of(new ThermistorDivider(), celsius);
        double kelvin = celsius + 273.15;
        Assert.Equal(kelvin * kelvin / 3988 * 0.01 / Root3, Of(budget, "resistance at 25 C"), 1e-9);
        Assert.Equal(kelvin * Math.Abs((kelvin / 298.15) - 1) * 0.003 / Root3, Of(budget, "beta"), 1e-9);
        Assert.InRange(budget.ExpandedUncertainty, 0.1, atMostK);
    }

    [Fact]
    public void Thermistor_HeatsItselfByTheDividersCurrent() =>

        // 1.25 V on 10 kOhm: 0.156 mW over 1.5 mW/K.
        Assert.Equal(0.15625e-3 / 1.5e-3, new ThermistorDivider().SelfHeatingK(25), 1e-9);

    [Fact]
    public void Thermistor_InTheCold_IsLoadedByTheConverter()
    {
        // 5 kOhm over 15 MOhm beside 6 MOhm; at -40 C 416 kOhm beside 10 kOhm.
        Assert.Equal(5000 / 4.2857e6, new ThermistorDivider().Loading(25), 1e-7);
        UncertaintyBudget cold = ThermistorBudget.Of(new ThermistorDivider(), -40);
        Assert.InRange(Of(cold, "loading of the divider") * Root3, 1.0, 1.5);
        Assert.Equal(Of(cold, "loading of the divider") / 10, Of(ThermistorBudget.Of(new ThermistorDivider { CalibrationStandardK = 0.05 }, -40), "loading of the divider"), 1e-9);
    }

    [Fact]
    public void Infrared_AtTheTemperatureOfItsSurroundings_DoesNotFeelEmissivity()
    {
        UncertaintyBudget cold = InfraredBudget.Of(new InfraredView(), 25);
        Assert.Equal(0, Of(cold, "emissivity of the patch"), 1e-12);
        Assert.Equal(0.05 / 0.95 * 5 / Root3, Of(cold, "reflected surroundings"), 1e-9);

        // (333.15^4 - 298.15^4) / (4 * 333.15^3 * 0.95) * 0.02 / sqrt 3.
        Assert.Equal(0.362, Of(InfraredBudget.Of(new InfraredView(), 60), "emissivity of the patch"), 0.001);
    }

    private static double U(FrontEnd board, CycleProtocol protocol) => EfficiencyBudget.Of(board, protocol).ExpandedUncertainty;

    private static double Of(UncertaintyBudget budget, string name) => Component(budget, name).Contribution;

    private static UncertaintyComponent Component(UncertaintyBudget budget, string name) =>
        Assert.Single(budget.Components, component => component.Name == name);
}
