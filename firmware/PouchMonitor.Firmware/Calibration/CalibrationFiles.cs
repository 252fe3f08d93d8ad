using PouchMonitor.Firmware.Files;

namespace PouchMonitor.Firmware.Calibration;

/// <summary>Keeps the calibration of each channel through a loss of power at any byte.</summary>
public static class CalibrationFiles
{
    private const string Prefix = "calibration-";

    /// <summary>The record of a channel; null when it has none. <paramref name="isSpoiled"/> when what is there cannot be used.</summary>
    public static ChannelCalibration? Read(IFileSystem files, string channel, out bool isSpoiled)
    {
        byte[]? bytes = new SafeFile(files, Prefix + channel).Read();
        ChannelCalibration? record = bytes == null ? null : ChannelCalibration.FromBytes(bytes);
        isSpoiled = record == null && (bytes != null || files.Exists(Prefix + channel));
        return record;
    }

    /// <summary>Writes a record; false when the flash refused.</summary>
    public static bool Write(IFileSystem files, string channel, ChannelCalibration record) =>
        new SafeFile(files, Prefix + channel).Write(record.ToBytes());

    /// <summary>Removes the record; false when the flash refused.</summary>
    public static bool Delete(IFileSystem files, string channel) => new SafeFile(files, Prefix + channel).Delete();
}
