using System.CommandLine;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Cli.Commands;

/// <summary><c>pouchmonitor node add | remove | list</c>: which nodes may connect. Works on a running gateway.</summary>
internal static class NodeCommand
{
    public static Command Create()
    {
        Option<string> data = DataOption.Create();
        Argument<string> name = new("NAME") { Description = "Name of the node, also its MQTT user name." };
        Command add = new("add", "Make a node known (or give it a new token) and print its token, once.") { name, data };
        add.SetAction(parsed =>
        {
            try
            {
                Console.WriteLine(Open(parsed.GetValue(data)!).AddNode(parsed.GetValue(name)!));
                return ExitCodes.Success;
            }
            catch (ArgumentException error)
            {
                throw new CommandException(error.Message, ExitCodes.Usage);
            }
        });
        Command remove = new("remove", "Forget a node; it cannot connect again.") { name, data };
        remove.SetAction(parsed => Open(parsed.GetValue(data)!).RemoveNode(parsed.GetValue(name)!)
            ? ExitCodes.Success
            : throw new CommandException($"There is no node '{parsed.GetValue(name)}'."));
        Command list = new("list", "Print the nodes that may connect.") { data };
        list.SetAction(parsed =>
        {
            foreach (string node in Open(parsed.GetValue(data)!).Nodes.Order(StringComparer.Ordinal))
            {
                Console.WriteLine(node);
            }

            return ExitCodes.Success;
        });
        return new Command("node", "Manage which nodes may connect.") { add, remove, list };
    }

    private static AccessFile Open(string directory) => new(DataOption.Make(directory));
}
