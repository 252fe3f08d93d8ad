namespace PouchMonitor.Firmware.Care;

/// <summary>Told that an exception is about to restart the node, for what must be put in order first.</summary>
public interface IBeforeRestart
{
    void OnFailure();
}
