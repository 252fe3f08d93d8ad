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
    [InlineData(false)]
    [InlineData(true)]
    public void Capacity(bool isCalibrated)
    {
        FrontEnd board = isCalibrated ? FrontEnd.ThreeAmpereHours.Calibrated() : FrontEnd.ThreeAmpereHours;
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
            TemperatureK = calibration?.TemperatureK ?? 20;
            temperatureCoefficient = draw.Flat(board.ShuntTemperatureCoefficientPerK);
            contactShare = draw.Flat(board.ContactShareOfRise);
            zeroV = (calibration is null ? draw.Flat(range.ZeroV) : range.NoiseV / Math.Sqrt(calibration.ZeroConversions) * draw.Normal())
                + draw.Flat(range.ZeroDriftVPerK * TemperatureK) + draw.Flat(board.ThermalEmfVPerK * board.ContactDifferenceK)
                + draw.Flat(board.LeakageA * board.CurrentFilterOhms / 2);
            double loading = board.CurrentFilterOhms * ((1 / range.DifferentialOhms) + (0.5 / range.CommonModeOhms));
            gain = calibration is null
                ? draw.Flat(range.GainRelative) + draw.Flat(board.ShuntToleranceRelative) + draw.Flat(loading)
                : (calibration.GainStandardRelative * draw.Normal()) + draw.Flat(0.1 * loading);
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
