using System.Globalization;
using System.Net;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>How those who guess are slowed down, by a clock of the test's own.</summary>
public sealed class SignInGuardTests
{
    private static readonly IPAddress Here = IPAddress.Loopback;
    private static readonly IPAddress There = IPAddress.Parse("192.0.2.7");
    private long now = 1_790_000_000_000_000;

    [Fact]
    public void TheWaitDoubles_UpToAQuarterOfAnHour_AndIsForgottenAfterOne()
    {
        SignInGuard guard = new(() => now);
        Refuse(guard, "ada", Here, SignInGuard.FreeForPair - 1);
        Assert.Equal(0, guard.WaitSeconds("ada", Here));
        int[] waits = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900];
        foreach (int wait in waits)
        {
            Refuse(guard, "ada", Here, 1);
            Assert.Equal(wait, guard.WaitSeconds("ada", Here));
            Pass(wait);
            Assert.Equal(0, guard.WaitSeconds("ada", Here));
        }

        Pass(901);
        Refuse(guard, "ada", Here, 1);
        Assert.Equal(0, guard.WaitSeconds("ada", Here));
    }

    [Fact]
    public void GuessingOneAccountFromManyAddresses_AndManyFromOne_HaveToWaitToo()
    {
        SignInGuard guard = new(() => now);
        for (int i = 0; i < SignInGuard.FreeForAccount; i++)
        {
            Assert.Equal(0, guard.WaitSeconds("ada", Here));
            guard.Refused("ada", IPAddress.Parse($"198.51.100.{i}"));
        }

        Assert.Equal(1, guard.WaitSeconds("ada", Here));
        Assert.Equal(0, guard.WaitSeconds("bob", Here));
        for (int i = 0; i < SignInGuard.FreeForAddress; i++)
        {
            guard.Refused("name-" + i.ToString(CultureInfo.InvariantCulture), There);
        }

        Assert.Equal(1, guard.WaitSeconds("bob", There));
        Assert.Equal(0, guard.WaitSeconds("bob", Here));
    }

    [Fact]
    public void GuessingFromElsewhere_DoesNotKeepOutWhoSignedInFromHereWithinTheHour()
    {
        SignInGuard guard = new(() => now);
        guard.Admitted("ada", Here);
        GuessFromElsewhere(guard, "ada");
        Assert.Equal(0, guard.WaitSeconds("ada", Here));
        Assert.Equal(1, guard.WaitSeconds("ada", There));

        // The limits of the address itself stay.
        Refuse(guard, "ada", Here, SignInGuard.FreeForPair);
        Assert.Equal(1, guard.WaitSeconds("ada", Here));

        Pass(3601);
        GuessFromElsewhere(guard, "ada");
        Assert.Equal(1, guard.WaitSeconds("ada", Here));
    }

    [Fact]
    public void SoManyAddressesOfAnAccountAreKnown_AndTheNewestStay()
    {
        SignInGuard guard = new(() => now);
        guard.Admitted("ada", Here);
        for (int i = 0; i < SignInGuard.MostKnownPerAccount; i++)
        {
            guard.Admitted("ada", IPAddress.Parse($"203.0.113.{i}"));
        }

        GuessFromElsewhere(guard, "ada");
        Assert.Equal(1, guard.WaitSeconds("ada", Here));
        Assert.Equal(0, guard.WaitSeconds("ada", IPAddress.Parse("203.0.113.0")));

        for (int i = 0; i < SignInGuard.MostKnownAccounts; i++)
        {
            now++;
            guard.Admitted("other-" + i.ToString(CultureInfo.InvariantCulture), Here);
        }

        Assert.Equal(1, guard.WaitSeconds("ada", IPAddress.Parse("203.0.113.0")));
    }

    [Fact]
    public void TheRightPassword_ForgetsTheWrongOnesOfItsAccount_NotThoseOfTheAddress()
    {
        SignInGuard guard = new(() => now);
        Refuse(guard, "ada", Here, SignInGuard.FreeForPair);
        Pass(1);
        guard.Admitted("ada", Here);
        Refuse(guard, "ada", Here, SignInGuard.FreeForPair - 1);
        Assert.Equal(0, guard.WaitSeconds("ada", Here));
        Refuse(guard, "bob", Here, SignInGuard.FreeForAddress);
        guard.Admitted("bob", Here);
        Assert.True(guard.WaitSeconds("carol", Here) > 0);
    }

    [Fact]
    public void AnAddressOfIpv6_IsItsFirstHalf()
    {
        SignInGuard guard = new(() => now);
        for (int i = 0; i < SignInGuard.FreeForPair; i++)
        {
            guard.Refused("ada", IPAddress.Parse($"2001:db8:0:1::{i:x}"));
        }

        Assert.Equal(1, guard.WaitSeconds("ada", IPAddress.Parse("2001:db8:0:1:ffff::1")));
        Assert.Equal(0, guard.WaitSeconds("ada", IPAddress.Parse("2001:db8:0:2::1")));
    }

    [Fact]
    public void ItRemembersSoMany_AndNoNameFloodsItsWayPastTheNewest()
    {
        SignInGuard guard = new(() => now);
        Refuse(guard, "ada", Here, 10);
        for (int i = 0; i < SignInGuard.MostEntries / 4; i++)
        {
            now++;
            guard.Refused("flood-" + i.ToString(CultureInfo.InvariantCulture), There);
        }

        Assert.True(guard.WaitSeconds("ada", Here) > 0);
        Assert.True(guard.WaitSeconds("anybody", There) > 0, "The address that floods waits.");
    }

    [Fact]
    public void Changes_ComeInABurst_AndThenSoManyASecond()
    {
        ChangeRate rate = new(() => now);
        for (int i = 0; i < ChangeRate.Burst; i++)
        {
            Assert.True(rate.TryTake("ada"));
        }

        Assert.False(rate.TryTake("ada"));
        Assert.True(rate.TryTake("bob"));
        Pass(1);
        for (int i = 0; i < ChangeRate.PerSecond; i++)
        {
            Assert.True(rate.TryTake("ada"));
        }

        Assert.False(rate.TryTake("ada"));
    }

    private static void GuessFromElsewhere(SignInGuard guard, string account)
    {
        for (int i = 0; i < SignInGuard.FreeForAccount; i++)
        {
            guard.Refused(account, IPAddress.Parse($"198.51.100.{i}"));
        }
    }

    private void Pass(int seconds) => now += seconds * 1_000_000L;

    private static void Refuse(SignInGuard guard, string account, IPAddress address, int times)
    {
        for (int i = 0; i < times; i++)
        {
            guard.Refused(account, address);
        }
    }
}
