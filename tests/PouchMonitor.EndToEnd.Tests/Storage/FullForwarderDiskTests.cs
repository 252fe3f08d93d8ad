using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PouchMonitor.EndToEnd.Tests.Influx;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Gateway.Tests.Influx;

namespace PouchMonitor.EndToEnd.Tests.Storage;

/// <summary>
/// The disk under <c>forwarder.db</c> is full to the last byte: what the server has taken cannot be noted, which is told as lag. When
/// there is room again all goes on by itself, and each point is there once.
/// </summary>
public sealed class FullForwarderDiskTests(ITestOutputHelper output)
{
    private const long Anchor = 1_780_000_000_123_456;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatCannotBeNoted_IsLag_AndAllGoesOnByItself(bool isJournalElsewhere)
    {
        using SmallDisk disk = new(isJournalElsewhere ? "300m" : "600m");
        string data = Path.Combine(disk.Folder, "data");
        Directory.CreateDirectory(data);
        string elsewhere = Directory.CreateTempSubdirectory("pouch-elsewhere-").FullName;
        try
        {
            if (isJournalElsewhere)
            {
                Directory.CreateSymbolicLink(Path.Combine(data, "journal"), elsewhere);
            }

            await RunAsync(disk, data, isJournalElsewhere);
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    private async Task RunAsync(SmallDisk disk, string data, bool isJournalElsewhere)
    {
        await using StrictServer server = await StrictServer.StartAsync(InfluxKind.InfluxDb3);
        string secret = Path.Combine(data, "secret");
        await File.WriteAllTextAsync(secret, server.Options().Token + "\n");
        string config = string.Create(CultureInfo.InvariantCulture,
            $$"""{ "influx": {"kind": "influxdb3", "database": "cells/1", "tokenFile": "{{secret}}", "url": "{{server.Url.GetLeftPart(UriPartial.Authority)}}", "batchMilliseconds": 20, "longestRetrySeconds": 1} }""");
        await using ServeProcess serve = await ServeProcess.Open(data, config);
        ForwardedCell cell = new("n1", 5, Anchor);
        int frames = 20;
        await cell.PublishAsync(() => serve.MqttPort, 0, frames);
        await Caught(serve);

        // Something is to be delivered when the disk is full, whether or not the journal can take more then.
        server.Instead = static (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.FromResult(true);
        };
        await cell.PublishAsync(() => serve.MqttPort, frames, 100);
        frames += 100;
        disk.Fill();
        server.Instead = null;
        JsonElement behind = await serve.Until("/api/v1/influx", now => now.GetProperty("lagBytes").GetInt64() > 0
            && now.GetProperty("lastError").GetString()?.StartsWith("forwarder.db", StringComparison.Ordinal) == true);
        output.WriteLine(behind.GetProperty("lastError").GetString()!);
        Assert.True(behind.GetProperty("lagSeconds").GetDouble() > 0);
        if (isJournalElsewhere)
        {
            // The journal's disk has room, and nothing of the forwarder's holds it up.
            await cell.PublishAsync(() => serve.MqttPort, frames, 100);
            frames += 100;
            await serve.Until("/api/v1/influx", now => now.GetProperty("lagBytes").GetInt64() > behind.GetProperty("lagBytes").GetInt64());
        }

        disk.MakeRoom();
        await cell.PublishAsync(() => serve.MqttPort, frames, 20);
        await Caught(serve);
        Assert.Empty(server.Complaints);
        Assert.Equal(0, (await serve.Get("/api/v1/influx")).GetProperty("rejectedLines").GetInt64());
        Dictionary<long, (double Voltage, double Current)> found = server.Points
            .Where(point => point.Key.Series.StartsWith("cell_sample,", StringComparison.Ordinal))
            .ToDictionary(point => point.Key.Time, point => (Number(point.Value["voltage_v"]), Number(point.Value["current_a"])));
        Assert.Equal(cell.Expected.OrderBy(point => point.Key), found.OrderBy(point => point.Key));
        Assert.Equal(0, await serve.Terminate());
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static Task<JsonElement> Caught(ServeProcess serve) => serve.Until(
        "/api/v1/influx", now => now.GetProperty("lagBytes").GetInt64() == 0 && now.GetProperty("lastError").ValueKind == JsonValueKind.Null, TimeSpan.FromMinutes(3));
}
