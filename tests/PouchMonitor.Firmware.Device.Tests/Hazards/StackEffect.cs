using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PouchMonitor.Firmware.Device.Tests.Hazards;

/// <summary>How many values an instruction takes and leaves, and which argument or local it loads (ECMA-335, partition III).</summary>
internal static class StackEffect
{
    public static int Pops(Instruction at, int depth) => at.OpCode.StackBehaviourPop switch
    {
        StackBehaviour.Pop0 => 0,
        StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
        StackBehaviour.Pop1_pop1 or StackBehaviour.Popi_pop1 or StackBehaviour.Popi_popi or StackBehaviour.Popi_popi8
            or StackBehaviour.Popi_popr4 or StackBehaviour.Popi_popr8 or StackBehaviour.Popref_pop1 or StackBehaviour.Popref_popi => 2,
        StackBehaviour.Popi_popi_popi or StackBehaviour.Popref_popi_popi or StackBehaviour.Popref_popi_popi8
            or StackBehaviour.Popref_popi_popr4 or StackBehaviour.Popref_popi_popr8 or StackBehaviour.Popref_popi_popref => 3,
        StackBehaviour.PopAll => depth,
        _ => throw new NotSupportedException($"{at.OpCode.Name} takes {at.OpCode.StackBehaviourPop}"),
    };

    public static int Pushes(Instruction at) => at.OpCode.StackBehaviourPush switch
    {
        StackBehaviour.Push0 => 0,
        StackBehaviour.Push1_push1 => 2,
        StackBehaviour.Varpush => throw new NotSupportedException($"{at.OpCode.Name} leaves any number"),
        _ => 1,
    };

    /// <summary>Index of the parameter that is loaded, without <c>this</c>; null for <c>this</c> and other instructions.</summary>
    public static int? Argument(Instruction at, MethodDefinition method)
    {
        if (at.OpCode.Code is >= Code.Ldarg_0 and <= Code.Ldarg_3)
        {
            int index = at.OpCode.Code - Code.Ldarg_0 - (method.HasThis ? 1 : 0);
            return index < 0 ? null : index;
        }

        return at.OpCode.Code is Code.Ldarg or Code.Ldarg_S && at.Operand is ParameterDefinition { Index: >= 0 } parameter ? parameter.Index : null;
    }

    public static ParameterDefinition? ArgumentAddress(Instruction at, MethodDefinition method) =>
        at.OpCode.Code is Code.Ldarga or Code.Ldarga_S && at.Operand is ParameterDefinition parameter && method.Parameters.Contains(parameter)
            ? parameter
            : null;

    public static VariableDefinition? Local(Instruction at, MethodDefinition method) => at.OpCode.Code switch
    {
        >= Code.Ldloc_0 and <= Code.Ldloc_3 => method.Body.Variables[at.OpCode.Code - Code.Ldloc_0],
        Code.Ldloc or Code.Ldloc_S => (VariableDefinition)at.Operand,
        _ => null,
    };

    public static VariableDefinition? LocalAddress(Instruction at) =>
        at.OpCode.Code is Code.Ldloca or Code.Ldloca_S ? (VariableDefinition)at.Operand : null;
}
