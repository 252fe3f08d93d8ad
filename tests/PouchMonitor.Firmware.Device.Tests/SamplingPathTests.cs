using PouchMonitor.Firmware.Device.Tests.Compilation;
using PouchMonitor.Firmware.Device.Tests.Hazards;

namespace PouchMonitor.Firmware.Device.Tests;

/// <summary>The walk over the sampling path finds allocations wherever they hide, and leaves out what is let through.</summary>
public sealed class SamplingPathTests
{
    private static readonly string[] Entry = ["A::Run"];

    [Theory]
    [InlineData("class A { object o; void Run() { o = new object(); } }", "newobj")]
    [InlineData("class A { byte[] o; void Run() { o = new byte[4]; } }", "newarr")]
    [InlineData("class A { object o; void Run(int a) { o = a; } }", "box System.Int32")]
    [InlineData("class A { string o; void Run(string a) { o = a + o; } }", "System.String::Concat")]
    [InlineData("class A { string o; void Run(int a) { o = a.ToString(); } }", "System.Int32::ToString()")]
    [InlineData("class A { void Run() { B.Deep(); } } class B { static object o; public static void Deep() { o = new int[1]; } }", "newarr")]
    [InlineData("class A { I i; void Run() { i.Act(); } } interface I { void Act(); } class B : I { object o; public void Act() { o = new B(); } }", "newobj")]
    [InlineData("class A { C c; void Run() { c.Act(); } } abstract class C { public abstract void Act(); } class B : C { object o; public override void Act() { o = new B(); } }", "newobj")]
    [InlineData("class A { System.IDisposable d; void Run() { d.Dispose(); } } class B : System.IDisposable { object o; public void Dispose() { o = new B(); } }", "newobj")]
    [InlineData("class A { void Run() { System.Threading.ThreadStart f = () => { }; f(); } }", "newobj System.Void System.Threading.ThreadStart")]
    [InlineData("class A { object o; int P { get { o = new A(); return 1; } } int Run() => P; }", "newobj")]
    public void Allocations_AreNamed(string text, string what)
    {
        List<Finding> findings = Path(text, [], []).Find(Entry);
        Assert.Contains(findings, finding => finding.What.Contains("allocates by", StringComparison.Ordinal) && finding.What.Contains(what, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("class A { int[] a; int sum; void Run(int i) { a[i] = sum + a.Length; Next(); } void Next() { sum++; } }")]
    [InlineData("class A { void Run(int i) { if (i < 0) { throw new System.ArgumentException(\"i is \" + i); } } }")]
    [InlineData("class A { void Run() { } object Elsewhere() => new object(); }")]
    public void WhatMakesNoObject_IsNotNamed(string text) => Assert.Empty(Path(text, ["System.Array::get_Length"], []).Find(Entry));

    [Fact]
    public void AllowedMethodsAndHarmlessCalls_AreLetThrough()
    {
        const string text = "class A { object o; void Run() { o = new A(); Deep(); } void Deep() { o = new A(); System.GC.KeepAlive(o); } }";
        Assert.NotEmpty(Path("class A { object o; void Run() { o = new A(); } }", [], []).Find(Entry));
        Assert.Contains(Path(text.Replace("System.GC.KeepAlive(o);", "", StringComparison.Ordinal), [], ["A::Run"]).Find(Entry),
            finding => finding.Where.Contains("Deep", StringComparison.Ordinal));
    }

    [Fact]
    public void AMissingEntry_IsNamed() =>
        Assert.Contains(Path("class B { }", [], []).Find(Entry), finding => finding.What.Contains("missing", StringComparison.Ordinal));

    private static SamplingPath Path(string text, string[] harmless, string[] allowed)
    {
        Compiled snippet = DeviceCompiler.Snippet(text);
        Assert.Equal("", string.Join('\n', snippet.Errors));
        return new SamplingPath(ImageReader.Read(snippet.Image), harmless, allowed);
    }
}
