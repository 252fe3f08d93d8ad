using System.Text.Json.Nodes;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Setup;

/// <summary>A form is told all that is wrong, each fault beside its field, by the rules of the reader and no others.</summary>
public class ProfileCheckTests
{
    [Theory]
    [InlineData("""{"name":"a b"}""", "name")]
    [InlineData("""{"name":"a","massG":"heavy"}""", "massG")]
    [InlineData("""{"name":"a","massG":0}""", "massG")]
    [InlineData("""{"name":"a","minimumVoltageV":4,"maximumVoltageV":3}""", "minimumVoltageV")]
    [InlineData("""{"name":"a","kind":"round"}""", "kind")]
    [InlineData("""{"name":"a","voltage":3}""", "voltage")]
    [InlineData("""{"name":"a","referenceRetention":[[1,1],[1,0.9]]}""", "referenceRetention")]
    [InlineData("""{"name":"a","rules":{"no/row":{"raise":1}}}""", "rules")]
    [InlineData("""{"name":"a",""", "")]
    [InlineData("""[1]""", "")]
    public void WhatTheReaderRefuses_IsTold_AndTheOtherWayRound(string text, string field)
    {
        ProfileProblem problem = Assert.Single(CellProfile.Check(text));
        Assert.Equal(field, problem.Field);
        string refusal = Assert.Throws<ProfileFileException>(() => CellProfile.Parse(text, "f")).Message;
        Assert.True(field.Length == 0 || refusal.EndsWith(problem.Message, StringComparison.Ordinal), $"{problem.Message} / {refusal}");
    }

    [Fact]
    public void AllProblemsAreToldAtOnce() => Assert.Equal(
        ["kind", "name", "massG"],
        CellProfile.Check("""{"name":"","kind":7,"massG":-1,"maximumVoltageV":4}""").Select(problem => problem.Field));

    [Fact]
    public void EveryKnownProfile_HasNoProblem() => Assert.All(CellProfiles.Names, name =>
    {
        Assert.True(CellProfiles.TryGet(name, out CellProfile? profile));
        Assert.Empty(CellProfile.Check(StoredProfile.Of(profile).Body));
    });

    [Fact]
    public void TheFiguresOfTheForm_AreTheNumbersOfAProfile()
    {
        JsonObject body = JsonNode.Parse(StoredProfile.Of(CellProfiles.Default).Body)!.AsObject();
        string[] others = ["name", "description", "kind", "referenceRetention", "referencePolarization", "rules"];
        Assert.Equal(body.Select(field => field.Key).Except(others, StringComparer.Ordinal), ProfileFigure.All.Select(figure => figure.Name));
    }
}
