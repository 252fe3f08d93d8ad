using System.Net.Http.Json;

namespace PouchMonitor.EndToEnd.Tests.Programs;

/// <summary>Settings of the delivery with one person who is told everything by one webhook.</summary>
internal static class WebhookRoute
{
    /// <summary>Sets them in an open gateway that has none yet.</summary>
    public static async Task SetAsync(ServeProcess serve, string url)
    {
        using HttpResponseMessage answer = await serve.Http.PutAsJsonAsync(serve.Address + "/api/v1/delivery/settings", new
        {
            version = 0,
            by = "ada",
            mostPerTenMinutes = 100,
            people = new[]
            {
                new { name = "ada", leastPriority = "low", routes = new[] { new { name = "hook", kind = "webhook", template = "json", url } } },
            },
        });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
