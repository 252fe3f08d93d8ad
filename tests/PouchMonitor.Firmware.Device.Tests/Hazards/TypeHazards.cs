using Mono.Cecil;

namespace PouchMonitor.Firmware.Device.Tests.Hazards;

/// <summary>Kinds of types that compile and then go wrong: generic, multi-dimensional, pointers, floating point, structs of ours.</summary>
internal static class TypeHazards
{
    /// <summary>Generic methods returned garbage, generic delegates crashed.</summary>
    public static IEnumerable<Finding> Generic(ModuleDefinition module)
    {
        foreach (TypeDefinition type in ModuleWalk.Types(module).Where(type => type.HasGenericParameters))
        {
            yield return new Finding(type.FullName, "generic type");
        }

        foreach (MethodDefinition method in ModuleWalk.Methods(module).Where(method => method.HasGenericParameters))
        {
            yield return new Finding(method.FullName, "generic method");
        }

        foreach (Finding finding in Where(module, part => part is GenericInstanceType or GenericParameter, "generic use"))
        {
            yield return finding;
        }

        foreach ((MethodDefinition method, Mono.Cecil.Cil.Instruction instruction) in ModuleWalk.Instructions(module))
        {
            if (instruction.Operand is GenericInstanceMethod generic)
            {
                yield return new Finding(method.FullName, $"generic use of {generic.FullName}");
            }
        }
    }

    public static IEnumerable<Finding> MultiDimensionalArray(ModuleDefinition module) =>
        Where(module, part => part is ArrayType { IsVector: false }, "multi-dimensional array");

    public static IEnumerable<Finding> Pointer(ModuleDefinition module) =>
        Where(module, part => part is PointerType or FunctionPointerType or PinnedType, "pointer");

    /// <summary>Division by zero throws and NaN compares true, so only calibration and conversion may calculate so.</summary>
    public static IEnumerable<Finding> FloatingPoint(ModuleDefinition module, IReadOnlyCollection<string> allowedTypes)
    {
        IEnumerable<Finding> named = ModuleWalk.Uses(module)
            .Where(use => !allowedTypes.Contains(use.Owner.FullName) && ModuleWalk.Parts(use.Used).Any(IsFloat))
            .Select(use => new Finding(use.Where, $"floating point in {use.Used.FullName}"));
        IEnumerable<Finding> calculated = ModuleWalk.Instructions(module)
            .Where(at => !allowedTypes.Contains(at.Method.DeclaringType.FullName) && IsFloatOpcode(at.Instruction.OpCode.Name))
            .Select(at => new Finding(at.Method.FullName, $"floating point by {at.Instruction.OpCode.Name}"));
        return named.Concat(calculated);
    }

    /// <summary>Every struct lives on the device's heap; what the compiler makes for the bytes of an array is no struct in use.</summary>
    public static IEnumerable<Finding> Struct(ModuleDefinition module) => ModuleWalk.Types(module)
        .Where(type => type.IsValueType && !type.IsEnum && type.DeclaringType?.Name != "<PrivateImplementationDetails>")
        .Select(type => new Finding(type.FullName, "struct"));

    private static bool IsFloat(TypeReference type) => type.MetadataType is MetadataType.Single or MetadataType.Double;

    private static bool IsFloatOpcode(string name) =>
        name.Contains(".r4", StringComparison.Ordinal) || name.Contains(".r8", StringComparison.Ordinal) || name is "conv.r.un" or "ckfinite";

    private static IEnumerable<Finding> Where(ModuleDefinition module, Func<TypeReference, bool> isHazard, string name) =>
        ModuleWalk.Uses(module).Where(use => ModuleWalk.Parts(use.Used).Any(isHazard))
            .Select(use => new Finding(use.Where, $"{name} {use.Used.FullName}"));
}
