using System.Text;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Gateway.Tests.Access;

public sealed class AccessFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("access-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void ANodeComesIn_WithItsTokenOnly()
    {
        AccessFile access = new(folder);
        string token = access.AddNode("n7");
        string other = access.AddNode("n8");
        Assert.Equal(64, token.Length);
        Assert.True(access.IsNode("n7", Encoding.UTF8.GetBytes(token)));
        Assert.False(access.IsNode("n7", Encoding.UTF8.GetBytes(other)));
        Assert.False(access.IsNode("n7", []));
        Assert.False(access.IsNode("n9", Encoding.UTF8.GetBytes(token)));
    }

    [Fact]
    public void ANewToken_PutsTheOldOneOutOfUse_AlsoInARunningGateway()
    {
        AccessFile running = new(folder);
        string first = new AccessFile(folder).AddNode("n7");
        Assert.True(running.IsNode("n7", Encoding.UTF8.GetBytes(first)));
        string second = new AccessFile(folder).AddNode("n7");
        Assert.False(running.IsNode("n7", Encoding.UTF8.GetBytes(first)));
        Assert.True(running.IsNode("n7", Encoding.UTF8.GetBytes(second)));
        Assert.True(new AccessFile(folder).RemoveNode("n7"));
        Assert.False(running.IsNode("n7", Encoding.UTF8.GetBytes(second)));
    }

    [Theory]
    [InlineData("alarm")]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a#")]
    public void ANameThatIsNoNodeName_IsRefused(string name) =>
        Assert.Throws<ArgumentException>(() => new AccessFile(folder).AddNode(name));

    [Fact]
    public void APerson_SignsInWithThePassword_ThatIsNowhereInTheFile()
    {
        AccessFile access = new(folder);
        access.AddUser("ada", "correct horse");
        Assert.True(access.IsUser("ada", "correct horse"));
        Assert.False(access.IsUser("ada", "correct horsf"));
        Assert.False(access.IsUser("bob", "correct horse"));
        Assert.DoesNotContain("correct horse", File.ReadAllText(Path.Combine(folder, "access.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void AListThatIsTakenAway_LetsNobodyIn()
    {
        AccessFile running = new(folder);
        string token = running.AddNode("n7");
        Assert.True(running.IsNode("n7", Encoding.UTF8.GetBytes(token)));
        File.Delete(Path.Combine(folder, "access.json"));
        Assert.False(running.IsNode("n7", Encoding.UTF8.GetBytes(token)));
    }

    [Fact]
    public void AShortPassword_IsRefused_AtOneLessThanTheLimit()
    {
        AccessFile access = new(folder);
        Assert.Throws<ArgumentException>(() => access.AddUser("ada", new string('x', 9)));
        access.AddUser("ada", new string('x', 10));
    }

    [Fact]
    public void TheFile_IsReadableByItsOwnerOnly()
    {
        new AccessFile(folder).AddNode("n1");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "access.json")));
        }
    }
}
