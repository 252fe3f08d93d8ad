using Mono.Cecil;

namespace PouchMonitor.Firmware.Device.Tests.Hazards;

/// <summary>Which methods of a module a call may mean.</summary>
internal sealed class VirtualCalls(ModuleDefinition module)
{
    private readonly Dictionary<string, MethodDefinition[]> known = new(StringComparer.Ordinal);

    /// <summary>True when the called method is declared in the module.</summary>
    public bool IsOurs(MethodReference called) => called.DeclaringType.GetElementType() is TypeDefinition type && type.Module == module;

    /// <summary>The method itself and all that may stand for it; empty when none of the module's can be meant.</summary>
    public IReadOnlyList<MethodDefinition> Targets(MethodReference called)
    {
        if (!known.TryGetValue(called.FullName, out MethodDefinition[]? targets))
        {
            targets = [.. Find(called).Distinct()];
            known.Add(called.FullName, targets);
        }

        return targets;
    }

    private IEnumerable<MethodDefinition> Find(MethodReference called)
    {
        if (!IsOurs(called))
        {
            return called.HasThis && called.Resolve() is { IsVirtual: true } outside ? Implementations(outside) : [];
        }

        MethodDefinition target = called.Resolve();
        return target.IsVirtual ? Implementations(target).Append(target) : [target];
    }

    private IEnumerable<MethodDefinition> Implementations(MethodDefinition target) => ModuleWalk.Methods(module).Where(method =>
        method.IsVirtual && !method.DeclaringType.IsInterface && method.Parameters.Count == target.Parameters.Count
        && (method.Name == target.Name || method.Overrides.Any(overridden => overridden.Name == target.Name))
        && IsBelow(method.DeclaringType, target.DeclaringType));

    private static bool IsBelow(TypeDefinition type, TypeDefinition above)
    {
        for (TypeDefinition? at = type; at is not null; at = at.BaseType?.Resolve())
        {
            if (at == above || at.Interfaces.Any(implemented => implemented.InterfaceType.Resolve() is { } item && IsBelow(item, above)))
            {
                return true;
            }
        }

        return false;
    }
}
