using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Mqtt.Persistence;

namespace PouchMonitor.Gateway.Mqtt;

/// <summary>Gives the MQTT server's log of sessions a folder of the journal's kind, with its way of making bytes durable.</summary>
internal sealed class MqttLogFiles(IJournalFiles files) : IMqttLogFiles
{
    public string Name => files.Name;

    public IReadOnlyList<string> List() => files.List();

    public Stream OpenRead(string name)
    {
        using IJournalFile file = files.Open(name, forWriting: false);
        byte[] bytes = new byte[file.Length];
        return new MemoryStream(bytes, 0, file.ReadAll(0, bytes), writable: false);
    }

    public IMqttLogFile Create(string name)
    {
        IJournalFile file = files.Create(name, reservedBytes: 0);
        try
        {
            files.SyncDirectory();
            return new LogFile(file);
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }
    }

    public void Delete(string name) => files.Delete(name);

    private sealed class LogFile(IJournalFile file) : IMqttLogFile
    {
        private long length;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            file.WriteAll(length, bytes);
            length += bytes.Length;
        }

        public void Sync() => file.SyncData();

        public void Dispose() => file.Dispose();
    }
}
