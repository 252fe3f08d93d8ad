using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>When sessions end, by a clock of the test's own.</summary>
public sealed class SessionBookTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("session-book-").FullName;
    private readonly AccessFile access;
    private readonly Person ada;
    private StateDatabase database;
    private long now = 1_790_000_000_000_000;

    public SessionBookTests()
    {
        database = new StateDatabase(Path.Combine(folder, "state.db"));
        access = new AccessFile(folder) { Rounds = 1000 };
        access.AddUser("ada", "correct horse battery", Role.Viewer);
        ada = access.FindPerson("ada")!;
    }

    public void Dispose()
    {
        database.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void UnusedItEnds_UsedItGoesOn_ButNotForEver()
    {
        SessionBook book = Book();
        (string id, _) = book.Begin(ada);
        (string idle, _) = book.Begin(ada);
        TimeSpan used = TimeSpan.Zero;
        while (used < SessionBook.LongestOf(Role.Viewer) - TimeSpan.FromHours(11))
        {
            Pass(TimeSpan.FromHours(11));
            used += TimeSpan.FromHours(11);
            Assert.NotNull(book.Find(id));
        }

        Assert.Null(book.Find(idle));
        Pass(TimeSpan.FromHours(11));
        Assert.Null(book.Find(id));
    }

    [Fact]
    public void ItSurvivesARestart_AndTheDatabaseHoldsNoId()
    {
        (string id, _) = Book().Begin(ada);
        Pass(TimeSpan.FromMinutes(1));
        database.Dispose();
        Assert.DoesNotContain(id, string.Concat(Directory.GetFiles(folder).Select(file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)))));
        database = new StateDatabase(Path.Combine(folder, "state.db"));
        SessionBook again = Book();
        Assert.Equal("ada", again.Find(id)?.Person);
        again.End(again.Find(id)!);
        Assert.Null(Book().Find(id));
    }

    [Fact]
    public void APersonHasSoMany_AndTheOneUsedLongestAgoMakesRoom()
    {
        SessionBook book = Book();
        List<string> ids = [];
        for (int i = 0; i <= SessionBook.MostPerPerson; i++)
        {
            ids.Add(book.Begin(ada).Id);
            Pass(TimeSpan.FromSeconds(1));
            Assert.NotNull(book.Find(ids[0]));
        }

        Assert.Null(book.Find(ids[1]));
        Assert.NotNull(book.Find(ids[2]));
        Assert.Equal(SessionBook.MostPerPerson, book.CountByPerson()["ada"]);
    }

    [Fact]
    public void TheTokenAgainstForgery_IsTheIdsOwn()
    {
        SessionBook book = Book();
        string one = SessionBook.CsrfOf(book.Begin(ada).Id);
        string other = SessionBook.CsrfOf(book.Begin(ada).Id);
        Assert.NotEqual(one, other);
        Assert.Equal(43, one.Length);
    }

    [Fact]
    public void ARoleThatIsGivenBack_DoesNotBringTheSessionBack()
    {
        SessionBook book = Book();
        (string id, _) = book.Begin(ada);
        access.SetRole("ada", Role.Admin);
        access.SetRole("ada", Role.Viewer);
        Assert.Null(book.Find(id));
    }

    private SessionBook Book() => new(database, access, () => now);

    private void Pass(TimeSpan span) => now += span.Ticks / TimeSpan.TicksPerMicrosecond;
}
