using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>
/// The HTTP client for addresses that people set: follows no redirect, keeps no cookie, and looks at the address it really connects
/// to, so that a name cannot lead where the address may not: never to link-local (metadata of a cloud), unspecified or multicast
/// addresses, and without TLS to this machine only.
/// </summary>
internal static class GuardedHttp
{
    public const int MostAnswerBytes = 16 * 1024;

    public static HttpClient Create(TimeSpan connectTimeout, AuthorityCheck authority)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = connectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxConnectionsPerServer = 8,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 64 * 1024,
            ConnectCallback = ConnectAsync,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = authority.Validate },
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Why nothing is sent to an address; null where it may be.</summary>
    public static string? Refusal(IPAddress address, bool isEncrypted)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(plain))
        {
            return null;
        }

        if (!isEncrypted)
        {
            return $"{plain} is not this machine; without TLS nothing is sent there";
        }

        byte[] bytes = plain.GetAddressBytes();
        bool isSpecial = plain.AddressFamily == AddressFamily.InterNetwork
            ? bytes[0] == 0 || bytes[0] >= 224 || (bytes[0] == 169 && bytes[1] == 254)
            : plain.IsIPv6LinkLocal || plain.IsIPv6Multicast || plain.Equals(IPAddress.IPv6Any)
                || plain.Equals(IPAddress.Parse("fd00:ec2::254"));
        return isSpecial ? $"{plain} is a link-local, multicast or unspecified address; nothing is sent there" : null;
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        bool isEncrypted = context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttps;
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
        string? refusal = addresses.Length == 0 ? $"{context.DnsEndPoint.Host} has no address" : null;
        Exception? failure = null;
        foreach (IPAddress address in addresses)
        {
            if (Refusal(address, isEncrypted) is { } found)
            {
                refusal = found;
                continue;
            }

            Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException error)
            {
                socket.Dispose();
                failure = error;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure ?? new IOException(refusal);
    }
}
