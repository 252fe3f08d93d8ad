using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PouchMonitor.Gateway.Delivery.Webhook;

/// <summary>
/// Shows a receiver that a body comes from who knows the secret and was not changed: HMAC-SHA256 over the time, a full stop and the
/// body. The time lets it turn away what somebody recorded and sends again later.
/// </summary>
internal static class WebhookSignature
{
    public const string Header = "X-PouchMonitor-Signature";

    public static string Of(string secret, long unixSeconds, ReadOnlySpan<byte> body)
    {
        byte[] time = Encoding.ASCII.GetBytes(unixSeconds.ToString(CultureInfo.InvariantCulture) + ".");
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(time);
        hash.AppendData(body);
        return string.Create(CultureInfo.InvariantCulture, $"t={unixSeconds},v1={Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }
}
