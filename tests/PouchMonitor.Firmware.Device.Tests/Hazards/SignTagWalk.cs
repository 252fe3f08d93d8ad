using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PouchMonitor.Firmware.Device.Tests.Hazards;

/// <summary>
/// Follows one method and names where a number noted as unsigned meets an instruction that goes by the note although the code
/// means a signed one: a shift to the right, a remainder, and the widening of <c>int</c>. Locals, fields and elements have
/// types of their own and put the note right; arguments and results keep it.
/// </summary>
internal sealed class SignTagWalk(SignTags whole, MethodDefinition method)
{
    private readonly Dictionary<Instruction, SignTag[]> before = [];
    private readonly Stack<Instruction> open = [];
    private readonly HashSet<Finding> findings = [];

    public IEnumerable<Finding> Run()
    {
        Reach(method.Body.Instructions[0], []);
        foreach (ExceptionHandler handler in method.Body.ExceptionHandlers)
        {
            SignTag[] caught = handler.HandlerType is ExceptionHandlerType.Catch or ExceptionHandlerType.Filter ? [SignTag.Signed] : [];
            Reach(handler.HandlerStart, caught);
            if (handler.FilterStart is not null)
            {
                Reach(handler.FilterStart, caught);
            }
        }

        while (open.TryPop(out Instruction? instruction))
        {
            Step(instruction);
        }

        return findings;
    }

    private void Reach(Instruction instruction, SignTag[] stack)
    {
        if (!before.TryGetValue(instruction, out SignTag[]? known))
        {
            before[instruction] = stack;
            open.Push(instruction);
            return;
        }

        SignTag[] joined = [.. known.Zip(stack, SignTag.Join)];
        if (!joined.SequenceEqual(known))
        {
            before[instruction] = joined;
            open.Push(instruction);
        }
    }

