using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Cli.Commands;

/// <summary>
/// <c>pouchmonitor node add | remove | list | command | config</c>: which nodes may connect, and orders to them. Works on a
/// running gateway.
/// </summary>
internal static class NodeCommand
{
    public static Command Create()
    {
        Option<string> data = DataOption.Create();
        Argument<string> name = new("NAME") { Description = "Name of the node, also its MQTT user name." };
        Option<string?> certificate = new("--certificate")
        {
            Description = "Let the node in by this certificate (PEM or DER), and print its SHA-256, instead of giving it a token.",
        };
        Command add = new("add", "Make a node known (or give it a new token) and print its token, once.") { name, data, certificate };
        add.SetAction(parsed =>
        {
            string node = parsed.GetValue(name)!;
            string shown = "";
            AuditedChange.Make(parsed.GetValue(data)!, access =>
            {
                shown = parsed.GetValue(certificate) is { } file ? AddCertificate(access, node, file) : access.AddNode(node);
                return ("node.add", node, parsed.GetValue(certificate) is null ? "by a token" : $"by the certificate {shown}");
            });
            Console.WriteLine(shown);
            return ExitCodes.Success;
        });
        Command remove = new("remove", "Forget a node; it cannot connect again.") { name, data };
        remove.SetAction(parsed => AuditedChange.Make(
            parsed.GetValue(data)!, access => access.RemoveNode(parsed.GetValue(name)!) ? ("node.remove", parsed.GetValue(name)!, null) : null)
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
        return new Command("node", "Manage which nodes may connect, and give them orders.")
        {
            add, remove, list, NodeOrders.CreateCommand(), NodeOrders.CreateConfig(),
        };
    }

    private static string AddCertificate(AccessFile access, string node, string file)
    {
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificateFromFile(file);
            string sha256 = PeerCertificate.ThumbprintOf(certificate);
            access.AddCertificate(node, sha256);
            return sha256;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandException($"--certificate {file}: {error.Message}");
        }
    }

    private static AccessFile Open(string directory) => new(DataOption.Make(directory));
}
