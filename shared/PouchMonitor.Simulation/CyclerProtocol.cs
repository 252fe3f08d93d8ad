namespace PouchMonitor.Simulation;

/// <summary>
/// How a cycler treats a cell: charge at constant current and then constant voltage, rest, discharge at constant current,
/// rest, a number of times. Rates are in C of the nominal capacity and are magnitudes.
/// </summary>
public sealed record CyclerProtocol
{
    public required double LowerVoltageV { get; init; }

    public required double UpperVoltageV { get; init; }

    public required double ChargeRateC { get; init; }

    public required double DischargeRateC { get; init; }

    /// <summary>
    /// Rates by block of cycles, gone through again and again; null runs every cycle at the two rates above. What a cell's
    /// capacity and ageing are stated for are the two rates above in either case.
    /// </summary>
    public IReadOnlyList<RateBlock>? Blocks { get; init; }

    /// <summary>Rate at which the constant-voltage part ends.</summary>
    public double CutoffRateC { get; init; } = 0.05;

    /// <summary>Rest after each charge and each discharge.</summary>
    public double RestS { get; init; } = 600;

    /// <summary>Rest before the first charge.</summary>
    public double InitialRestS { get; init; } = 600;

    /// <summary>Pauses at random, in a day on average; the step that was interrupted goes on afterwards.</summary>
    public double PausesPerDay { get; init; }

    /// <summary>Longest pause; the shortest takes a minute.</summary>
    public double LongestPauseS { get; init; } = 3600;

    /// <summary>Voltage below which the cycler gives up on the cell and opens its output for good.</summary>
    public double AbortBelowVoltageV { get; init; } = 1.0;

    /// <summary>Temperature above which the cycler gives up on the cell and opens its output for good.</summary>
    public double AbortAboveC { get; init; } = 80;

    /// <summary>Rates of a cycle (1, 2, ...).</summary>
    public RateBlock RatesOf(int cycle)
    {
        if (Blocks is null)
        {
            return new RateBlock(int.MaxValue, ChargeRateC, DischargeRateC);
        }

        long round = 0;
        foreach (RateBlock block in Blocks)
        {
            round += block.Cycles;
        }

        long left = (cycle - 1) % round;
        int at = 0;
        while (left >= Blocks[at].Cycles)
        {
            left -= Blocks[at++].Cycles;
        }

        return Blocks[at];
    }

    /// <summary>
    /// Step of the equations that takes about 400 to a half cycle at the fastest rate: a cut-off is then overshot by 0.25 %
    /// of the capacity at most.
    /// </summary>
    public double CoarseStepS
    {
        get
        {
            double fastest = Math.Max(ChargeRateC, DischargeRateC);
            foreach (RateBlock block in Blocks ?? [])
            {
                fastest = Math.Max(fastest, Math.Max(block.ChargeRateC, block.DischargeRateC));
            }

            return Math.Clamp(Math.Round(9 / fastest, 1), 0.1, Math.Min(30, RestS / 4));
        }
    }
}

/// <summary>So many cycles at the same rates, in C and as magnitudes.</summary>
public readonly record struct RateBlock(int Cycles, double ChargeRateC, double DischargeRateC);
