using Mono.Cecil;
using PouchMonitor.Firmware.Device.Tests.Compilation;
using PouchMonitor.Firmware.Device.Tests.Hazards;

namespace PouchMonitor.Firmware.Device.Tests;

/// <summary>Each check names what it is there for: the firmware's clean result means something.</summary>
public sealed class HazardCheckTests
{
    private static readonly string[] NoFeatures = [];

    [Theory]
    [InlineData("class Box<T> { public T Value; }", "generic type")]
    [InlineData("class A { T Same<T>(T a) => a; }", "generic method")]
    [InlineData("class A { System.Action<int> Field; }", "generic use System.Action`1<System.Int32>")]
    [InlineData("class A { void Run() { System.Func<int> f = () => 1; f(); } }", "generic use System.Func`1<System.Int32>")]
    [InlineData("class A { T Same<T>(T a) => a; int Run() => Same(1); }", "A::Same<System.Int32>")]
    public void Generics_AreNamed(string text, string what) => Named(TypeHazards.Generic, text, what);

    [Theory]
    [InlineData("class A { int[,] Field; }")]
    [InlineData("class A { object Make() => new int[2, 3]; }")]
    [InlineData("class A { int First(int[,,] a) => a[0, 0, 0]; }")]
    public void MultiDimensionalArrays_AreNamed(string text) => Named(TypeHazards.MultiDimensionalArray, text, "multi-dimensional array");

    [Theory]
    [InlineData("unsafe class A { byte* Field; }")]
    [InlineData("unsafe class A { int First(int[] a) { fixed (int* p = a) { return *p; } } }")]
    [InlineData("unsafe class A { int Run(delegate*<int> f) => f(); }")]
    public void Pointers_AreNamed(string text) => Named(TypeHazards.Pointer, text, "pointer");

    [Theory]
    [InlineData("unsafe class A { void Run() { byte* p = stackalloc byte[8]; *p = 1; } }", "localloc")]
    [InlineData("unsafe class A { int Run(delegate*<int> f) => f(); }", "calli")]
    public void UnsupportedInstructions_AreNamed(string text, string what) =>
        Named(InstructionHazards.UnsupportedInstruction, text, "unsupported instruction " + what);

    [Theory]
    [InlineData("class A { int Sum(int a, int b) => checked(a + b); }", "add.ovf")]
    [InlineData("class A { uint Left(uint a, uint b) => checked(a - b); }", "sub.ovf.un")]
    [InlineData("class A { byte Low(int a) => checked((byte)a); }", "conv.ovf.u1")]
    [InlineData("class A { byte[] Make(long count) => new byte[count]; }", "conv.ovf.i")]
    public void CheckedArithmetic_IsNamed(string text, string what) =>
        Named(InstructionHazards.OverflowCheck, text, "checked arithmetic by " + what);

    [Theory]
    [InlineData("enum E { X } class A { string Text(E e) => e.ToString(); }")]
    [InlineData("enum E { X } class A { string Text(E e) => \"state \" + e; }")]
    [InlineData("enum E { X } class A { string Text(E e) => $\"state {e}\"; }")]
    [InlineData("enum E { X } class A { object Boxed(E e) => e; }")]
    public void EnumsAsText_AreNamed(string text) => Named(InstructionHazards.EnumAsText, text, "enum E boxed or made text");

    [Theory]
    [InlineData("class A { string Text(int a) => a.ToString(\"R\"); }", "R")]
    [InlineData("class A { string Text(int a) => a.ToString(\"0.00\"); }", "0.00")]
    [InlineData("class A { string Text(int a) => $\"{a:0.00} V\"; }", "0.00")]
    [InlineData("class A { string Text(int a, string f) => a.ToString(f); }", "not a literal")]
    [InlineData("class A { string Text(System.DateTime a) => a.ToString(\"o\"); }", "o")]
    public void Formats_AreNamed(string text, string what) => Named(InstructionHazards.Format, text, "number format " + what);

    [Theory]
    [InlineData("class A { string[] names = new string[4]; }", "A::names")]
    [InlineData("class A { string[] Make(int n) => new string[n]; }", "A::Make")]
    public void UnwrittenStrings_AreNamed(string text, string where)
    {
        Finding finding = Assert.Single(InstructionHazards.UnwrittenStrings(Read(text), []));
        Assert.Equal(where, finding.Where);
        Assert.Empty(InstructionHazards.UnwrittenStrings(Read(text), [where]));
    }

    [Fact]
    public void WrittenStrings_AreNot() => Assert.Empty(InstructionHazards.UnwrittenStrings(
        Read("class A { string[] a = new string[0]; string[] b = new string[] { \"x\", \"y\" }; object[] c = new object[3]; }"), []));

    [Fact]
    public void FormatsThatWork_AreNot()
    {
        ModuleDefinition module = Read("class A { string Text(int a) => a.ToString(\"D3\") + a.ToString(\"X\") + $\"{a:N2}\" + $\"{a,5}\" + \"{}\"; }");
        Assert.Empty(InstructionHazards.Format(module));
    }

    [Theory]
    [InlineData("class A { float Field; }", "floating point in System.Single")]
    [InlineData("class A { int Half(double a) => 0; }", "floating point in System.Double")]
    [InlineData("class A { long Half(long a) => (long)(a * 0.5); }", "floating point by ldc.r8")]
    [InlineData("class A { bool IsHot(int a, int b) => (float)a > b; }", "floating point by conv.r4")]
    public void FloatingPoint_IsNamed(string text, string what)
    {
        Named(module => TypeHazards.FloatingPoint(module, []), text, what);
        Assert.Empty(TypeHazards.FloatingPoint(Read(text), ["A"]));
    }

