using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PouchMonitor.Firmware.Device.Tests.Hazards;

/// <summary>Hazards in how types and methods are put together.</summary>
internal static class ShapeHazards
{
    // Nullable annotations leave these; the runtime never looks at them.
    private static readonly string[] HarmlessEmbedded =
    [
        "Microsoft.CodeAnalysis.EmbeddedAttribute",
        "System.Runtime.CompilerServices.NullableAttribute",
        "System.Runtime.CompilerServices.NullableContextAttribute",
    ];

    /// <summary>A body in an interface throws when it is called.</summary>
    public static IEnumerable<Finding> DefaultInterfaceMethod(ModuleDefinition module) => ModuleWalk.Methods(module)
        .Where(method => method.DeclaringType.IsInterface && method.HasBody)
        .Select(method => new Finding(method.FullName, "interface method with a body"));

    /// <summary>What the compiler adds on its own: RefSafetyRulesAttribute shifts the native method table.</summary>
    public static IEnumerable<Finding> EmbeddedType(ModuleDefinition module) => module.Types
        .Where(type => (type.Namespace.StartsWith("System", StringComparison.Ordinal)
                || type.Namespace.StartsWith("Microsoft", StringComparison.Ordinal))
            && !HarmlessEmbedded.Contains(type.FullName))
        .Select(type => new Finding(type.FullName, "embedded by the compiler"));

    /// <summary>
    /// An exception that leaves <c>Main</c>, a thread or a handler called by the device's libraries parks the device or kills
    /// the thread: the whole body of each must lie in a try that catches <c>Exception</c>.
    /// </summary>
    public static IEnumerable<Finding> UncaughtEntry(ModuleDefinition module)
    {
        IEnumerable<MethodDefinition> entries = module.EntryPoint is null ? [] : [module.EntryPoint];
        return entries.Concat(HandedToLibraries(module)).Distinct().Where(method => !CatchesAll(method))
            .Select(method => new Finding(method.FullName, "entered from outside without catching everything"));
    }

    private static IEnumerable<MethodDefinition> HandedToLibraries(ModuleDefinition module) => ModuleWalk.Instructions(module)
        .Where(at => at.Instruction.OpCode.Code is Code.Ldftn or Code.Ldvirtftn
            && at.Instruction.Next?.Operand is MethodReference { Name: ".ctor" } made
            && made.DeclaringType.Scope is AssemblyNameReference
            && at.Instruction.Operand is MethodReference)
        .Select(at => ((MethodReference)at.Instruction.Operand).Resolve());

    private static bool CatchesAll(MethodDefinition method)
    {
        Instruction first = method.Body.Instructions.First(instruction => instruction.OpCode.Code != Code.Nop);
        Instruction last = method.Body.Instructions[^1];
        return method.Body.ExceptionHandlers.Any(handler => handler.HandlerType == ExceptionHandlerType.Catch
            && handler.CatchType.FullName is "System.Exception" or "System.Object"
            && handler.TryStart == first
            && last.OpCode.Code == Code.Ret
            && (handler.HandlerEnd == last
                || (handler.HandlerEnd?.Next == last && handler.HandlerEnd!.OpCode.Name.StartsWith("ldloc", StringComparison.Ordinal))));
    }
}
