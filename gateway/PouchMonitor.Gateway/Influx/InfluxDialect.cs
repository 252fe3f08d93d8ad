using System.Net.Http.Headers;
using System.Text;

namespace PouchMonitor.Gateway.Influx;

/// <summary>Where and how each kind of server wants a batch.</summary>
internal static class InfluxDialect
{
    /// <summary>
    /// The address of the write interface. Precision is told in each server's own word; influxd 1.6.7 takes <c>us</c> for
    /// nanoseconds, silently, so that 1.x gets <c>u</c>.
    /// </summary>
    public static Uri WriteAddress(InfluxOptions options)
    {
        string database = Uri.EscapeDataString(options.Database ?? "");
        return At(options.Url, options.Kind switch
        {
            InfluxKind.InfluxDb1 => $"write?db={database}&precision=u",
            InfluxKind.InfluxDb2 => $"api/v2/write?org={Uri.EscapeDataString(options.Organization ?? "")}&bucket={database}&precision=us",
            InfluxKind.InfluxDb3 => $"api/v3/write_lp?db={database}&precision=microsecond",
            InfluxKind.VictoriaMetrics => database.Length == 0 ? "write?precision=u" : $"write?db={database}&precision=u",
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "not a kind of server"),
        });
    }

    /// <summary>An address below the server's own, whose path is kept.</summary>
    public static Uri At(Uri server, string pathAndQuery) => new(server.AbsoluteUri.TrimEnd('/') + "/" + pathAndQuery);

    /// <summary>Credentials go into a header only, since addresses end up in logs.</summary>
    public static AuthenticationHeaderValue? Authorization(InfluxOptions options) =>
        options.Token is { } token
            ? new AuthenticationHeaderValue(options.Kind == InfluxKind.InfluxDb2 ? "Token" : "Bearer", token)
            : options.UserName is { } user
                ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password}")))
                : null;
}
