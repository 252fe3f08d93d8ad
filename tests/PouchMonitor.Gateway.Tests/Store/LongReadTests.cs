using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Store;

/// <summary>A reading of the whole alarm history beside those who write.</summary>
public sealed class LongReadTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("long-read-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task AWrite_IsDoneWhileAReadingStandsStill_AndTheNextReadingSeesWhatIsNew()
    {
        string file = Path.Combine(folder, "state.db");
        using StateDatabase database = new(file);
        AddLine(file);
        using ManualResetEventSlim written = new();
        bool isReading = false;
        Task<IReadOnlyList<PouchMonitor.Gateway.Alarms.AlarmEventLine>> reading = Task.Run(() => database.ReadAlarmEvents(0, 10, line =>
        {
            Volatile.Write(ref isReading, true);
            written.Wait(TestContext.Current.CancellationToken);
            return line;
        }));
        await Soon.Until(() => Volatile.Read(ref isReading));
        Task writing = Task.Run(() => database.Audit(1, "ada", "test", "x"));
        try
        {
            await Soon.Until(() => writing.IsCompleted);
        }
        finally
        {
            written.Set();
        }

        await writing;
        Assert.Single(await reading);
        AddLine(file);
        Assert.Equal(2, database.ReadAlarmEvents(0, 10).Count);
    }

    private static void AddLine(string file)
    {
        using SqliteConnection other = new($"Data Source={file};Pooling=False");
        other.Open();
        using SqliteCommand command = other.CreateCommand();
        command.CommandText = "INSERT INTO alarm_history (at_us, test, cell, rule, from_state, to_state, reason, asks) "
            + "VALUES (1, 't', 'c', 'r', 'Normal', 'Unacknowledged', 'raised', 1)";
        command.ExecuteNonQuery();
    }
}
