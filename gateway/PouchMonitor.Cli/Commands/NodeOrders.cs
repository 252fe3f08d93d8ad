using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PouchMonitor.Firmware.Configuration;

namespace PouchMonitor.Cli.Commands;

/// <summary>
/// <c>pouchmonitor node command | config</c>: asks a running gateway to pass an order on to a node and waits for what the
/// node answers.
/// </summary>
internal static class NodeOrders
{
    private static readonly Option<string> Gateway = new("--gateway")
    {
        Description = "Address of the running gateway.", DefaultValueFactory = _ => "http://127.0.0.1:8080",
    };

    private static readonly Option<string?> User = new("--user") { Description = "Account to sign in with, where the gateway has accounts." };
    private static readonly Option<string?> Password = new("--password-file") { Description = "File whose first line is its password; else standard input." };
    private static readonly Option<double> Wait = new("--wait")
    {
        Description = "Seconds to wait for the node's answer (above 0, at most 120).", DefaultValueFactory = _ => 15,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the node's answer as JSON." };

    public static Command CreateCommand()
    {
        Argument<string> node = new("NODE") { Description = "Name of the node." };
        Argument<string> name = new("COMMAND")
        {
            Description = "identify, reboot, start-test, end-test, arm, disarm, trip, reset, capture, begin-abuse, end-abuse, ...",
        };
        Argument<string[]> arguments = new("ARGUMENT") { Description = "Arguments, such as channel=1 or seconds=30.", Arity = ArgumentArity.ZeroOrMore };
        Command command = new("command", "Have a node do something, and wait until it has.") { node, name, arguments };
        AddCommon(command);
        command.SetAction((parsed, cancellation) =>
        {
            Dictionary<string, string> fields = Fields(parsed.GetValue(arguments)!);
            return fields.TryAdd("command", parsed.GetValue(name)!)
                ? SendAsync(parsed, parsed.GetValue(node)!, "commands", fields, cancellation)
                : throw new CommandException("'command' is no argument of a command.", ExitCodes.Usage);
        });
        return command;
    }

    public static Command CreateConfig()
    {
        Argument<string> node = new("NODE") { Description = "Name of the node." };
        Argument<string[]> settings = new("SETTING")
        {
            Description = "Settings as in the node's file, such as statusIntervalSeconds=30 or channel.1.label=c7; a password as brokerPassword=@FILE.",
            Arity = ArgumentArity.OneOrMore,
        };
        Command command = new("config", "Change settings of a node, all or none, and wait until it has taken or refused them.") { node, settings };
        AddCommon(command);
        command.SetAction((parsed, cancellation) =>
            SendAsync(parsed, parsed.GetValue(node)!, "config", Fields(parsed.GetValue(settings)!), cancellation));
        return command;
    }

    private static void AddCommon(Command command)
    {
        foreach (Option option in (Option[])[Gateway, User, Password, Wait, Json])
        {
            command.Options.Add(option);
        }
    }

    private static Dictionary<string, string> Fields(string[] words)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (string word in words)
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new CommandException($"'{word}' is not name=value.", ExitCodes.Usage);
            }

            string name = word[..equals];
            string value = word[(equals + 1)..];
            if (ConfigurationText.IsSecret(name))
            {
                // Whatever stands on a command line can be read by everybody on the machine.
                value = value.StartsWith('@')
                    ? PasswordFile.Read(value[1..])
                    : throw new CommandException($"{name} is not to be given on the command line: {name}=@FILE reads it from a file's first line.", ExitCodes.Usage);
            }

            if (!fields.TryAdd(name, value))
            {
                throw new CommandException($"'{name}' is there twice.", ExitCodes.Usage);
            }
        }

        return fields;
    }

    private static async Task<int> SendAsync(
        ParseResult parsed, string node, string what, Dictionary<string, string> fields, CancellationToken cancellation)
    {
        double wait = parsed.GetValue(Wait);
        if (wait is not (> 0 and <= 120))
        {
            throw new CommandException($"--wait {wait.ToString(CultureInfo.InvariantCulture)}: above 0, at most 120 seconds.", ExitCodes.Usage);
        }

        string gateway = parsed.GetValue(Gateway)!.TrimEnd('/');
        if (!Uri.TryCreate($"{gateway}/api/v1/nodes/{Uri.EscapeDataString(node)}/{what}?wait={wait.ToString(CultureInfo.InvariantCulture)}", UriKind.Absolute, out Uri? address)
            || address.Scheme is not ("http" or "https"))
        {
            throw new CommandException($"--gateway '{gateway}' is no address such as http://127.0.0.1:8080.", ExitCodes.Usage);
        }

        using HttpRequestMessage request = new(HttpMethod.Post, address)
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(fields)),
        };
        if (parsed.GetValue(User) is { } user)
        {
            string login = user + ":" + PasswordFile.Read(parsed.GetValue(Password));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        }

        using HttpClient http = new() { Timeout = TimeSpan.FromSeconds(wait + 30) };
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, cancellation);
            string body = await response.Content.ReadAsStringAsync(cancellation);
            return response.IsSuccessStatusCode ? Done(body, parsed.GetValue(Json)) : throw new CommandException(ErrorOf(body, (int)response.StatusCode));
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new CommandException($"{gateway}: {error.Message}");
        }
    }

    private static int Done(string body, bool asJson)
    {
        if (asJson)
        {
            Console.WriteLine(body);
            return ExitCodes.Success;
        }

        using JsonDocument answer = JsonDocument.Parse(body);
        Console.WriteLine(answer.RootElement.TryGetProperty("result", out JsonElement result) ? result.GetString() : "done");
        return ExitCodes.Success;
    }

    private static string ErrorOf(string body, int status)
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(body);
            return answer.RootElement.GetProperty("error").GetString() ?? body;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"The gateway answered with HTTP status {status}.";
        }
    }
}
