using System.CommandLine;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Cli.Commands;

/// <summary><c>pouchmonitor user add | role | list | remove</c>: who may use the dashboard and the API. Works on a running gateway.</summary>
internal static class UserCommand
{
    public static Command Create()
    {
        Option<string> data = DataOption.Create();
        Argument<string> name = new("NAME") { Description = "Name to sign in with." };
        Option<string?> file = new("--password-file") { Description = "File whose first line is the password; standard input unless given." };
        Option<string?> role = new("--role") { Description = $"What they may do ({Roles.All}); operator for a new account, else as it was." };
        Command add = new("add", "Make an account, or give it a new password.") { name, data, file, role };
        add.SetAction(parsed =>
        {
            string? wanted = parsed.GetValue(role);
            string user = parsed.GetValue(name)!;
            string password = PasswordFile.Read(parsed.GetValue(file));
            AuditedChange.Make(parsed.GetValue(data)!, access =>
            {
                bool isNew = access.FindPerson(user) is null;
                access.AddUser(user, password, wanted is null ? null : Roles.Parse(wanted));
                string now = Roles.NameOf(access.FindPerson(user)!.Role);
                return isNew ? ("account.add", user, now) : ("account.password", user, wanted is null ? null : now);
            });
            return ExitCodes.Success;
        });
        Argument<string> newRole = new("ROLE") { Description = $"What they may do: {Roles.All}." };
        Command change = new("role", "Give an account another role; whoever is signed in with it has to sign in again.") { name, newRole, data };
        change.SetAction(parsed => AuditedChange.Make(parsed.GetValue(data)!, access =>
        {
            var given = Roles.Parse(parsed.GetValue(newRole));
            return access.SetRole(parsed.GetValue(name)!, given) ? ("account.role", parsed.GetValue(name)!, Roles.NameOf(given)) : null;
        })
            ? ExitCodes.Success
            : throw new CommandException($"There is no account '{parsed.GetValue(name)}'."));
        Command list = new("list", "Print the accounts and their roles.") { data };
        list.SetAction(parsed =>
        {
            foreach (Person person in Open(parsed.GetValue(data)!).People)
            {
                Console.WriteLine($"{person.Name}\t{Roles.NameOf(person.Role)}");
            }

            return ExitCodes.Success;
        });
        Command remove = new("remove", "Take an account away.") { name, data };
        remove.SetAction(parsed => AuditedChange.Make(
            parsed.GetValue(data)!, access => access.RemoveUser(parsed.GetValue(name)!) ? ("account.remove", parsed.GetValue(name)!, null) : null)
            ? ExitCodes.Success
            : throw new CommandException($"There is no account '{parsed.GetValue(name)}'."));
        return new Command("user", "Manage who may use the dashboard and the API.") { add, change, list, remove };
    }

    private static AccessFile Open(string directory) => new(DataOption.Make(directory));
}
