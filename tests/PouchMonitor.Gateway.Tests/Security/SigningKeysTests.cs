using PouchMonitor.Gateway.Access.Oidc;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>Who waits for the provider's keys, and who can end the look for them.</summary>
public sealed class SigningKeysTests
{
    [Fact]
    public async Task WhoLeaves_EndsOnlyTheirOwnWaiting_AndTheOthersGetTheKeys()
    {
        using ProviderKeys provider = new();
        TaskCompletionSource<byte[]> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using SigningKeys keys = new(stop => answer.Task.WaitAsync(stop), TimeProvider.System);
        using CancellationTokenSource leaves = new();
        Task<SigningKey?> stranger = keys.FindAsync("nobodys", "RS256", leaves.Token).AsTask();
        Task<SigningKey?> waiting = keys.FindAsync(provider.RsaId, "RS256", TestContext.Current.CancellationToken).AsTask();
        await Soon.Until(() => keys.LookUps == 1);

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stranger);
        Assert.False(waiting.IsCompleted);
        answer.SetResult(provider.KeySet());
        Assert.NotNull(await waiting);
        Assert.Equal(1, keys.LookUps);
    }

    [Fact]
    public async Task WhoLeavesAlone_LeavesTheLookRunning_ForWhoComesNext()
    {
        using ProviderKeys provider = new();
        TaskCompletionSource<byte[]> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using SigningKeys keys = new(stop => answer.Task.WaitAsync(stop), TimeProvider.System);
        using CancellationTokenSource leaves = new();
        Task<SigningKey?> stranger = keys.FindAsync("nobodys", "RS256", leaves.Token).AsTask();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stranger);

        Task<SigningKey?> next = keys.FindAsync(provider.RsaId, "RS256", TestContext.Current.CancellationToken).AsTask();
        answer.SetResult(provider.KeySet());
        Assert.NotNull(await next);
        Assert.Equal(1, keys.LookUps);
    }

    [Fact]
    public async Task TheEndOfTheProgram_EndsTheLook()
    {
        TaskCompletionSource<byte[]> never = new();
        SigningKeys keys = new(_ => never.Task, TimeProvider.System);
        Task<SigningKey?> waiting = keys.FindAsync("any", "RS256", TestContext.Current.CancellationToken).AsTask();
        await Soon.Until(() => keys.LookUps == 1);
        keys.Dispose();
        Assert.Null(await waiting);
    }
}
