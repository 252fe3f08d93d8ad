using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Mqtt.Transport;

/// <summary>The server's side of a TLS handshake.</summary>
internal static class TlsHandshake
{
    /// <summary>
    /// Gives the stream after its handshake. Throws an exception for which <see cref="MqttTransport.IsEnd"/> holds where
    /// the client does not get through or takes too long; the socket is then to be closed by the caller.
    /// </summary>
    public static async Task<SslStream> RunAsync(Socket socket, MqttTlsOptions tls, TimeProvider time, CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(tls.HandshakeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: false), leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsServerAsync(Options(tls), either.Token).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static SslServerAuthenticationOptions Options(MqttTlsOptions tls)
    {
        SslServerAuthenticationOptions options = tls.Certificate.Current.ForServer();
        if (tls.ClientCertificates == MqttClientCertificates.None)
        {
            return options;
        }

        bool isRequired = tls.ClientCertificates == MqttClientCertificates.Required;
        options.ClientCertificateRequired = true; // asks for one; whether to go on without is decided below
        options.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        options.CertificateChainPolicy = tls.ClientAuthorities!.Current.NewPolicy();
        options.RemoteCertificateValidationCallback = (_, certificate, _, errors)
            => certificate is null ? !isRequired : errors == SslPolicyErrors.None;

        // A resumed session would carry the certificate past a change of the authorities.
        options.AllowTlsResume = false;
        return options;
    }
}
