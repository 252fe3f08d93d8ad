namespace PouchMonitor.Firmware;

/// <summary>The node's monotonic time. On the device the high-resolution timer, on the emulated board virtual time.</summary>
public interface IClock
{
    /// <summary>Microseconds since boot; never falls, follows no network time.</summary>
    long UptimeMicroseconds { get; }

    /// <summary>Lets at least this many microseconds pass.</summary>
    void WaitMicroseconds(long microseconds);
}
