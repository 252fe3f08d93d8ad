using PouchMonitor.Gateway.Abuse;

namespace PouchMonitor.Gateway.Tests.Abuse;

/// <summary>The made-up runaway reaches what a real one does, or it would warm up nothing.</summary>
public sealed class AbuseWarmUpTests
{
    [Fact]
    public void TheMadeUpCell_IsTriggered_AndRunsAway()
    {
        Assert.True(AbuseWarmUp.Run(), "The made-up cell did not run away.");
    }
}
