using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection.Heat;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// <c>GET /api/v1/cells/{cell}/heat?test=&amp;from=&amp;to=&amp;points=</c>: the heat balance of a range, W, positive where the cell
/// gives heat off; without a range that of the last finished cycle. A viewer's.
/// </summary>
internal sealed class HeatEndpoint(GatewayServices gateway)
{
    private const int MostAtOnce = 2;
    private const int UsualBlocks = 600;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(20);
    private static readonly string[] Columns = ["time", "heatW", "storedW", "jouleW", "riseK", "uncertaintyW"];

    private readonly SemaphoreSlim places = new(MostAtOnce);
    private readonly HeatQuery query = new(gateway.Journal, gateway.Nodes.Calibrations);

    /// <param name="context">The request.</param>
    /// <param name="test">The test.</param>
    /// <param name="from">First time asked for, microseconds.</param>
    /// <param name="to">Last time asked for, microseconds.</param>
    /// <param name="points">Most blocks asked for.</param>
    public async Task Answer(HttpContext context, TestView test, long? from, long? to, int? points)
    {
        int most = points ?? UsualBlocks;
        if (most is < HeatQuery.FewestBlocks or > HeatQuery.MostBlocks)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, $"points = {most} is outside {HeatQuery.FewestBlocks} to {HeatQuery.MostBlocks}.");
            return;
        }

        CycleSummary? last = test.Cycles.Count > 0 ? test.Cycles[^1] : null;
        long first = from ?? last?.StartMicroseconds ?? test.Record.StartMicroseconds ?? 0;
        long end = to ?? (from is null ? last?.EndMicroseconds : null) ?? test.Record.LastMicroseconds ?? first;
        if (end < first)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, $"to = {end / 1e6} lies before from = {first / 1e6}.");
            return;
        }

        if (!places.Wait(0, context.RequestAborted))
        {
            await Busy(context, $"{MostAtOnce} requests for heat are at work already, which is the most; ask again in a moment.");
            return;
        }

        (double BlockSeconds, IReadOnlyList<HeatMeans> Blocks) read;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            limit.CancelAfter(MostTime);
            read = await Task.Run(() => query.Read(test.Record, first, end, most, limit.Token), limit.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await Busy(context, $"The range was not read within {MostTime.TotalSeconds:0} s, which is the most.");
            return;
        }
        finally
        {
            places.Release();
        }

        CellProfile profile = TestProfiles.Of(test.Record, gateway.Database, notice: null);
        await GatewayEndpoints.Send(context, writer => Write(writer, test, profile, first, end, read.BlockSeconds, read.Blocks));
    }

    private static Task Busy(HttpContext context, string error)
    {
        context.Response.Headers.RetryAfter = "1";
        return GatewayEndpoints.Fail(context, StatusCodes.Status503ServiceUnavailable, error);
    }

    private static void Write(
        Utf8JsonWriter writer, TestView test, CellProfile profile, long from, long to, double blockSeconds, IReadOnlyList<HeatMeans> blocks)
    {
        CycleSummary? whole = test.Cycles.FirstOrDefault(cycle => cycle.Quality == CycleQuality.Complete);
        double? capacityAh = profile.NominalCapacityAh ?? (whole is null ? null : ComparableCycles.MainCapacityAh(whole, profile.Kind));
        double? heatCapacity = HeatBalance.HeatCapacityJPerK(profile.MassG, capacityAh);
        HeatBalance? balance = heatCapacity is > 0 ? HeatBalance.Of(blocks, blockSeconds, heatCapacity.Value, Resistances(test.Pulses)) : null;
        writer.WriteStartObject();
        writer.WriteString("cell", test.Record.Cell);
        writer.WriteString("test", test.Record.Test);
        writer.WriteNumber("from", from / 1e6);
        writer.WriteNumber("to", to / 1e6);
        writer.WriteNumber("blockSeconds", blockSeconds);
        WriteValue(writer, "heatCapacityJPerK", heatCapacity);
        WriteValue(writer, "coolingSeconds", balance?.TimeConstantS);
        writer.WriteBoolean("coolingLearned", balance?.IsLearned ?? false);
        WriteValue(writer, "smallestW", balance is { Points.Count: > 0 } ? balance.Points.Min(point => point.UncertaintyW) : null);
        writer.WriteString("reason", Reason(balance));
        writer.WriteStartArray("columns");
        foreach (string column in Columns)
        {
            writer.WriteStringValue(column);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("rows");
        foreach (HeatPoint point in balance?.Points ?? [])
        {
            writer.WriteStartArray();
            foreach (double value in (ReadOnlySpan<double>)[point.TimeS, point.HeatW, point.StoredW, point.JouleW, point.RiseK, point.UncertaintyW])
            {
                if (double.IsFinite(value))
                {
                    writer.WriteNumberValue(value);
                }
                else
                {
                    writer.WriteNullValue();
                }
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string? Reason(HeatBalance? balance) => balance switch
    {
        null => "Neither mass nor capacity of the cell is known, so that its heat capacity is not.",
        { Points.Count: 0 } => "The range has no two blocks with a temperature of the cell and of its surroundings.",
        _ => null,
    };

    /// <summary>The newest resistance at a time, seconds: at 10 s of a current step, else at 1 s, else at once.</summary>
    private static Func<double, double?> Resistances(IReadOnlyList<PulseResistance> pulses)
    {
        PulseResistance[] known = [.. pulses.Where(pulse => Of(pulse) is not null).OrderBy(pulse => pulse.TimeMicroseconds)];
        int at = -1;
        return timeS =>
        {
            // Asked in order of time.
            while (at + 1 < known.Length && known[at + 1].TimeMicroseconds <= timeS * 1e6)
            {
                at++;
            }

            return at >= 0 ? Of(known[at]) : null;
        };

        static double? Of(PulseResistance pulse) => pulse.R10sOhm ?? pulse.R1sOhm ?? pulse.R0Ohm;
    }

    private static void WriteValue(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } known && double.IsFinite(known))
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
