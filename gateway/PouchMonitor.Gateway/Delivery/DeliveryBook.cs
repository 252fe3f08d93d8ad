using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>The settings in force, with their secrets.</summary>
internal sealed class DeliveryBook
{
    private readonly StateDatabase database;
    private readonly Lock gate = new();
    private DeliverySettings current;
    private volatile string? settingsProblem;

    public DeliveryBook(StateDatabase database, string dataDirectory, DeliveryOptions options)
    {
        this.database = database;
        Options = options;
        Secrets = new DeliverySecrets(dataDirectory);
        DeliverySettings stored = database.ReadDeliverySettings() ?? new DeliverySettings();
        if (DeliveryCheck.Problems(stored, Secrets.All, options) is { Count: > 0 } problems)
        {
            // Whatever can still be used is: a gateway that told nobody because of one bad line would be worse.
            settingsProblem = $"The delivery settings are not sound: {problems[0]}";
        }

        current = stored;
    }

    public DeliveryOptions Options { get; }

    public DeliverySecrets Secrets { get; }

    /// <summary>What was wrong with the settings as they were read; null where nothing was, or they have been set since.</summary>
    public string? Problem => Secrets.Problem ?? settingsProblem;

    public DeliverySettings Current => Volatile.Read(ref current);

    /// <summary>From the configuration, or else as set.</summary>
    public string? MailPassword => Options.MailPassword ?? Secrets.Of(DeliverySecrets.Mail).Password;

    /// <summary>From the configuration, or else as set.</summary>
    public string? HeartbeatUrl => Options.HeartbeatUrl ?? Secrets.Of(DeliverySecrets.Heartbeat).Url;

    /// <summary>Checks and stores settings with their secrets, as the next version.</summary>
    /// <param name="wanted">The settings; their version is the one that was looked at.</param>
    /// <param name="secrets">All secrets from now on.</param>
    /// <param name="person">Who sets them.</param>
    /// <param name="nowMicroseconds">Gateway time.</param>
    /// <param name="problems">What is wrong; nothing is stored then.</param>
    /// <returns>False where somebody else has set them meanwhile, or something is wrong.</returns>
    public bool TrySet(
        DeliverySettings wanted, Dictionary<string, DeliverySecret> secrets, string person, long nowMicroseconds, out IReadOnlyList<string> problems)
    {
        lock (gate)
        {
            if (wanted.Version != current.Version)
            {
                problems = [$"version = {wanted.Version} is not the present one, {current.Version}: somebody has changed the settings meanwhile. Look at them again."];
                return false;
            }

            problems = DeliveryCheck.Problems(wanted, secrets, Options);
            if (problems.Count > 0)
            {
                return false;
            }

            // Secrets first: settings without them would name routes that cannot be used.
            Dictionary<string, DeliverySecret> before = new(Secrets.All, StringComparer.Ordinal);
            DeliverySettings next = wanted with { Version = current.Version + 1 };
            Secrets.Write(secrets);
            try
            {
                database.SaveDeliverySettings(next, nowMicroseconds, person);
            }
            catch
            {
                Secrets.Write(before);
                throw;
            }

            Volatile.Write(ref current, next);
            settingsProblem = null;
            return true;
        }
    }
}
