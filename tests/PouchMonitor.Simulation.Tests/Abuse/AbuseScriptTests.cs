using PouchMonitor.Simulation.Abuse;

namespace PouchMonitor.Simulation.Tests.Abuse;

/// <summary>Emulated abuses end as they are called, whatever the seed, and within what is published of real ones.</summary>
public sealed class AbuseScriptTests(ITestOutputHelper output)
{
    private const double LengthS = 720;

    public static TheoryData<EmulatedAbuseKind> Kinds => [.. Enum.GetValues<EmulatedAbuseKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Outcomes_AreWhatTheyAreCalled(EmulatedAbuseKind kind)
    {
        for (int i = 0; i < 2; i++)
        {
            ulong seed = (ulong)Random.Shared.Next(1, 1_000_000);
            output.WriteLine($"seed {seed}");
            AbuseTruth runaway = AbuseTruth.Of(Script(kind, EmulatedAbuseOutcome.Runaway, seed), LengthS);
            Assert.InRange(runaway.MaximumSurfaceC, 400, 700);
            Assert.True(runaway.RunsAwayAtS() < runaway.MaximumAtS);
            Assert.True(runaway.VentedAtS < runaway.MaximumAtS);
            Assert.InRange(runaway.LargestRateCPerS(1), 20, 200);
            Assert.InRange(runaway.VoltageAt(runaway.MaximumAtS + 1), -0.1, 0.3);
            Assert.InRange(runaway.MassLostG, 8, 20);

            AbuseTruth miss = AbuseTruth.Of(Script(kind, EmulatedAbuseOutcome.NearMiss, seed), LengthS);
            Assert.InRange(miss.MaximumSurfaceC, 30, 140);
            Assert.Null(miss.RunsAwayAtS());
            Assert.Null(miss.VentedAtS);

            AbuseTruth vent = AbuseTruth.Of(Script(kind, EmulatedAbuseOutcome.Vent, seed), LengthS);
            Assert.InRange(vent.MaximumSurfaceC, 70, 160);
            Assert.Null(vent.RunsAwayAtS());
            Assert.NotNull(vent.VentedAtS);
            Assert.InRange(vent.MassLostG, 2, 8);
        }
    }

    /// <summary>The pouch that opens cools for a moment and its voltage dips.</summary>
    [Fact]
    public void TheVent_CoolsAndDips()
    {
        AbuseTruth truth = AbuseTruth.Of(Script(EmulatedAbuseKind.Oven, EmulatedAbuseOutcome.Vent, 5), LengthS);
        double at = truth.VentedAtS!.Value;
        double lowest = Enumerable.Range(0, 800).Min(i => truth.SurfaceAt(at + (i / 100.0)));
        Assert.InRange(truth.SurfaceAt(at) - lowest, 0.5, 15);
        Assert.InRange(truth.VoltageAt(at - 0.1) - truth.VoltageAt(at + 0.02), 0.03, 0.07);
        Assert.Equal(truth.VoltageAt(at - 0.1), truth.VoltageAt(at + 3), 0.01);
    }

    [Fact]
    public void ARun_GivesTheSameHoweverItIsAsked()
    {
        AbuseScript script = Script(EmulatedAbuseKind.Nail, EmulatedAbuseOutcome.Runaway, 3);
        AbuseRun often = new(script);
        AbuseRun once = new(script);
        often.AdvanceTo(7);
        often.Begin(10);
        once.Begin(10);
        for (int i = 0; i < 4000; i++)
        {
            often.AdvanceTo(i * 0.013);
        }

        once.AdvanceTo(3999 * 0.013);
        Assert.Equal(once.Cell.SurfaceC, often.Cell.SurfaceC);
        Assert.Equal(once.Cell.VoltageV, often.Cell.VoltageV);
        AbuseTruth truth = AbuseTruth.Of(script, 60);
        Assert.Equal(truth.SurfaceAt(41.99), once.Cell.SurfaceC, 0.2);
    }

    [Fact]
    public void AnEvent_CanBeBroughtForwardUntilItHasBegun()
    {
        AbuseRun run = new(Script(EmulatedAbuseKind.Cut, EmulatedAbuseOutcome.NearMiss, 1));
        run.Begin(100);
        run.Begin(120);
        Assert.Equal(100, run.BeganS);
        run.Begin(20);
        Assert.Equal(20, run.BeganS);
        run.AdvanceTo(21);
        run.Begin(5);
        Assert.Equal(20, run.BeganS);
    }

    [Theory]
    [InlineData("nail", EmulatedAbuseKind.Nail, EmulatedAbuseOutcome.Runaway)]
    [InlineData("external-short:near-miss", EmulatedAbuseKind.ExternalShort, EmulatedAbuseOutcome.NearMiss)]
    [InlineData("over-discharge:vent", EmulatedAbuseKind.OverDischarge, EmulatedAbuseOutcome.Vent)]
    public void Names_AreRead(string text, EmulatedAbuseKind kind, EmulatedAbuseOutcome outcome)
    {
        Assert.True(AbuseNames.TryRead(text, out EmulatedAbuseKind readKind, out EmulatedAbuseOutcome readOutcome, out string? fault));
        Assert.Equal((kind, outcome, null), (readKind, readOutcome, fault));
    }

    [Theory]
    [InlineData("hammer", "'hammer' is no kind of abuse: nail, crush, bend, cut, external-short, overcharge, over-discharge, oven, propagation")]
    [InlineData("nail:bang", "'bang' is no outcome: runaway, near-miss, vent")]
    public void WhatIsNotKnown_IsNamed(string text, string expected)
    {
        Assert.False(AbuseNames.TryRead(text, out _, out _, out string? fault));
        Assert.Equal(expected, fault);
    }

    private static AbuseScript Script(EmulatedAbuseKind kind, EmulatedAbuseOutcome outcome, ulong seed) =>
        AbuseScript.Create(kind, outcome, seed: seed, ovenCPerMinute: 30);
}
