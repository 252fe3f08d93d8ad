using Microsoft.Data.Sqlite;

namespace PouchMonitor.Gateway.Api.Door;

/// <summary>
/// Changes of who may come in, each with its line of the audit trail: the line first, so that a trail that cannot be written stops
/// the change; where the change then fails, a second line says so.
/// </summary>
internal sealed class DoorAudit(GatewayServices gateway)
{
    /// <param name="person">Who changes it.</param>
    /// <param name="action">What, such as <c>account.add</c>.</param>
    /// <param name="change">Calls what it is given, with target and detail, once all is checked and before anything is stored.</param>
    /// <exception cref="IOException">The line or the change could not be stored; nothing was changed.</exception>
    public T Change<T>(string person, string action, Func<Action<string, string?>, T> change)
    {
        string? noted = null;
        try
        {
            return change((target, detail) =>
            {
                try
                {
                    gateway.Database.Audit(gateway.NowMicroseconds(), person, action, target, detail);
                }
                catch (SqliteException error)
                {
                    throw new IOException($"nothing was changed, since it could not be noted in the audit trail: {error.Message}", error);
                }

                noted = target;
            });
        }
        catch (Exception error) when (noted is not null && error is (IOException or UnauthorizedAccessException))
        {
            TellOfFailure(person, action, noted, error);
            throw;
        }
    }

    private void TellOfFailure(string person, string action, string target, Exception error)
    {
        try
        {
            gateway.Database.Audit(gateway.NowMicroseconds(), person, action, target, $"was not done: {error.Message}");
        }
        catch (SqliteException)
        {
            // The first line stands for more than was done; whoever asked is told that it failed.
        }
    }
}
