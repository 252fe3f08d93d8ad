using System.Runtime.CompilerServices;

namespace PouchMonitor.Gateway.Tests;

/// <summary>Waiting for what other threads are to do: as long as a busy machine needs, and no longer.</summary>
internal static class Soon
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Ends when it holds; fails, naming it, where it does not within two minutes.</summary>
    public static async Task Until(Func<bool> holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        using CancellationTokenSource limit = new(Limit);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(1));
        while (!holds())
        {
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Not within {Limit.TotalMinutes:0} minutes: {what}");
            }
        }
    }
}
