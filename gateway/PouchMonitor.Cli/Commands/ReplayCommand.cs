using System.CommandLine;
using System.Globalization;
using PouchMonitor.Cli.Replay;
using PouchMonitor.Wire;

namespace PouchMonitor.Cli.Commands;

/// <summary><c>pouchmonitor replay FILE</c>: sends a recorded series as a node would, and waits until it is analysed.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "Recorded series, plain or gzip." };
        Option<string?> cell = new("--cell") { Description = "Name of the cell, also the node's; the file's stem unless given." };
        Option<string> mqtt = new("--mqtt") { Description = "Gateway to send to, HOST:PORT.", Required = true };
        Option<string> speed = new("--speed")
        {
            Description = "Seconds of the file in a second, or max.",
            DefaultValueFactory = _ => "max",
        };
        Option<bool> now = new("--now") { Description = "Let the series begin now instead of at the file's own times." };
        Option<string?> user = new("--user") { Description = "Name to connect with; the cell's unless given." };
        Option<string?> password = new("--password-file") { Description = "File whose first line is the node's token." };
        Command command = new("replay", "Send a recorded series into a running gateway and wait until it is analysed.")
        {
            file, cell, mqtt, speed, now, user, password,
        };
        command.SetAction((parsed, cancellation) =>
        {
            string path = parsed.GetValue(file)!;
            string name = parsed.GetValue(cell) ?? AnalyzeCommand.Stem(path);
            CheckName(name);
            (string host, int port) = Address(parsed.GetValue(mqtt)!);
            string? secret = parsed.GetValue(password) is { } secretFile ? PasswordFile.Read(secretFile) : null;
            return new SeriesReplay
            {
                File = path,
                Cell = name,
                Host = host,
                Port = port,
                SecondsPerSecond = Speed(parsed.GetValue(speed)!),
                BeginsNow = parsed.GetValue(now),
                UserName = parsed.GetValue(user) ?? (secret is null ? null : name),
                Password = secret,
            }.RunAsync(cancellation);
        });
        return command;
    }

    /// <summary>A cell whose series is sent is a node too.</summary>
    internal static void CheckName(string name)
    {
        if (!TopicNames.IsNodeName(name) || !TopicNames.IsCellName(name))
        {
            throw new CommandException($"--cell '{name}': 1 to 64 of A-Z a-z 0-9 . _ -, and neither 'alarm' nor '_gateway'.", ExitCodes.Usage);
        }
    }

    internal static (string Host, int Port) Address(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65536
            ? (text[..colon].Trim('[', ']'), port)
            : throw new CommandException($"--mqtt '{text}' is not HOST:PORT.", ExitCodes.Usage);
    }

    private static double Speed(string text)
    {
        if (text == "max")
        {
            return double.PositiveInfinity;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double speed) && speed is > 0 and <= 1e9
            ? speed
            : throw new CommandException($"--speed '{text}' is neither a number above 0 nor max.", ExitCodes.Usage);
    }
}
