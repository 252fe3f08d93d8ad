using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PouchMonitor.Firmware.Device.Tests.Hazards;

/// <summary>Instructions and formats that the interpreter runs differently, or not at all.</summary>
internal static partial class InstructionHazards
{
    // nf-interpreter, Interpreter.cpp: refused when reached; volatile. is skipped without effect.
    private static readonly string[] Unsupported =
    [
        "arglist", "cpblk", "jmp", "initblk", "calli", "ckfinite", "localloc", "mkrefany", "refanytype", "refanyval", "readonly.",
        "volatile.", "tail.", "unaligned.",
    ];

    /// <summary>Checked arithmetic wraps all the same.</summary>
    public static IEnumerable<Finding> OverflowCheck(ModuleDefinition module) => ModuleWalk.Instructions(module)
        .Where(at => at.Instruction.OpCode.Name.Contains(".ovf", StringComparison.Ordinal))
        .Select(at => new Finding(at.Method.FullName, $"checked arithmetic by {at.Instruction.OpCode.Name}"));

    public static IEnumerable<Finding> UnsupportedInstruction(ModuleDefinition module) => ModuleWalk.Instructions(module)
        .Where(at => Unsupported.Contains(at.Instruction.OpCode.Name))
        .Select(at => new Finding(at.Method.FullName, $"unsupported instruction {at.Instruction.OpCode.Name}"));

    /// <summary>An enum in a text is a number there and a name here, so what is published would differ.</summary>
    public static IEnumerable<Finding> EnumAsText(ModuleDefinition module) => ModuleWalk.Instructions(module)
        .Where(at => at.Instruction.OpCode.Code is Code.Box or Code.Constrained && at.Instruction.Operand is TypeReference type
            && type.Resolve() is { IsEnum: true })
        .Select(at => new Finding(at.Method.FullName, $"enum {((TypeReference)at.Instruction.Operand).FullName} boxed or made text"));

    /// <summary>
    /// A place of <c>new string[n]</c> that was never written is not null to the interpreter, and comparing it ends the runtime.
    /// So an array made without its content is named, by the field that takes it or else by its method, unless it is let through.
    /// </summary>
    public static IEnumerable<Finding> UnwrittenStrings(ModuleDefinition module, IReadOnlyCollection<string> allowed) => ModuleWalk.Instructions(module)
        .Where(at => at.Instruction is { OpCode.Code: Code.Newarr, Operand: TypeReference { FullName: "System.String" } }
            && at.Instruction.Next.OpCode.Code != Code.Dup && at.Instruction.Previous.OpCode.Code != Code.Ldc_I4_0)
        .Select(at => new Finding(
            at.Instruction.Next.Operand is FieldReference field ? $"{field.DeclaringType.FullName}::{field.Name}" : SamplingPath.NameOf(at.Method),
            "string array made without its content"))
        .Where(finding => !allowed.Contains(finding.Where));

    /// <summary>
    /// Formats other than D, E, F, G, N, X with a precision throw or print themselves. A format that is not a literal beside
    /// its call cannot be judged and counts as a finding too.
    /// </summary>
    public static IEnumerable<Finding> Format(ModuleDefinition module)
    {
        foreach ((MethodDefinition method, Instruction instruction) in ModuleWalk.Instructions(module))
        {
            if (instruction.Operand is MethodReference { Name: "ToString", Parameters: [{ ParameterType.FullName: "System.String" }, ..] }
                && !(instruction.Previous?.Operand is string format && Standard().IsMatch(format)))
            {
                yield return new Finding(method.FullName, $"number format {instruction.Previous?.Operand ?? "not a literal"}");
            }

            if (instruction.Operand is string text)
            {
                foreach (Match item in Placeholder().Matches(text).Where(item => !Standard().IsMatch(item.Groups["format"].Value)))
                {
                    yield return new Finding(method.FullName, $"number format {item.Groups["format"].Value}");
                }
            }
        }
    }

    [GeneratedRegex("^[DEFGNX][0-9]{0,2}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Standard();

    [GeneratedRegex(@"\{[0-9]+(?:,-?[0-9]+)?:(?<format>[^}]*)\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Placeholder();
}
