using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Tests.Support;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Mqtt.Tests.Transport;

public sealed class CertificateReloadTests : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly CertificateFolder _files = new();
    private readonly TestAuthority _authority = TestAuthority.Create();

    public void Dispose()
    {
        _files.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task ANewCertificate_IsShownToTheNext_AndThoseBeforeGoOn()
    {
        _files.Write(_authority.Server("first"));
        await using TlsBench bench = await TlsBench.StartAsync(_files);
        using StreamPeer before = await StreamPeer.OpenAsync(bench.EndPoint);
        await before.ConnectAsync(MqttProtocolVersion.V5, "before");
        Assert.Equal("CN=first", before.ServerCertificate!.Subject);

        _files.Write(_authority.Server("second"));
        bench.Time.Advance(Look);
        using StreamPeer after = await StreamPeer.OpenAsync(bench.EndPoint);
        Assert.Equal("CN=second", after.ServerCertificate!.Subject);
        Assert.Equal(MqttReason.Success, (await after.ConnectAsync(MqttProtocolVersion.V5, "after")).Reason);
        await before.SendAsync(new byte[] { 0xC0, 0 });
        await before.ExpectAsync(MqttPacketType.PingResponse);
    }

    [Fact]
    public async Task ABrokenFile_LeavesTheOldCertificateInUse_AndIsToldOnce()
    {
        _files.Write(_authority.Server("good"));
        var told = new ConcurrentQueue<string>();
        await using TlsBench bench = await TlsBench.StartAsync(_files, reloadFailed: told.Enqueue);
        File.WriteAllText(_files.CertificateFile, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        for (int time = 0; time < 3; time++)
        {
            bench.Time.Advance(Look);
            using StreamPeer peer = await StreamPeer.OpenAsync(bench.EndPoint);
            Assert.Equal("CN=good", peer.ServerCertificate!.Subject);
        }

        Assert.Contains(_files.CertificateFile, Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal(1, bench.Server.Snapshot().CertificateReloadsFailed);

        _files.Write(_authority.Server("better"));
        bench.Time.Advance(Look);
        using StreamPeer next = await StreamPeer.OpenAsync(bench.EndPoint);
        Assert.Equal("CN=better", next.ServerCertificate!.Subject);
        Assert.Single(told);
    }

    [Fact]
    public void AKeyThatDoesNotFit_AMissingFile_AndAnExpiredCertificate_LeaveTheOldOneInUse()
    {
        X509Certificate2 good = _authority.Server("good");
        _files.Write(good);
        var time = new ManualTime();
        time.Advance(TimeSpan.FromHours(1)); // it is 1970
        ReloadingFiles<ServerCertificate> files = ServerCertificate.Follow(_files.CertificateFile, _files.KeyFile, time: time);
        string sha256 = PeerCertificate.ThumbprintOf(good);
        Assert.Equal(sha256, files.Current.Sha256);

        File.WriteAllText(_files.CertificateFile, _authority.Server("other").ExportCertificatePem());
        AssertKept("private key");
        File.Delete(_files.CertificateFile);
        AssertKept(_files.CertificateFile);
        _files.Write(_authority.Server("old", DateTimeOffset.UnixEpoch.AddMinutes(59)));
        AssertKept("expired on 1970-01-01 00:59 UTC");
        _files.Write(good);
        time.Advance(Look);
        Assert.Equal(sha256, files.Current.Sha256);
        Assert.Null(files.Problem);
        Assert.Equal(3, files.FailedReloads);

        void AssertKept(string reason)
        {
            time.Advance(Look);
            Assert.Equal(sha256, files.Current.Sha256);
            Assert.Contains(reason, files.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WithoutACertificate_NothingStarts()
    {
        File.WriteAllText(_files.CertificateFile, "no certificate");
        Assert.Contains(_files.CertificateFile, Assert.Throws<InvalidDataException>(() => ServerCertificate.Follow(_files.CertificateFile)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => ServerCertificate.Follow(_files.PathOf("nowhere.pem")));
        File.WriteAllText(_files.CertificateFile, _authority.Server().ExportCertificatePem());
        Assert.Throws<InvalidDataException>(() => ServerCertificate.Follow(_files.CertificateFile));
    }

    [Fact]
    public void Pkcs12AndAnEncryptedKey_NeedTheirPassword()
    {
        X509Certificate2 certificate = _authority.Server();
        string sha256 = PeerCertificate.ThumbprintOf(certificate);
        File.WriteAllBytes(_files.PathOf("server.pfx"), certificate.Export(X509ContentType.Pkcs12, "open sesame"));
        Assert.Equal(sha256, ServerCertificate.Follow(_files.PathOf("server.pfx"), password: "open sesame").Current.Sha256);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ServerCertificate.Follow(_files.PathOf("server.pfx"), password: "open says me"));
        Assert.DoesNotContain("says me", error.Message, StringComparison.Ordinal);

        _files.Write(certificate);
        File.WriteAllText(_files.KeyFile, certificate.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem(
            "open sesame", new(System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 1000)));
        Assert.Equal(sha256, ServerCertificate.Follow(_files.CertificateFile, _files.KeyFile, "open sesame").Current.Sha256);
        Assert.Throws<InvalidDataException>(() => ServerCertificate.Follow(_files.CertificateFile, _files.KeyFile, "open says me"));
    }

    [Fact]
    public async Task WhatStandsBetweenTheCertificateAndItsRoot_IsSentToo()
    {
        using TestAuthority below = _authority.Below("below");
        _files.Write(below.Server("chained"), below.Certificate);
        await using TlsBench bench = await TlsBench.StartAsync(_files);
        using StreamPeer peer = await StreamPeer.OpenAsync(bench.EndPoint);
        Assert.Equal("CN=chained", peer.ServerCertificate!.Subject);
        Assert.Contains("CN=below", peer.OtherSubjects);
    }
}