    private void Step(Instruction at)
    {
        Stack<SignTag> stack = new(before[at]);
        Apply(at, stack);
        SignTag[] after = [.. stack.Reverse()];
        switch (at.Operand)
        {
            case Instruction target:
                Reach(target, at.OpCode.Code is Code.Leave or Code.Leave_S ? [] : after);
                break;
            case Instruction[] targets:
                Array.ForEach(targets, target => Reach(target, after));
                break;
        }

        if (at.Next is not null && at.OpCode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw))
        {
            Reach(at.Next, after);
        }
    }

    private void Apply(Instruction at, Stack<SignTag> stack)
    {
        string name = at.OpCode.Name;
        switch (at.OpCode.Code)
        {
            case Code.Call or Code.Callvirt or Code.Newobj:
                Call(at, (MethodReference)at.Operand, stack);
                return;
            case Code.Ret:
                if (stack.TryPop(out SignTag result))
                {
                    whole.AddResult(method, result);
                }

                return;
            case Code.Dup:
                stack.Push(stack.Peek());
                return;
            case Code.Add or Code.Sub or Code.Mul or Code.Or or Code.Xor or Code.Div or Code.Div_Un or Code.And or Code.Rem or Code.Rem_Un
                or Code.Shl or Code.Shr or Code.Shr_Un:
                Binary(at, stack);
                return;
            case Code.Neg or Code.Not:
                stack.Push(stack.Pop() with { IsSmall = false });
                return;
            case Code.Conv_U8:
                stack.Push(new SignTag(8, Peeled(stack.Pop()), 0));
                return;
            case Code.Conv_U4 or Code.Conv_U:
                stack.Push(new SignTag(4, stack.Pop().IsSmall, 0));
                return;
            case Code.Conv_I8 or Code.Conv_R4 or Code.Conv_R8 when at.Previous?.OpCode.Code != Code.Conv_R_Un:
                SignTag converted = stack.Pop();
                if (converted.IsRisky && (converted.Bytes == 4 || at.OpCode.Code != Code.Conv_I8))
                {
                    Report($"{name} of a number noted as unsigned");
                }

                stack.Push(SignTag.Signed);
                return;
            default:
                break;
        }

        Other(at, stack);
    }

    /// <summary>A number of four bytes widened without sign is small; one of eight bytes stays what it is.</summary>
    private static bool Peeled(SignTag tag) => tag.IsSmall || tag.Bytes == 4;

    private void Binary(Instruction at, Stack<SignTag> stack)
    {
        SignTag right = stack.Pop();
        SignTag left = stack.Pop();
        if (at.OpCode.Code is Code.Shr or Code.Rem && left.IsRisky)
        {
            Report($"{at.OpCode.Name} of a number noted as unsigned");
        }

        long? constant = ConstantOf(at.Previous);
        bool isSmall = at.OpCode.Code switch
        {
            Code.And => constant is >= 0 and <= int.MaxValue || left.IsSmall || right.IsSmall,
            Code.Shr_Un => constant > 0,
            Code.Rem_Un or Code.Div_Un => constant is > 1 and <= int.MaxValue,
            Code.Or or Code.Xor => left.IsSmall && (right.IsSmall || constant is >= 0 and <= int.MaxValue),
            _ => false,
        };
        stack.Push(new SignTag(left.Bytes, isSmall, 0));
    }

    private void Call(Instruction at, MethodReference called, Stack<SignTag> stack)
    {
        bool isNew = at.OpCode.Code == Code.Newobj;
        SignTag[] arguments = new SignTag[called.Parameters.Count];
        for (int i = arguments.Length - 1; i >= 0; i--)
        {
            arguments[i] = stack.Pop();
        }

        if (called.HasThis && !isNew)
        {
            stack.Pop();
        }

        foreach (string risk in whole.AddArguments(called, arguments))
        {
            Report(risk);
        }

        if (isNew || called.ReturnType.MetadataType != MetadataType.Void)
        {
            stack.Push(isNew ? SignTag.Signed : whole.ResultOf(called));
        }
    }

    private void Other(Instruction at, Stack<SignTag> stack)
    {
        SignTag top = stack.Count > 0 ? stack.Peek() : SignTag.Signed;
        for (int i = StackEffect.Pops(at, stack.Count); i > 0; i--)
        {
            stack.Pop();
        }

        for (int i = StackEffect.Pushes(at); i > 0; i--)
        {
            stack.Push(Pushed(at, top));
        }
    }

    private SignTag Pushed(Instruction at, SignTag top) => at.OpCode.Code switch
    {
        Code.Ldind_U4 => new SignTag(4, false, 0),
        Code.Ldind_I4 or Code.Ldind_I8 => new SignTag(top.RefersTo, false, 0),
        Code.Ldelem_U4 => new SignTag(4, false, 0),
        Code.Ldelem_I8 => whole.HasUnsignedArrays(method) ? new SignTag(8, false, 0) : SignTag.Signed,
        Code.Ldfld or Code.Ldsfld => SignTag.OfType(((FieldReference)at.Operand).FieldType),
        Code.Ldflda or Code.Ldsflda => SignTag.OfType(new ByReferenceType(((FieldReference)at.Operand).FieldType)),
        Code.Ldelema => SignTag.OfType(new ByReferenceType((TypeReference)at.Operand)),
        _ => StackEffect.Argument(at, method) is { } index ? whole.ArgumentOf(method, index)
            : StackEffect.ArgumentAddress(at, method) is { } parameter ? SignTag.OfType(new ByReferenceType(parameter.ParameterType))
            : StackEffect.Local(at, method) is { } local ? SignTag.OfType(local.VariableType)
            : StackEffect.LocalAddress(at) is { } addressed ? SignTag.OfType(new ByReferenceType(addressed.VariableType))
            : SignTag.Signed,
    };

    private void Report(string what) => findings.Add(new Finding(method.FullName, what));

    private static long? ConstantOf(Instruction? at)
    {
        while (at?.OpCode.Code is Code.Conv_I8 or Code.Conv_U8)
        {
            at = at.Previous;
        }

        return at?.OpCode.Code switch
        {
            Code.Ldc_I4 => (int)at.Operand,
            Code.Ldc_I4_S => (sbyte)at.Operand,
            Code.Ldc_I8 => (long)at.Operand,
            >= Code.Ldc_I4_M1 and <= Code.Ldc_I4_8 => at.OpCode.Code - Code.Ldc_I4_0,
            _ => null,
        };
    }
}
