using Mono.Cecil;

namespace PouchMonitor.Firmware.Device.Tests.Hazards;

/// <summary>Names that the device does not have.</summary>
internal static class MemberHazards
{
    /// <summary>Assemblies that the project does not reference, and types and members that no list holds.</summary>
    public static IEnumerable<Finding> Unknown(ModuleDefinition module, IReadOnlyCollection<string> references)
    {
        foreach (AssemblyNameReference assembly in module.AssemblyReferences.Where(assembly => !references.Contains(assembly.Name)))
        {
            yield return new Finding(module.Name, $"unknown assembly {assembly.Name}");
        }

        foreach (TypeReference type in module.GetTypeReferences().Where(type => !IsKnown(type.Resolve)))
        {
            yield return new Finding(module.Name, $"unknown type {type.FullName}");
        }

        foreach (MemberReference member in module.GetMemberReferences())
        {
            bool isKnown = member switch
            {
                MethodReference method => IsKnown(method.Resolve),
                FieldReference field => IsKnown(field.Resolve),
                _ => true,
            };
            if (!isKnown)
            {
                yield return new Finding(module.Name, $"unknown member {member.FullName}");
            }
        }
    }

    private static bool IsKnown(Func<object?> resolve)
    {
        try
        {
            return resolve() is not null;
        }
        catch (AssemblyResolutionException)
        {
            return false;
        }
    }
}
