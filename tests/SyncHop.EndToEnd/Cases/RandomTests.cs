using System.Globalization;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>
/// Seeds 1 to 500; SYNCHOP_SEEDS is another number of seeds or a range (5000-6000), SYNCHOP_SEED one seed.
/// The seed decides the mode, and whether root or an ordinary user runs it.
/// </summary>
public static class Seeds
{
    public static TheoryData<int> Local => Of(Mode.Local);

    public static TheoryData<int> Push => Of(Mode.Push);

    public static TheoryData<int> Pull => Of(Mode.Pull);

    internal static void Check(Lab lab, int seed)
    {
        var user = seed % 5 == 0 ? lab.OrdinaryUser : Libc.UserId;
        var mode = ModeOf(seed);
        try
        {
            new Oracle(lab).Check(RandomCase.Make(seed, mode, user == 0), mode, user);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"seed {seed}; to repeat: SYNCHOP_SEED={seed} dotnet run -c Release --project tests/SyncHop.EndToEnd -- "
                + $"--filter-class '*Random{mode}Tests'\n{failure.Message}", failure);
        }
    }

    private static Mode ModeOf(int seed) => (Mode)(seed % 3);

    private static TheoryData<int> Of(Mode mode)
    {
        var range = (Environment.GetEnvironmentVariable("SYNCHOP_SEEDS") ?? "500").Split('-');
        var first = range.Length == 2 ? Number(range[0]) : 1;
        var last = Number(range[^1]);
        if (Environment.GetEnvironmentVariable("SYNCHOP_SEED") is { } only)
            first = last = Number(only);
        return [.. Enumerable.Range(first, last - first + 1).Where(seed => ModeOf(seed) == mode)];
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

public sealed class RandomLocalTests(Lab lab)
{
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Seeds.Local), MemberType = typeof(Seeds))]
    public void Random_local_equals_rsync(int seed) => Seeds.Check(lab, seed);
}

public sealed class RandomPushTests(Lab lab)
{
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Seeds.Push), MemberType = typeof(Seeds))]
    public void Random_push_equals_rsync(int seed) => Seeds.Check(lab, seed);
}

public sealed class RandomPullTests(Lab lab)
{
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Seeds.Pull), MemberType = typeof(Seeds))]
    public void Random_pull_equals_rsync(int seed) => Seeds.Check(lab, seed);
}
