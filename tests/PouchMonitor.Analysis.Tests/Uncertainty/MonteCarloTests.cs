using PouchMonitor.Analysis.Uncertainty;

namespace PouchMonitor.Analysis.Tests.Uncertainty;

/// <summary>
/// The analytic combination against the propagation of distributions (JCGM 101:2008): the instrument's own equations, not
/// linearised, with every error drawn. A forgotten, doubled or wrongly signed sensitivity shows.
/// </summary>
public sealed class MonteCarloTests(ITestOutputHelper output)
{
    private const int Trials = 200_000;
    private const int Seed = 20_080_101;
    private const double Tolerance = 0.03;

    public static TheoryData<string, bool> Cases() => new()
    {
        { "1 Ah", false }, { "1 Ah", true }, { "3 Ah", false }, { "3 Ah", true }, { "anode-free", true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Efficiency(string name, bool isCalibrated)
    {
        (FrontEnd board, CycleProtocol protocol) = name switch
        {
            "1 Ah" => (FrontEnd.OneAmpereHour, CycleProtocol.OneAmpereHour),
            "3 Ah" => (FrontEnd.ThreeAmpereHours, CycleProtocol.ThreeAmpereHours),
            _ => (FrontEnd.OneAmpereHour, CycleProtocol.AnodeFree),
        };
        board = isCalibrated ? board.Calibrated() : board;
        var draw = new Draw(Seed);
        Compare(EfficiencyBudget.Of(board, protocol), () => MeasuredEfficiency(board, protocol, draw));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Capacity(bool hasZero, bool hasGain)
    {
        FrontEnd board = Board(FrontEnd.ThreeAmpereHours, hasZero, hasGain);
        var draw = new Draw(Seed);
        Compare(CapacityBudget.Of(board, 0.6, 18000), () =>
        {
            var errors = new Instrument(board, draw);
            double shuntDrift = draw.Flat(board.ShuntTemperatureCoefficientPerK * errors.TemperatureK);
            double gainDrift = draw.Flat(board.CurrentRange.GainDriftPerK * errors.TemperatureK);
            double currentA = errors.Read(0.6, shuntDrift, gainDrift, 180_000);
            return currentA * (18000 + draw.Edges(board)) * (1 + draw.Flat(board.ClockRelative)) / 3600;
        });
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void Polarization(bool hasZero, bool hasGain)
    {
        FrontEnd board = Board(FrontEnd.OneAmpereHour, hasZero, hasGain);
        ConverterRange range = board.VoltageRange;
        InputCalibration? calibration = board.VoltageCalibration;
        double loading = board.VoltageFilterOhms * ((1 / range.DifferentialOhms) + (0.5 / range.CommonModeOhms));
        var draw = new Draw(Seed);
        Compare(PolarizationBudget.Of(board, 3.94, 18_000, 3.71, 7200), () =>
        {
            double zeroV = (calibration?.ZeroConversions is { } conversions ? range.NoiseV / Math.Sqrt(conversions) * draw.Normal() : draw.Flat(range.ZeroV))
                + draw.Flat(board.LeakageA * board.VoltageFilterOhms / 2);
            double gain = calibration?.GainStandardRelative is { } standard
                ? (standard * draw.Normal()) + draw.Flat(0.1 * loading) + draw.Flat(range.GainDriftPerK * 5)
                : draw.Flat(range.GainRelative) + draw.Flat(loading) + draw.Flat(range.GainDriftPerK * 20);
            return Read(3.94, 0, 0, 180_000) - Read(3.71, draw.Flat(range.GainDriftPerK * 2), draw.Flat(range.ZeroDriftVPerK * 2), 72_000);

            double Read(double voltageV, double gainDrift, double zeroDriftV, double count)
            {
                double step = range.LsbV / Math.PI * Math.Exp(-2 * Math.Pow(Math.PI * range.NoiseV / range.LsbV, 2)) * Math.Sin(2 * Math.PI * draw.Share());
                return (voltageV * (1 + gain) * (1 + gainDrift)) + zeroV + zeroDriftV + draw.Flat(range.LsbV) + step
                    + (range.NoiseV / Math.Sqrt(count) * draw.Normal());
            }
        });
    }

    /// <summary>
    /// Where the voltage is held, the mean is one over charge, and a zero of the current weighs it otherwise. The budget leaves
    /// that out: here it is worked out over five hours of constant current and an hour of decay, and has to be the smaller part (in
    /// squares it adds an eighth to a board as bought, nothing to a calibrated one).
    /// </summary>
    [Theory]
    [InlineData(false, 0.6)]
    [InlineData(true, 0.05)]
    public void ZeroOfTheCurrent_WeighsTheMeanVoltageLittle(bool isCalibrated, double atMostOfTheBudget)
    {
        FrontEnd board = Board(FrontEnd.OneAmpereHour, isCalibrated, isCalibrated);
        double zeroA = CurrentBudget.Of(board, 0, 1e6).CombinedStandardUncertainty;
        double shiftV = MeanV(zeroA) - MeanV(0);
        double budgetV = PolarizationBudget.Of(board, MeanV(0), 18_000, 3.71, 7200).CombinedStandardUncertainty;
        output.WriteLine($"zero {zeroA:E2} A shifts the mean by {shiftV:E2} V, budget {budgetV:E2} V");
        Assert.NotEqual(0, shiftV);
        Assert.InRange(Math.Abs(shiftV) / budgetV, 0, atMostOfTheBudget);

        static double MeanV(double zeroA)
        {
            double energy = 0;
            double charge = 0;
            for (int second = 0; second < 21_600; second++)
            {
                bool isHeld = second >= 18_000;
                double voltageV = isHeld ? 4.2 : 3.6 + (0.6 * second / 18_000.0);
                double currentA = (isHeld ? 0.2 * Math.Exp(-(second - 18_000) / 1800.0) : 0.2) + zeroA;
                energy += voltageV * currentA;
                charge += currentA;
            }

            return energy / charge;
        }
    }

    [Theory]
    [InlineData(25)]
    [InlineData(60)]
    [InlineData(130)]
    public void Thermistor(double celsius)
    {
        var part = new ThermistorDivider();
        const double noiseV = 266.93e-6 / 6.6;
        var draw = new Draw(Seed);
        Compare(ThermistorBudget.Of(part, celsius), () =>
        {
            double kelvin = celsius + 273.15 + draw.Flat(part.SelfHeatingK(celsius)) - (draw.Flat(part.ContactShare) * (celsius - 25));
            double ohms = 10e3 * (1 + draw.Flat(0.01)) * Math.Exp(3988 * (1 + draw.Flat(0.003)) * ((1 / kelvin) - (1 / 298.15)));
            double series = 10e3 * (1 + draw.Flat(0.0015));
            double zero = draw.Flat(3 * 125e-6);
            double loading = draw.Flat(ohms * series / (ohms + series) / 4.2857e6);
            double divider = (2.5 * ohms / (ohms + series) * (1 - loading)) + zero + draw.Flat(125e-6) + draw.Flat(62.5e-6) + (noiseV * draw.Normal());
            double supply = 2.5 + zero + draw.Flat(125e-6) + draw.Flat(62.5e-6) + (noiseV * draw.Normal());
            double found = 10e3 * (divider / supply) / (1 - (divider / supply));
            return 1 / ((1 / 298.15) + (Math.Log(found / 10e3) / 3988));
        });
    }

    [Theory]
    [InlineData(25)]
    [InlineData(60)]
    [InlineData(130)]
    public void Infrared(double celsius)
    {
        var draw = new Draw(Seed);
        Compare(InfraredBudget.Of(new InfraredView(), celsius), () =>
        {
            double emissivity = 0.95 + draw.Flat(0.02);
            double seen = (emissivity * Math.Pow(celsius + 273.15, 4)) + ((1 - emissivity) * Math.Pow(298.15 + draw.Flat(5), 4));
            double object4 = (seen - (0.05 * Math.Pow(298.15, 4))) / 0.95;
            return Math.Pow(object4, 0.25) + draw.Flat(InfraredView.AccuracyK(celsius)) + (0.1 * draw.Normal()) + draw.Flat(0.01);
        });
    }

    private static FrontEnd Board(FrontEnd bought, bool hasZero, bool hasGain)
    {
        var input = new MeasuringInput(hasZero || hasGain ? 7u : 0, hasZero, hasGain);
        return new MeasuringBoard(bought.ShuntOhms, input, input).ToFrontEnd()!;
    }

    private static double MeasuredEfficiency(FrontEnd board, CycleProtocol protocol, Draw draw)
    {
        var errors = new Instrument(board, draw);
        double gainDrift = draw.Flat(board.CurrentRange.GainDriftPerK * board.HalfCycleTemperatureK);
        double shuntDrift = draw.Flat(board.ShuntTemperatureCoefficientPerK * board.HalfCycleTemperatureK);
        double clock = draw.Flat(board.ClockChangeRelative);
        double charged = errors.Read(protocol.ChargeA, 0, 0, protocol.ChargeSeconds / board.SampleSeconds)
            * (protocol.ChargeSeconds + draw.Edges(board));
        double discharged = -errors.Read(-protocol.DischargeA, shuntDrift, gainDrift, protocol.DischargeSeconds / board.SampleSeconds)
            * (protocol.DischargeSeconds + draw.Edges(board)) * (1 + clock);
        return discharged / charged;
    }

    private void Compare(UncertaintyBudget budget, Func<double> measure)
    {
        double sum = 0;
        double squares = 0;
        double first = measure();
        for (int trial = 0; trial < Trials; trial++)
        {
            double off = measure() - first;
            sum += off;
            squares += off * off;
        }

        double mean = sum / Trials;
        double found = Math.Sqrt((squares / Trials) - (mean * mean));
        output.WriteLine($"seed {Seed}: {budget.Quantity}: drawn {found:E4}, combined {budget.CombinedStandardUncertainty:E4}");
        Assert.Equal(1, found / budget.CombinedStandardUncertainty, Tolerance);
    }

    /// <summary>One board: errors that stay are drawn once, the rest at each reading.</summary>
    private sealed class Instrument
    {
        private readonly FrontEnd board;
        private readonly Draw draw;
        private readonly double zeroV;
        private readonly double gain;
        private readonly double contactShare;
        private readonly double temperatureCoefficient;

        public Instrument(FrontEnd board, Draw draw)
        {
            this.board = board;
            this.draw = draw;
            ConverterRange range = board.CurrentRange;
            InputCalibration? calibration = board.CurrentCalibration;
            TemperatureK = calibration?.GainStandardRelative is null ? 20 : calibration.TemperatureK;
            temperatureCoefficient = draw.Flat(board.ShuntTemperatureCoefficientPerK);
            contactShare = draw.Flat(board.ContactShareOfRise);
            zeroV = (calibration?.ZeroConversions is { } conversions ? range.NoiseV / Math.Sqrt(conversions) * draw.Normal() : draw.Flat(range.ZeroV))
                + draw.Flat(range.ZeroDriftVPerK * (calibration?.ZeroConversions is null ? 20 : calibration.TemperatureK)) + draw.Flat(board.ThermalEmfVPerK * board.ContactDifferenceK)
                + draw.Flat(board.LeakageA * board.CurrentFilterOhms / 2);
            double loading = board.CurrentFilterOhms * ((1 / range.DifferentialOhms) + (0.5 / range.CommonModeOhms));
            gain = calibration?.GainStandardRelative is { } standard
                ? (standard * draw.Normal()) + draw.Flat(0.1 * loading)
                : draw.Flat(range.GainRelative) + draw.Flat(board.ShuntToleranceRelative) + draw.Flat(loading);
        }

        public double TemperatureK { get; }

        public double Read(double currentA, double shuntDrift, double gainDrift, double conversions)
        {
            ConverterRange range = board.CurrentRange;
            double riseK = board.ShuntThermalResistanceKPerW * currentA * currentA * board.ShuntOhms;
            double shuntV = (currentA * board.ShuntOhms * (1 + (temperatureCoefficient * riseK) + shuntDrift)) + (board.ThermalEmfVPerK * contactShare * riseK);
            double step = range.LsbV / Math.PI * Math.Exp(-2 * Math.Pow(Math.PI * range.NoiseV / range.LsbV, 2)) * Math.Sin(2 * Math.PI * draw.Share());
            double codeV = (shuntV * (1 + gain) * (1 + gainDrift)) + zeroV + draw.Flat(range.LsbV) + step
                + (range.NoiseV / Math.Sqrt(conversions) * draw.Normal());
            return codeV / board.ShuntOhms;
        }
    }

    private sealed class Draw(int seed)
    {
        private readonly Random random = new(seed);

        public double Share() => random.NextDouble();

        public double Flat(double halfWidth) => halfWidth * ((2 * random.NextDouble()) - 1);

        public double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

        public double Edges(FrontEnd board) => Flat(board.SampleSeconds / 2) + Flat(board.SampleSeconds / 2);
    }
}
