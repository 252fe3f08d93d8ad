namespace PouchMonitor.Firmware.Care;

/// <summary>Whether a restart would leave a cell unprotected.</summary>
public interface IArmedState
{
    /// <summary>True while any channel is armed.</summary>
    bool IsAnyArmed { get; }
}
