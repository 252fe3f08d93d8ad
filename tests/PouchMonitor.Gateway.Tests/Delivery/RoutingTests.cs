using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Delivery;

namespace PouchMonitor.Gateway.Tests.Delivery;

/// <summary>Who is told: every combination of what a person can set against every priority.</summary>
public class RoutingTests
{
    private static readonly DateTimeOffset Night = new(2026, 11, 27, 23, 30, 0, TimeSpan.Zero);
    private static readonly QuietHours Quiet = new() { From = "22:00", To = "07:00", Zone = "UTC" };

    public static TheoryData<AlarmPriority, AlarmPriority, bool, bool, int> Combinations()
    {
        TheoryData<AlarmPriority, AlarmPriority, bool, bool, int> all = [];
        foreach (AlarmPriority priority in Enum.GetValues<AlarmPriority>())
        {
            foreach (AlarmPriority least in Enum.GetValues<AlarmPriority>())
            {
                foreach (int bits in Enumerable.Range(0, 8))
                {
                    all.Add(priority, least, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0 ? 2 : 0);
                }
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void NothingSilencesAnEmergency_AndTheRestIsAsSet(AlarmPriority priority, AlarmPriority least, bool quiet, bool elsewhere, int fromEscalation)
    {
        DeliveryPerson person = DeliveryRig.Person("ada") with
        {
            LeastPriority = least,
            QuietHours = quiet ? Quiet : null,
            Benches = elsewhere ? ["bench-9"] : ["bench-1"],
            FromEscalation = fromEscalation,
        };
        Routing routing = Routing.Decide(person, Notice(priority), Night);
        RoutingVerdict expected = priority == AlarmPriority.Emergency ? RoutingVerdict.Send
            : priority < least || fromEscalation > 1 || elsewhere ? RoutingVerdict.Skip
            : quiet ? RoutingVerdict.Hold : RoutingVerdict.Send;
        Assert.Equal(expected, routing.Verdict);
        Assert.Equal(expected == RoutingVerdict.Send, routing.Reason.Length == 0);
        if (expected == RoutingVerdict.Hold)
        {
            Assert.Equal(new DateTimeOffset(2026, 11, 28, 7, 0, 0, TimeSpan.Zero), routing.Until);
        }
    }

    [Theory]
    [InlineData("bench-1, bench-2", true)]
    [InlineData("bench-2,bench-1", true)]
    [InlineData("bench-2", false)]
    [InlineData("bench-11", false)]
    [InlineData("_gateway", true)]
    [InlineData("bench-2, bench-3 and 12 more", true)]
    [InlineData("", true)]
    public void Benches_AreThoseOfTheIncident_AndTheGatewaysOwnAlarmsAreEverybodys(string benches, bool isTold)
    {
        DeliveryPerson person = DeliveryRig.Person("ada") with { Benches = ["bench-1"] };
        Assert.Equal(isTold ? RoutingVerdict.Send : RoutingVerdict.Skip, Routing.Decide(person, Notice(AlarmPriority.High) with { Bench = benches }, Night).Verdict);
    }

    [Theory]
    [InlineData("22:00", "07:00", "2026-11-27T21:59:59Z", false)]
    [InlineData("22:00", "07:00", "2026-11-27T22:00:00Z", true)]
    [InlineData("22:00", "07:00", "2026-11-28T06:59:59Z", true)]
    [InlineData("22:00", "07:00", "2026-11-28T07:00:00Z", false)]
    [InlineData("12:00", "13:00", "2026-11-27T12:30:00Z", true)]
    [InlineData("12:00", "13:00", "2026-11-27T13:00:00Z", false)]
    [InlineData("00:00", "23:59", "2026-11-27T23:59:30Z", false)]
    public void QuietHours_BeginWithTheFirstMinuteAndEndBeforeTheLast(string from, string to, string at, bool isQuiet)
    {
        QuietHours hours = new() { From = from, To = to, Zone = "UTC" };
        Assert.Null(hours.Problem());
        Assert.Equal(isQuiet, hours.Contains(At(at)));
    }

    [Theory]
    [InlineData("2026-11-27T23:00:00Z", true)] // Friday night
    [InlineData("2026-11-28T05:00:00Z", true)] // its morning
    [InlineData("2026-11-28T23:00:00Z", false)] // Saturday night
    [InlineData("2026-11-27T05:00:00Z", false)] // the morning of a Thursday night
    public void QuietHours_OverMidnightBelongToTheDayTheyBeginOn(string at, bool isQuiet) =>
        Assert.Equal(isQuiet, (Quiet with { Days = ["fri"] }).Contains(At(at)));

    [Theory]
    [InlineData("2026-07-01T20:30:00Z", "2026-07-02T05:00:00Z")] // summer time, two hours ahead
    [InlineData("2026-12-01T21:30:00Z", "2026-12-02T06:00:00Z")] // winter time, one hour ahead
    [InlineData("2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z")] // the night that lacks an hour
    [InlineData("2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z")] // the night that has one twice
    public void QuietHours_FollowTheClockOnTheWall(string at, string end)
    {
        QuietHours berlin = Quiet with { Zone = "Europe/Berlin" };
        Assert.True(berlin.Contains(At(at)));
        Assert.Equal(At(end), berlin.EndAfter(At(at)));
    }

    [Theory]
    [InlineData("24:00", "07:00", "UTC", "from = '24:00'")]
    [InlineData("7:00", "08:00", "UTC", "from = '7:00'")]
    [InlineData("07:00", "07:00", "UTC", "both 07:00")]
    [InlineData("22:00", "07:00", "Mars/Olympus", "zone = 'Mars/Olympus'")]
    [InlineData("22:00", "07:00", "../../etc/passwd", "zone = '../../etc/passwd'")]
    public void QuietHours_ThatCannotBe_AreNamed(string from, string to, string zone, string expected) =>
        Assert.Contains(expected, new QuietHours { From = from, To = to, Zone = zone }.Problem(), StringComparison.Ordinal);

    private static AlarmNotice Notice(AlarmPriority priority) => new()
    {
        Key = "i-1/1",
        Incident = "i-1",
        Kind = NoticeKind.Raised,
        Priority = priority,
        AtMicroseconds = 0,
        Bench = "bench-1",
        Alarms = [],
        AlarmCount = 1,
        CellCount = 1,
        Escalation = 1,
    };

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
