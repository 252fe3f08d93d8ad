namespace PouchMonitor.Firmware.Files;

/// <summary>
/// The node's flash as files of one folder, with the device's own rules: nothing here is atomic, a loss of power in the
/// middle of a write leaves any beginning of it, and a file cannot be moved onto another. What must survive goes through
/// <see cref="SafeFile"/>. A refusal (full, worn, not there) is an answer, not an exception.
/// </summary>
public interface IFileSystem
{
    /// <summary>True when the file is there, whole or not.</summary>
    bool Exists(string name);

    /// <summary>The file's bytes; null when it is not there or cannot be read.</summary>
    byte[]? Read(string name);

    /// <summary>Bytes of the file; -1 when it is not there.</summary>
    long Length(string name);

    /// <summary>
    /// Reads up to <paramref name="count"/> bytes of the file from <paramref name="offset"/> into the front of
    /// <paramref name="buffer"/>; how many there were, 0 when it cannot be read.
    /// </summary>
    int ReadPart(string name, int offset, byte[] buffer, int count);

    /// <summary>Replaces the file by these bytes. May hold the runtime up for 400 ms while a sector is erased.</summary>
    bool Write(string name, byte[] bytes, int count);

    /// <summary>Adds bytes to the end of the file, which is made when it is not there.</summary>
    bool Append(string name, byte[] bytes, int count);

    /// <summary>Removes the file; true when it is not there afterwards.</summary>
    bool Delete(string name);

    /// <summary>Renames a file; false when <paramref name="to"/> is there already.</summary>
    bool Move(string from, string to);

    /// <summary>Names of all files, in no order.</summary>
    string[] List();
}
