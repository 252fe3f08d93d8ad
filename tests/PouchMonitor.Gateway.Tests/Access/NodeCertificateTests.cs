using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Gateway.Tests.Access;

public sealed class NodeCertificateTests : IDisposable
{
    private static readonly string One = new('1', 64);
    private static readonly string Two = new('2', 64);
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-access-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void ACertificate_IsOneNode_BesideOrInsteadOfItsToken()
    {
        AccessFile running = new(folder);
        AccessFile access = new(folder);
        string token = access.AddNode("n1");
        access.AddCertificate("n1", One);
        access.AddCertificate("n2", Two);
        Assert.Equal("n1", running.NodeOfCertificate(One));
        Assert.Equal("n2", running.NodeOfCertificate(Two));
        Assert.Null(running.NodeOfCertificate(new string('3', 64)));
        Assert.True(running.IsNode("n1", System.Text.Encoding.UTF8.GetBytes(token)));
        Assert.False(running.IsNode("n2", default));
        Assert.Equal(["n1", "n2"], running.Nodes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ANodeThatIsRemoved_LosesAllItsCertificates_AndOnlyItsOwn()
    {
        AccessFile access = new(folder);
        access.AddCertificate("n1", One);
        access.AddCertificate("n1", new string('3', 64));
        access.AddCertificate("n2", Two);
        Assert.True(access.RemoveNode("n1"));
        Assert.False(access.RemoveNode("n1"));
        Assert.Null(access.NodeOfCertificate(One));
        Assert.Null(access.NodeOfCertificate(new string('3', 64)));
        Assert.Equal("n2", access.NodeOfCertificate(Two));
    }

    [Fact]
    public void ACertificateOfAnotherNode_AndWhatIsNone_AreRefused()
    {
        AccessFile access = new(folder);
        access.AddCertificate("n1", One);
        access.AddCertificate("n1", One);
        ArgumentException error = Assert.Throws<ArgumentException>(() => access.AddCertificate("n2", One));
        Assert.Contains("'n1'", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => access.AddCertificate("n1", new string('A', 64)));
        Assert.Throws<ArgumentException>(() => access.AddCertificate("n1", new string('a', 63)));
        Assert.Throws<ArgumentException>(() => access.AddCertificate("alarm", Two));
        Assert.Equal("n1", new AccessFile(folder).NodeOfCertificate(One));
        Assert.Null(access.NodeOfCertificate(Two));
    }

    [Fact]
    public void AListFromBeforeCertificates_IsRead()
    {
        new AccessFile(folder).AddNode("n1");
        string file = Path.Combine(folder, "access.json");
        string text = File.ReadAllText(file);
        int from = text.IndexOf("\"Certificates\"", StringComparison.Ordinal);
        File.WriteAllText(file, text.Remove(from, text.IndexOf("\"Users\"", StringComparison.Ordinal) - from));
        AccessFile access = new(folder);
        Assert.Equal(["n1"], access.Nodes);
        Assert.Null(access.NodeOfCertificate(One));
    }
}
