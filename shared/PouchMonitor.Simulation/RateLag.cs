namespace PouchMonitor.Simulation;

/// <summary>
/// How far the surface of an electrode runs ahead of its bulk on discharge: a share of the state of charge by rate, straight
/// between given points, reached within seconds. It is what a fast discharge leaves behind, and what a slow one after it
/// finds again. On charge the held voltage makes up for it, so it is none there.
/// </summary>
public sealed class RateLag
{
    /// <summary>Seconds in which the lag follows the current.</summary>
    public const double TimeConstantS = 8;

    private readonly double[] rates;
    private readonly double[] lags;

    private RateLag(double[] rates, double[] lags)
    {
        this.rates = rates;
        this.lags = lags;
    }

    /// <summary>Lag at a discharge rate in C, as a share of the state of charge; 0 for a charge.</summary>
    public double At(double dischargeRateC)
    {
        if (dischargeRateC <= rates[0])
        {
            return dischargeRateC <= 0 ? 0 : lags[0] * dischargeRateC / rates[0];
        }

        int at = 0;
        while (at < rates.Length - 2 && dischargeRateC > rates[at + 1])
        {
            at++;
        }

        if (rates.Length == 1)
        {
            return lags[0];
        }

        double slope = (lags[at + 1] - lags[at]) / (rates[at + 1] - rates[at]);
        return Math.Clamp(lags[at] + (slope * (dischargeRateC - rates[at])), 0, 0.95);
    }

    /// <summary>
    /// The lag with which a fresh cell gives the stated capacities: what its resistance at each rate does not explain. The
    /// largest capacity is that of the bulk.
    /// </summary>
    /// <param name="cell">Cell without a lag.</param>
    /// <param name="capacities">Rate in C, and capacity in ampere-hours; rates rising.</param>
    public static RateLag Of(EmulatedCellProfile cell, params (double RateC, double Ah)[] capacities)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(capacities);
        double[] rates = Array.ConvertAll(capacities, point => point.RateC);
        double[] usable = Array.ConvertAll(capacities, point => Usable(cell, point.RateC));
        double bulkAh = 0;
        for (int i = 0; i < capacities.Length; i++)
        {
            bulkAh = Math.Max(bulkAh, capacities[i].Ah / usable[i]);
        }

        double[] lags = new double[capacities.Length];
        for (int i = 0; i < lags.Length; i++)
        {
            lags[i] = usable[i] - (capacities[i].Ah / bulkAh);
        }

        return new RateLag(rates, lags);
    }

    private static double Usable(EmulatedCellProfile cell, double rateC)
    {
        CyclerProtocol protocol = cell.Protocol;
        double resistance = cell.TotalResistanceOhm(0);
        return cell.OpenCircuit.StateOfChargeAt(protocol.UpperVoltageV - (protocol.CutoffRateC * cell.OneCA * resistance))
            - cell.OpenCircuit.StateOfChargeAt(protocol.LowerVoltageV + (rateC * cell.OneCA * resistance));
    }
}
