using System.Security.Cryptography;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Abuse;
using PouchMonitor.Gateway.Doctor;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Gateway.Tests.Abuse;

namespace PouchMonitor.Gateway.Tests.Doctor;

/// <summary>What was signed and attached is held against its sums, and what waits for somebody is told.</summary>
public sealed class AbuseDoctorTests : IDisposable
{
    private const double NowS = 1_790_000_000;
    private readonly string data = Directory.CreateTempSubdirectory("pouch-doctor-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public void WhatIsAsItWasSigned_IsSound_HoweverManyThereAre()
    {
        using (StateDatabase database = Open())
        {
            for (int i = 0; i < 450; i++)
            {
                Save(database, Signed($"t{i}", NowS - 60 - (i / 2)));
            }
        }

        Assert.Equal((HealthStatus.Sound, "450 abuse tests, as they were signed; 0 attachments, as they were taken."), Only(Look()));
    }

    [Fact]
    public void WhatIsNoLongerSo_IsAFault_AndNamed()
    {
        using (StateDatabase database = Open())
        {
            AbuseRecord signed = Signed("changed");
            Save(database, signed with { Cell = "another" });
            byte[] photo = [1, 2, 3];
            AbuseAttachment one = new(1, "photo.png", "image/png", photo.Length, Convert.ToHexStringLower(SHA256.HashData(photo)), null, "ada", NowS);
            Save(database, AbuseMovesTests.Ready() with { Id = "files", Attachments = [one, one with { Id = 2 }, one with { Id = 3 }] });
            Directory.CreateDirectory(Path.Combine(data, "abuse", "files"));
            File.WriteAllBytes(Path.Combine(data, "abuse", "files", "1"), photo);
            File.WriteAllBytes(Path.Combine(data, "abuse", "files", "2"), [1, 2, 4]);
        }

        IReadOnlyList<HealthCheck> found = Look();
        Assert.All(found, check => Assert.Equal(("abuse", HealthStatus.Fault), (check.Part, check.Status)));
        Assert.Equal(3, found.Count);
        Assert.Contains(found, check => check.Message == "changed is no longer what was signed; restore it from a backup.");
        Assert.Contains(found, check => check.Message.StartsWith("files: attachment 2 'photo.png' is no longer what was attached", StringComparison.Ordinal));
        Assert.Contains(found, check => check.Message.StartsWith("files: attachment 3 'photo.png' is missing", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatWaitsForSomebody_IsAWarning()
    {
        using (StateDatabase database = Open())
        {
            Save(database, AbuseMovesTests.Ready() with { Id = "old", CreatedAt = NowS - (5 * 86400) });
            Save(database, AbuseMovesTests.Ready() with { Id = "young", Channel = "2", CreatedAt = NowS - 3600 });
            database.SaveAbuseRelease(new AbuseRelease("n1", "3", "gone", "c1", Disarms: true, EndsFast: true, 5));
        }

        IReadOnlyList<HealthCheck> found = Look();
        Assert.Equal(
            ["old on n1/1 is preparing since 5 days; end or cancel it.", "Node n1 has not confirmed yet that channel 3 is let go after an abuse test; look at its relay."],
            found.Select(check => check.Message));
        Assert.All(found, check => Assert.Equal(HealthStatus.Warning, check.Status));
    }

    private static (HealthStatus Status, string Message) Only(IReadOnlyList<HealthCheck> checks) => (Assert.Single(checks).Status, checks[0].Message);

    private static AbuseRecord Signed(string id, double createdS = NowS - 60)
    {
        AbuseRecord begun = AbuseMoves.Begin(AbuseMoves.Arm(AbuseMovesTests.Ready() with { Id = id, CreatedAt = createdS }, "ada", NowS, null), new AbuseTrigger(TriggerSource.Rule, NowS, 0.02, "a fall"));
        return AbuseSigning.Sign(AbuseMoves.End(begun, "ada", NowS + 60, null, null), "ada", "tested", NowS + 70);
    }

    private static void Save(StateDatabase database, AbuseRecord record) => database.SaveAbuse(record, 5, "ada", "abuse.test", null);

    private StateDatabase Open() => new(Path.Combine(data, "state.db"));

    private IReadOnlyList<HealthCheck> Look() =>
        [.. DataDoctor.Look(data, DateTimeOffset.UnixEpoch.AddSeconds(NowS), TestContext.Current.CancellationToken).Where(check => check.Part == "abuse")];
}
