using System.CommandLine;
using System.Globalization;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Cli.Commands;

/// <summary><c>pouchmonitor token add | list | remove</c>: which programs may use the API. Works on a running gateway.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        Option<string> data = DataOption.Create();
        Argument<string> name = new("NAME") { Description = "What it is for, such as prometheus." };
        Option<string[]> scope = new("--scope")
        {
            Description = $"What it is good for ({TokenScopes.All}); may be repeated. read, operate and admin each include those before.",
            DefaultValueFactory = _ => [TokenScopes.Read],
            AllowMultipleArgumentsPerToken = true,
        };
        Option<double> days = new("--days") { Description = "Days until it expires.", DefaultValueFactory = _ => 90 };
        Command add = new("add", "Make a token and print it, once.") { name, scope, days, data };
        add.SetAction(parsed =>
        {
            double life = parsed.GetValue(days);
            TimeSpan span = TimeSpan.FromDays(life is > 0 and <= 100_000 ? life : 0);
            string token = "";
            AuditedChange.Make(parsed.GetValue(data)!, access =>
            {
                (token, ApiToken entry) = access.AddToken(parsed.GetValue(name)!, parsed.GetValue(scope)!, span, "cli");
                return ("token.add", entry.Name, $"{entry.Id}: {string.Join(' ', entry.Scopes)}");
            });
            Console.WriteLine(token);
            return ExitCodes.Success;
        });
        Command list = new("list", "Print the tokens: id, name, scopes, maker, when it expires. The tokens themselves are not kept.") { data };
        list.SetAction(parsed =>
        {
            foreach (ApiToken token in Open(parsed.GetValue(data)!).Tokens)
            {
                string expires = DateTimeOffset.UnixEpoch.AddMicroseconds(token.ExpiresMicroseconds).ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
                Console.WriteLine($"{token.Id}\t{token.Name}\t{string.Join(' ', token.Scopes)}\t{token.CreatedBy}\t{expires}");
            }

            return ExitCodes.Success;
        });
        Argument<string> id = new("ID") { Description = "As printed by list." };
        Command remove = new("remove", "Take a token away; it is worth nothing at once.") { id, data };
        remove.SetAction(parsed => AuditedChange.Make(
            parsed.GetValue(data)!, access => access.RemoveToken(parsed.GetValue(id)!) is { } removed ? ("token.remove", removed.Name, removed.Id) : null)
            ? ExitCodes.Success
            : throw new CommandException($"There is no token '{parsed.GetValue(id)}'."));
        return new Command("token", "Manage which programs may use the API.") { add, list, remove };
    }

    private static AccessFile Open(string directory) => new(DataOption.Make(directory));
}
