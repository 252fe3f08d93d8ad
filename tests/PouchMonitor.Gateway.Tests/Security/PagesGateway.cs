namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>A gateway with pages, beside which lies what nobody may get at.</summary>
public sealed class PagesGateway : IAsyncLifetime
{
    /// <summary>In a file beside the pages.</summary>
    public const string Marker = "what-no-request-may-see";

    public ClosedGateway Bench { get; } = new();

    public async ValueTask InitializeAsync()
    {
        string pages = Path.Combine(Bench.Folder, "pages");
        Directory.CreateDirectory(pages);
        await File.WriteAllTextAsync(Path.Combine(pages, "index.html"), "<!doctype html><title>page</title>");
        await File.WriteAllTextAsync(Path.Combine(Bench.Folder, "secret.txt"), Marker);
        Bench.DashboardDirectory = pages;
        await Bench.InitializeAsync();
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();
}
