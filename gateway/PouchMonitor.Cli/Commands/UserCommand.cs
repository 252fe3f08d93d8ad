using System.CommandLine;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Cli.Commands;

/// <summary><c>pouchmonitor user add | remove</c>: who may use the dashboard and the API. Works on a running gateway.</summary>
internal static class UserCommand
{
    public static Command Create()
    {
        Option<string> data = DataOption.Create();
        Argument<string> name = new("NAME") { Description = "Name to sign in with." };
        Option<string?> file = new("--password-file") { Description = "File whose first line is the password; standard input unless given." };
        Command add = new("add", "Make an account, or give it a new password.") { name, data, file };
        add.SetAction(parsed =>
        {
            string password = PasswordFile.Read(parsed.GetValue(file));
            try
            {
                new AccessFile(DataOption.Make(parsed.GetValue(data)!)).AddUser(parsed.GetValue(name)!, password);
                return ExitCodes.Success;
            }
            catch (ArgumentException error)
            {
                throw new CommandException(error.Message, ExitCodes.Usage);
            }
        });
        Command remove = new("remove", "Take an account away.") { name, data };
        remove.SetAction(parsed => new AccessFile(DataOption.Make(parsed.GetValue(data)!)).RemoveUser(parsed.GetValue(name)!)
            ? ExitCodes.Success
            : throw new CommandException($"There is no account '{parsed.GetValue(name)}'."));
        return new Command("user", "Manage who may use the dashboard and the API.") { add, remove };
    }
}
