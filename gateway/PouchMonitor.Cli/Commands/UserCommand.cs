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
        add.SetAction(parsed => Usage(() =>
        {
            string? wanted = parsed.GetValue(role);
            string password = PasswordFile.Read(parsed.GetValue(file));
            Open(parsed.GetValue(data)!).AddUser(parsed.GetValue(name)!, password, wanted is null ? null : Roles.Parse(wanted));
            return ExitCodes.Success;
        }));
        Argument<string> newRole = new("ROLE") { Description = $"What they may do: {Roles.All}." };
        Command change = new("role", "Give an account another role; whoever is signed in with it has to sign in again.") { name, newRole, data };
        change.SetAction(parsed => Usage(() => Open(parsed.GetValue(data)!).SetRole(parsed.GetValue(name)!, Roles.Parse(parsed.GetValue(newRole)))
            ? ExitCodes.Success
            : throw new CommandException($"There is no account '{parsed.GetValue(name)}'.")));
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
        remove.SetAction(parsed => Open(parsed.GetValue(data)!).RemoveUser(parsed.GetValue(name)!)
            ? ExitCodes.Success
            : throw new CommandException($"There is no account '{parsed.GetValue(name)}'."));
        return new Command("user", "Manage who may use the dashboard and the API.") { add, change, list, remove };
    }

    private static int Usage(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (ArgumentException error)
        {
            throw new CommandException(error.Message, ExitCodes.Usage);
        }
    }

    private static AccessFile Open(string directory) => new(DataOption.Make(directory));
}
