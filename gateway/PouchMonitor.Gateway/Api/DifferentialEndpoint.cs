using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Api;

/// <summary><c>GET /api/v1/cells/{cell}/dqdv?test=&amp;cycle=</c>: dQ/dV of one cycle with its peaks, by the names of <c>analyze --json</c>.</summary>
internal sealed class DifferentialEndpoint(GatewayServices gateway)
{
    /// <summary>Lives as long as the gateway: its bound on requests at once is one for all of them.</summary>
    private readonly DifferentialQuery query = new(gateway.Journal, DifferentialLimits.Default, gateway.Nodes.Calibrations);

    public async Task Answer(HttpContext context, TestView test)
    {
        if (Find(test, context.Request.Query["cycle"], out int status, out string problem) is not { } cycle)
        {
            await GatewayEndpoints.Fail(context, status, problem);
            return;
        }

        DifferentialAnswer answer;
        try
        {
            answer = await query.ReadAsync(test, TestProfiles.Of(test.Record, gateway.Database, notice: null), cycle, context.RequestAborted);
        }
        catch (DifferentialException fault)
        {
            if (fault.Fault == DifferentialFault.Busy)
            {
                context.Response.Headers.RetryAfter = "1";
            }

            await GatewayEndpoints.Fail(context, StatusOf(fault.Fault), fault.Message);
            return;
        }

        await GatewayEndpoints.Send(context, writer => Write(writer, test, answer));
    }

    private static int StatusOf(DifferentialFault fault) => fault switch
    {
        DifferentialFault.Gone => StatusCodes.Status410Gone,
        DifferentialFault.TooLarge => StatusCodes.Status413PayloadTooLarge,
        DifferentialFault.Busy => StatusCodes.Status503ServiceUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "not a fault"),
    };

    /// <summary>The cycle asked for, or the newest; null with the reason.</summary>
    private static CycleSummary? Find(TestView test, string? text, out int status, out string problem)
    {
        status = StatusCodes.Status404NotFound;
        problem = $"Test '{test.Record.Test}' has no finished cycle yet.";
        if (string.IsNullOrEmpty(text))
        {
            return test.Cycles.Count > 0 ? test.Cycles[^1] : null;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index < 1)
        {
            status = StatusCodes.Status400BadRequest;
            problem = $"cycle = '{text[..Math.Min(text.Length, 40)]}' is not the number of a cycle, from 1.";
            return null;
        }

        if (test.Cycles.Count > 0)
        {
            problem = string.Create(CultureInfo.InvariantCulture,
                $"Test '{test.Record.Test}' has no cycle {index}; its finished cycles are {test.Cycles[0].Index} to {test.Cycles[^1].Index}.");
        }

        return test.Cycles.FirstOrDefault(cycle => cycle.Index == index);
    }

    private static void Write(Utf8JsonWriter writer, TestView test, DifferentialAnswer answer)
    {
        writer.WriteStartObject();
        writer.WriteString("cell", test.Record.Cell);
        writer.WriteString("test", test.Record.Test);
        writer.WriteNumber("cycle", answer.Cycle.Index);
        writer.WriteNumber("gridV", DifferentialCurve.GridV);
        writer.WriteNumber("smoothingV", DifferentialCurve.SmoothingV);
        writer.WriteStartArray("halfCycles");
        foreach ((DifferentialCapacity half, DifferentialCurve? curve) in answer.Halves)
        {
            writer.WriteStartObject();
            DetailJson.WriteFields(writer, half);
            DetailJson.WriteCurve(writer, curve);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("separations");
        DifferentialCapacity? charge = answer.Halves.FirstOrDefault(half => half.Half.Half == StepKind.Charge).Half;
        DifferentialCapacity? discharge = answer.Halves.FirstOrDefault(half => half.Half.Half == StepKind.Discharge).Half;
        foreach (PeakSeparation separation in charge is null || discharge is null ? [] : PeakTracks.Separate(charge, discharge, answer.Cycle))
        {
            DetailJson.Write(writer, separation);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
