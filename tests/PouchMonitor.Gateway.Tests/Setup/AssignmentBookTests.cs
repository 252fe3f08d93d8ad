using PouchMonitor.Gateway.Setup;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Setup;

/// <summary>Which assignment holds for which sample, now and when it is judged again.</summary>
public sealed class AssignmentBookTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-assignment-").FullName;

    [Fact]
    public void ASampleFallsUnderWhatHeldWhenItWasHeard()
    {
        AssignmentBook book = new([Made(10, "c1", [new BootPlace(7, 100)]), Made(20, "c2", [new BootPlace(7, 250), new BootPlace(8, 40)])]);
        Assert.Null(book.At("n1", "1", 7, 99));
        Assert.Equal("c1", book.At("n1", "1", 7, 100)?.Cell);
        Assert.Equal("c1", book.At("n1", "1", 7, 249)?.Cell);
        Assert.Equal("c2", book.At("n1", "1", 7, 250)?.Cell);
        Assert.Equal("c1", book.At("n1", "1", 8, 39)?.Cell); // heard after the first was made
        Assert.Equal("c2", book.At("n1", "1", 9, 0)?.Cell);
        Assert.Null(book.At("n1", "2", 9, 0));
    }

    [Fact]
    public void WhatIsTakenBack_HoldsNoLonger_ButStillForWhatWasHeardBefore()
    {
        AssignmentBook book = new([Made(10, "c1", []), Made(20, null, [new BootPlace(7, 50)])]);
        Assert.Null(book.Now("n1", "1"));
        Assert.Empty(book.Current);
        Assert.Null(book.At("n1", "1", 7, 50));
        Assert.Equal("c1", book.At("n1", "1", 7, 49)?.Cell);
    }

    [Fact]
    public void ANodesBenchIsTheOneNamedLast()
    {
        AssignmentBook book = new([Made(10, "c1", []) with { Bench = "left" }, Made(20, "c2", []) with { Channel = "2", Bench = "right" }]);
        Assert.Equal("right", book.BenchOf("n1"));
        book.Set(Made(30, null, []) with { Channel = "2" });
        Assert.Equal("left", book.BenchOf("n1"));
        Assert.Null(book.BenchOf("n2"));
    }

    [Fact]
    public void TheyOutliveARestart_WithinTheirBound_AndTheTrailHasThemAll()
    {
        string file = Path.Combine(folder, "state.db");
        const int Changes = AssignmentBook.MostKept + 5;
        using (StateDatabase database = new(file))
        {
            for (int i = 1; i <= Changes; i++)
            {
                database.SaveAssignment(Made(i, "c" + i, [new BootPlace(ulong.MaxValue, i)]) with
                {
                    Limits = new Dictionary<string, double>(StringComparer.Ordinal) { ["maximumVoltageV"] = 4.1 },
                    Cut = new BootPlace(0, -i),
                    Note = "n",
                }, "assignment.set");
            }
        }

        using StateDatabase again = new(file);
        IReadOnlyList<Assignment> read = again.ReadAssignments();
        Assert.Equal(Enumerable.Range(6, AssignmentBook.MostKept).Select(i => "c" + i), read.Select(each => each.Cell));
        Assignment last = read[^1];
        Assert.Equal((Changes, "ada", "n", 4.1), (last.ChangedMicroseconds, last.Person, last.Note, last.Limits["maximumVoltageV"]));
        Assert.Equal([new BootPlace(ulong.MaxValue, Changes)], last.Places);
        Assert.Equal(new BootPlace(0, -Changes), last.Cut);
        Assert.Equal(Changes, again.ReadAudit(long.MaxValue, 1000).Count(line => line is { Action: "assignment.set", Target: "n1/1" }));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Assignment Made(long at, string? cell, IReadOnlyList<BootPlace> places) => new()
    {
        Node = "n1", Channel = "1", ChangedMicroseconds = at, Person = "ada", Cell = cell, Places = places,
    };
}
