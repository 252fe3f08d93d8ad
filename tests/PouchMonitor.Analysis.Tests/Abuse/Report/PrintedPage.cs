using System.Diagnostics;
using System.Text;

namespace PouchMonitor.Analysis.Tests.Abuse.Report;

/// <summary>A report printed to PDF by the system's Chromium, as text page by page.</summary>
internal sealed class PrintedPage
{
    private const string Chromium = "/usr/bin/chromium";
    private const string PdfToText = "/usr/bin/pdftotext";

    // Only a browser that hangs takes so long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private PrintedPage(IReadOnlyList<string> pages) => Pages = pages;

    /// <summary>Why nothing can be printed here; null when it can.</summary>
    public static string? Missing => !File.Exists(Chromium) ? $"{Chromium} is not installed." : !File.Exists(PdfToText) ? $"{PdfToText} (poppler-utils) is not installed." : null;

    /// <summary>Text of each page, as it is laid out.</summary>
    public IReadOnlyList<string> Pages { get; }

    /// <summary>Prints a page, and keeps both for people to look at in the ignored <c>artifacts/abuse-report</c>.</summary>
    public static async Task<PrintedPage> OfAsync(string name, string html)
    {
        string kept = Directory.CreateDirectory(Path.Combine(Root(), "artifacts", "abuse-report")).FullName;
        string page = Path.Combine(kept, name + ".html");
        string pdf = Path.Combine(kept, name + ".pdf");
        string folder = Directory.CreateTempSubdirectory("abuse-report").FullName;
        try
        {
            File.Delete(pdf);
            await File.WriteAllTextAsync(page, html, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            await RunAsync(
                Chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", $"--user-data-dir={folder}/profile", "--no-pdf-header-footer", $"--print-to-pdf={pdf}", new Uri(page).AbsoluteUri);
            Assert.True(File.Exists(pdf), "Chromium wrote no PDF.");
            string text = await RunAsync(PdfToText, "-layout", "-enc", "UTF-8", pdf, "-");
            return new PrintedPage(text.TrimEnd('\f').Split('\f'));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PouchMonitor.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No PouchMonitor.sln above {AppContext.BaseDirectory}.");
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        process.Start();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            string output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}");
            return output;
        }
        catch (OperationCanceledException hung)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end within {Patience.TotalMinutes} minutes.", hung);
        }
    }
}
