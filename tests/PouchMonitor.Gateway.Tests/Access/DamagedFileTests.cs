using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Access;

/// <summary>A damaged file in the data directory is named, with what to do.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("pouchmonitor-damaged-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void ADamagedDatabase_IsNamed()
    {
        string path = Path.Combine(directory, "state.db");
        File.WriteAllText(path, new string('x', 5000));
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => new StateDatabase(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("from the journal", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedAccessFile_IsNamed()
    {
        string path = Path.Combine(directory, "access.json");
        File.WriteAllText(path, "{ \"Key\": ");
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => new AccessFile(directory));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }
}
