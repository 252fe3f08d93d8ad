using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PouchMonitor.Firmware.Device.Tests.Hazards;

/// <summary>
/// What is allocated in methods that can be reached from given entries. Virtual calls are followed into every implementation
/// in the module; a call out of the module counts as an allocation unless it is named as harmless. What is built only to be
/// thrown does not count.
/// </summary>
internal sealed class SamplingPath(
    ModuleDefinition module, IReadOnlyCollection<string> harmlessCalls, IReadOnlyCollection<string> allowedMethods)
{
    private readonly HashSet<MethodDefinition> reached = [];
    private readonly VirtualCalls calls = new(module);

    /// <summary>Methods that were reached, by full name.</summary>
    public IEnumerable<string> Reached => reached.Select(method => method.FullName);

    /// <summary>Walks from the entries ("Type::Method") and names every allocation on the way.</summary>
    public List<Finding> Find(IEnumerable<string> entries)
    {
        List<Finding> findings = [];
        Stack<MethodDefinition> open = [];
        foreach (string entry in entries)
        {
            MethodDefinition[] found = [.. ModuleWalk.Methods(module).Where(method => NameOf(method) == entry)];
            if (found.Length == 0)
            {
                findings.Add(new Finding(entry, "entry of the sampling path is missing"));
            }

            Array.ForEach(found, open.Push);
        }

        while (open.TryPop(out MethodDefinition? method))
        {
            if (reached.Add(method) && method.HasBody)
            {
                Look(method, findings, open);
            }
        }

        return findings;
    }

    /// <summary>Name of a method without its signature.</summary>
    public static string NameOf(MethodReference method) => $"{method.DeclaringType.FullName}::{method.Name}";

    private void Look(MethodDefinition method, List<Finding> findings, Stack<MethodDefinition> open)
    {
        bool isAllowed = allowedMethods.Contains(NameOf(method));
        foreach (Instruction instruction in method.Body.Instructions)
        {
            string? allocated = Allocation(instruction);
            if (allocated is not null && !isAllowed && !IsThrown(instruction))
            {
                findings.Add(new Finding(method.FullName, $"allocates by {allocated}"));
            }

            if (instruction.Operand is MethodReference called && instruction.OpCode.FlowControl == FlowControl.Call && !IsThrown(instruction))
            {
                foreach (MethodDefinition target in calls.IsOurs(called) || !harmlessCalls.Contains(NameOf(called)) ? calls.Targets(called) : [])
                {
                    open.Push(target);
                }
            }
        }
    }

    private string? Allocation(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Newobj or Code.Newarr or Code.Box => $"{instruction.OpCode.Name} {instruction.Operand}",
        Code.Call or Code.Callvirt when instruction.Operand is MethodReference called && !calls.IsOurs(called)
            && !harmlessCalls.Contains(NameOf(called)) => $"call {called.FullName}",
        _ => null,
    };

    /// <summary>True when all that follows up to a throw is in the same straight line: the value is part of an exception.</summary>
    private static bool IsThrown(Instruction instruction)
    {
        Instruction? at = instruction;
        while (at is not null && at.OpCode.FlowControl is FlowControl.Next or FlowControl.Call)
        {
            at = at.Next;
        }

        return at?.OpCode.Code == Code.Throw;
    }
}
