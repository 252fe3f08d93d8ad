namespace PouchMonitor.Mqtt.Persistence;

/// <summary>
/// The folder in which a server keeps what must outlive it. The application gives it, since how bytes become durable is
/// the application's business. Everything here may throw <see cref="IOException"/>.
/// </summary>
public interface IMqttLogFiles
{
    /// <summary>Where the folder is, for messages.</summary>
    string Name { get; }

    /// <summary>Names of the files in the folder.</summary>
    IReadOnlyList<string> List();

    /// <summary>Opens an existing file from its start.</summary>
    Stream OpenRead(string name);

    /// <summary>Creates a file that must not exist; once this returns, its name is durable.</summary>
    IMqttLogFile Create(string name);

    /// <summary>Removes a file. It may come back after a loss of power.</summary>
    void Delete(string name);
}

/// <summary>A file that only grows.</summary>
public interface IMqttLogFile : IDisposable
{
    /// <summary>Writes all of the bytes behind what was written before.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Makes everything written so far durable.</summary>
    void Sync();
}
