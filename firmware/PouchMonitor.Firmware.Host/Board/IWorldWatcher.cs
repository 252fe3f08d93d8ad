namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// A part of the board that acts without the program: virtual time stops at each instant it asks for, also in the middle of
/// what holds the program up.
/// </summary>
public interface IWorldWatcher
{
    /// <summary>World time of its next look; the largest number for never. Must lie after the last look.</summary>
    long NextMicroseconds { get; }

    /// <summary>Looks; must not let time pass.</summary>
    void Look(long worldMicroseconds);
}
