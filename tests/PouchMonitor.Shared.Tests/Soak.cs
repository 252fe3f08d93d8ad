namespace PouchMonitor.Shared.Tests;

/// <summary>Full counts where <c>POUCHMONITOR_SOAK=1</c>, small ones otherwise.</summary>
internal static class Soak
{
    public static int Rounds(int small, int full) =>
        Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1" ? full : small;
}
