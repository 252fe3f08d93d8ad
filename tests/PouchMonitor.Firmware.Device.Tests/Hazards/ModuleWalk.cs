using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PouchMonitor.Firmware.Device.Tests.Hazards;

/// <summary>Everything in a module that a hazard can hide in.</summary>
internal static class ModuleWalk
{
    public static IEnumerable<TypeDefinition> Types(ModuleDefinition module) => module.GetTypes();

    public static IEnumerable<MethodDefinition> Methods(ModuleDefinition module) => Types(module).SelectMany(type => type.Methods);

    public static IEnumerable<(MethodDefinition Method, Instruction Instruction)> Instructions(ModuleDefinition module) =>
        Methods(module).Where(method => method.HasBody)
            .SelectMany(method => method.Body.Instructions.Select(instruction => (method, instruction)));

    /// <summary>Each type that is named anywhere, with the type that names it and the place.</summary>
    public static IEnumerable<(TypeDefinition Owner, string Where, TypeReference Used)> Uses(ModuleDefinition module)
    {
        foreach (TypeDefinition type in Types(module))
        {
            foreach ((string where, TypeReference used) in UsesOf(type))
            {
                yield return (type, where, used);
            }
        }
    }

    /// <summary>The parts of a composed type, itself first.</summary>
    public static IEnumerable<TypeReference> Parts(TypeReference type)
    {
        yield return type;
        IEnumerable<TypeReference> inner = type switch
        {
            GenericInstanceType generic => generic.GenericArguments,
            TypeSpecification specification => [specification.ElementType],
            _ => [],
        };
        foreach (TypeReference part in inner.SelectMany(Parts))
        {
            yield return part;
        }
    }

    public static TypeReference? TypeOf(object operand) => operand switch
    {
        TypeReference type => type,
        MemberReference member => member.DeclaringType,
        _ => null,
    };

    private static IEnumerable<(string Where, TypeReference Used)> UsesOf(TypeDefinition type)
    {
        if (type.BaseType is not null)
        {
            yield return (type.FullName, type.BaseType);
        }

        foreach (InterfaceImplementation implemented in type.Interfaces)
        {
            yield return (type.FullName, implemented.InterfaceType);
        }

        foreach (FieldDefinition field in type.Fields)
        {
            yield return (field.FullName, field.FieldType);
        }

        foreach ((string where, TypeReference used) in type.Methods.SelectMany(UsesOf))
        {
            yield return (where, used);
        }
    }

    private static IEnumerable<(string Where, TypeReference Used)> UsesOf(MethodDefinition method)
    {
        IEnumerable<TypeReference> used = SignatureOf(method);
        if (method.HasBody)
        {
            used = used.Concat(method.Body.Variables.Select(variable => variable.VariableType))
                .Concat(method.Body.ExceptionHandlers.Select(handler => handler.CatchType).Where(caught => caught is not null))
                .Concat(method.Body.Instructions.SelectMany(instruction => UsesOf(instruction.Operand)));
        }

        return used.Select(type => (method.FullName, type));
    }

    private static IEnumerable<TypeReference> UsesOf(object? operand) => operand switch
    {
        TypeReference type => [type],
        MethodReference method => [method.DeclaringType, .. SignatureOf(method)],
        FieldReference field => [field.DeclaringType, field.FieldType],
        _ => [],
    };

    private static IEnumerable<TypeReference> SignatureOf(MethodReference method) =>
        method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType)
            .Concat(method is GenericInstanceMethod generic ? generic.GenericArguments : []);
}
