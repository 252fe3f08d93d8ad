using Mono.Cecil;

namespace PouchMonitor.Firmware.Device.Tests.Hazards;

/// <summary>
/// Follows the interpreter's note of signed and unsigned through the whole module, over calls and results, until nothing
/// changes. On the real interpreter <c>(long)someUlong >> 2</c>, <c>(long)someUlong % 7</c> and the widening of
/// <c>(int)someUint</c> gave what an unsigned number would give.
/// </summary>
internal sealed class SignTags(ModuleDefinition module)
{
    private readonly Dictionary<MethodDefinition, SignTag[]> arguments = [];
    private readonly Dictionary<MethodDefinition, SignTag> results = [];
    private readonly VirtualCalls calls = new(module);
    private bool hasChanged;

    public static IEnumerable<Finding> Find(ModuleDefinition module) => new SignTags(module).Run();

    public SignTag ArgumentOf(MethodDefinition method, int index) => arguments[method][index];

    /// <summary>What a call leaves: what any method that may be meant returns.</summary>
    public SignTag ResultOf(MethodReference called) => calls.Targets(called).Select(target => results.GetValueOrDefault(target))
        .Append(SignTag.OfType(called.ReturnType)).Aggregate(SignTag.Join);

    public void AddResult(MethodDefinition method, SignTag result)
    {
        SignTag joined = SignTag.Join(results.GetValueOrDefault(method), result);
        hasChanged |= joined != results.GetValueOrDefault(method);
        results[method] = joined;
    }

    /// <summary>Takes what is handed to a method; names what leaves the module, where nobody can follow it.</summary>
    public IEnumerable<string> AddArguments(MethodReference called, SignTag[] given)
    {
        MethodDefinition[] targets = [.. calls.Targets(called)];
        foreach (MethodDefinition target in targets)
        {
            SignTag[] joined = [.. arguments[target].Zip(given, SignTag.Join)];
            hasChanged |= !joined.SequenceEqual(arguments[target]);
            arguments[target] = joined;
        }

        return targets.Length > 0
            ? []
            : given.Where((tag, index) => tag.IsRisky && SignTag.OfType(called.Parameters[index].ParameterType).Bytes == 0)
                .Select(tag => $"a number noted as unsigned goes to {called.FullName} as a signed one");
    }

    /// <summary>Arrays of <c>ulong</c> and <c>long</c> are read by the same instruction: a method that names the former may mean it.</summary>
    public bool HasUnsignedArrays(MethodDefinition method) => method.Body.Variables.Select(variable => variable.VariableType)
        .Concat(method.Parameters.Select(parameter => parameter.ParameterType))
        .Concat(method.Body.Instructions.Select(instruction => instruction.Operand).OfType<FieldReference>().Select(field => field.FieldType))
        .Any(type => type is ArrayType { ElementType.MetadataType: MetadataType.UInt64 });

    private HashSet<Finding> Run()
    {
        foreach (MethodDefinition method in ModuleWalk.Methods(module))
        {
            arguments[method] = [.. method.Parameters.Select(parameter => SignTag.OfType(parameter.ParameterType))];
        }

        HashSet<Finding> findings = [];
        do
        {
            hasChanged = false;
            findings.Clear();
            foreach (MethodDefinition method in ModuleWalk.Methods(module).Where(method => method.HasBody))
            {
                findings.UnionWith(new SignTagWalk(this, method).Run());
            }
        }
        while (hasChanged);
        return findings;
    }
}