    [Theory]
    [InlineData("class A { int Whole(double a) { if (a > 1.0) { return 1; } return (int)a; } }", "cast (int)a")]
    [InlineData("class A { long Whole(float a) => (long)(a + 1f); }", "cast (long)(a + 1f)")]
    [InlineData("class A { int sum; void Whole(double a) { sum += (byte)a; } }", "cast (byte)a")]
    [InlineData("class A { int sum; void Whole(double a) { sum = (int)a; sum *= 2; } }", "cast (int)a")]
    public void FloatingPointToWholeNumbers_IsNamed(string text, string what)
    {
        Compiled snippet = DeviceCompiler.Snippet(text);
        Assert.Empty(snippet.Errors);
        Assert.Contains(FloatCasts.Find(snippet.Compilation, []), finding => finding.Where == "A::Whole" && finding.What.Contains(what, StringComparison.Ordinal));
        Assert.Empty(FloatCasts.Find(snippet.Compilation, ["A::Whole"]));
    }

    [Theory]
    [InlineData("struct Pair { public int A; public int B; }", "struct")]
    public void Structs_AreNamed(string text, string what) => Named(TypeHazards.Struct, text, what);

    [Fact]
    public void TheBytesOfAnArray_AreNoStruct() =>
        Assert.Empty(TypeHazards.Struct(Read("class A { static readonly int[] Table = new int[] { 1, 2, 3, 4, 5, 6, 7, 8 }; }")));

    [Fact]
    public void RefSafetyRules_AreNamedWithoutTheProjectsFeature()
    {
        const string text = "class A { void Run(in int a) { } }";
        Compiled careless = DeviceCompiler.Snippet("class A { int Run(ref int a) => a; }", NoFeatures);
        Assert.Empty(careless.Errors);
        Assert.Contains(ShapeHazards.EmbeddedType(ImageReader.Read(careless.Image)), finding => finding.Where.EndsWith("RefSafetyRulesAttribute", StringComparison.Ordinal));
        Named(ShapeHazards.EmbeddedType, text, "embedded by the compiler");
        Assert.Empty(ShapeHazards.EmbeddedType(Read("#nullable enable\nclass A { string? Run(ref string? a) => a; }")));
    }

    [Theory]
    [InlineData("static class P { static void Main() { } }", false)]
    [InlineData("static class P { static void Main() { System.Threading.Thread.Sleep(1); try { } catch (System.Exception) { } } }", false)]
    [InlineData("static class P { static void Main() { try { R(); } catch (System.ArgumentException) { } } static void R() { } }", false)]
    [InlineData("static class P { static void Main() { try { R(); } finally { R(); } } static void R() { } }", false)]
    [InlineData("static class P { static void Main() { try { R(); } catch (System.Exception) { R(); } R(); } static void R() { } }", false)]
    [InlineData("static class P { static void Main() { try { R(); } catch (System.Exception) { R(); } } static void R() { } }", true)]
    public void UncaughtMain_IsNamed(string text, bool isSafe)
    {
        ModuleDefinition module = Read(text);
        module.EntryPoint = module.GetType("P").Methods.First(method => method.Name == "Main");
        Assert.Equal(isSafe, !ShapeHazards.UncaughtEntry(module).Any());
    }

    [Theory]
    [InlineData("class A { void Run() { new System.Threading.Thread(Loop).Start(); } void Loop() { } }", "A::Loop()")]
    [InlineData("class A { object t = new System.Threading.Timer(Tick, null, 1, 1); static void Tick(object o) { } }", "A::Tick(System.Object)")]
    [InlineData("class A { void Run(nanoFramework.M2Mqtt.MqttClient c) { c.ConnectionClosed += Gone; } void Gone(object s, System.EventArgs a) { } }", "A::Gone")]
    public void UncaughtThreadsAndHandlers_AreNamed(string text, string where) =>
        Assert.Contains(ShapeHazards.UncaughtEntry(Read(text)), finding => finding.Where.Contains(where, StringComparison.Ordinal));

    [Fact]
    public void UnknownMembers_AreNamed()
    {
        ModuleDefinition module = Read("class A { void Run() { System.Threading.Thread.Sleep(1); } int Length(string a) => a.Length; }");
        Assert.Empty(MemberHazards.Unknown(module, DeviceProject.References));
        module.GetMemberReferences().Single(member => member.Name == "Sleep").Name = "Doze";
        Assert.Contains(MemberHazards.Unknown(module, DeviceProject.References), finding => finding.What.Contains("Thread::Doze", StringComparison.Ordinal));
        Assert.Contains(MemberHazards.Unknown(module, []), finding => finding.What == "unknown assembly mscorlib");
    }

    [Fact]
    public void DefaultInterfaceMethods_AreNamed()
    {
        // The compiler refuses it for the device's library as listed, so a body is put in by hand.
        ModuleDefinition module = Read("interface I { void Run(); }");
        Assert.Empty(ShapeHazards.DefaultInterfaceMethod(module));
        MethodDefinition method = module.GetType("I").Methods.Single();
        method.Attributes &= ~MethodAttributes.Abstract;
        method.Body = new Mono.Cecil.Cil.MethodBody(method);
        Assert.Single(ShapeHazards.DefaultInterfaceMethod(module));
    }

    private static void Named(Func<ModuleDefinition, IEnumerable<Finding>> check, string text, string what) =>
        Assert.Contains(check(Read(text)), finding => finding.What.Contains(what, StringComparison.Ordinal));

    private static ModuleDefinition Read(string text)
    {
        Compiled snippet = DeviceCompiler.Snippet(text);
        Assert.Equal("", string.Join('\n', snippet.Errors));
        return ImageReader.Read(snippet.Image);
    }
}
