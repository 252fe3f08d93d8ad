using PouchMonitor.Gateway;

namespace PouchMonitor.Cli.Commands;

/// <summary>
/// Section <c>retention</c> of the configuration: <c>{"days": 400, "gigabytes": 200}</c>, each optional. Without it frames are
/// kept for ever. What a forwarder has not delivered is never removed.
/// </summary>
internal sealed record RetentionEntry
{
    private const double MostDays = 36_500;
    private const double MostGigabytes = 1_000_000;
    private const double BytesPerGigabyte = 1e9;

    public double? Days { get; init; }

    public double? Gigabytes { get; init; }

    public GatewayOptions AddTo(GatewayOptions options, string file)
    {
        if (Days is < 1 or > MostDays or double.NaN)
        {
            throw new CommandException(FormattableString.Invariant($"--config {file}: retention.days = {Days} is outside 1 to {MostDays}."));
        }

        if (Gigabytes is < 0.5 or > MostGigabytes or double.NaN)
        {
            throw new CommandException(
                FormattableString.Invariant($"--config {file}: retention.gigabytes = {Gigabytes} is outside 0.5 to {MostGigabytes}."));
        }

        return options with
        {
            RetentionAge = Days is { } days ? TimeSpan.FromDays(days) : null,
            RetentionBytes = Gigabytes is { } gigabytes ? (long)(gigabytes * BytesPerGigabyte) : null,
        };
    }
}
