using Microsoft.AspNetCore.Http;

namespace PouchMonitor.Gateway.Setup;

/// <summary>A change of the set-up that is not made; the message is one sentence for the person who asked.</summary>
internal sealed class SetupRefusal : Exception
{
    private SetupRefusal(int status, string message)
        : base(message) => Status = status;

    /// <summary>HTTP status that says so.</summary>
    public int Status { get; }

    /// <summary>What was sent cannot be taken.</summary>
    public static SetupRefusal Bad(string message) => new(StatusCodes.Status400BadRequest, message);

    /// <summary>What it is about is not there.</summary>
    public static SetupRefusal Missing(string message) => new(StatusCodes.Status404NotFound, message);

    /// <summary>It is more than is taken.</summary>
    public static SetupRefusal TooLarge(string message) => new(StatusCodes.Status413PayloadTooLarge, message);

    /// <summary>It stands against what is there.</summary>
    public static SetupRefusal Conflict(string message) => new(StatusCodes.Status409Conflict, message);

    /// <summary>Somebody else has changed it since.</summary>
    public static SetupRefusal Overtaken(string message) => new(StatusCodes.Status412PreconditionFailed, message);

    /// <summary>It cannot be made now.</summary>
    public static SetupRefusal Unavailable(string message) => new(StatusCodes.Status503ServiceUnavailable, message);
}
