using System.Text.RegularExpressions;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>
/// The table of <see cref="OracleTable"/> as root (or whoever runs the tests), in each mode. SYNCHOP_ROWS is a regular
/// expression: only rows with such names run.
/// </summary>
public static class OracleRows
{
    public static TheoryData<string> Local => Rows(Runs.Local);

    public static TheoryData<string> Push => Rows(Runs.Push);

    public static TheoryData<string> Pull => Rows(Runs.Pull);

    public static TheoryData<string> Remote => Environment.GetEnvironmentVariable("SYNCHOP_ROWS") is null ? [.. OracleTable.BetweenHosts] : Rows(Runs.Push | Runs.Pull);

    /// <summary>Rows for an ordinary user.</summary>
    public static TheoryData<string, Mode> User
    {
        get
        {
            var rows = new TheoryData<string, Mode>();
            foreach (var (name, row) in OracleTable.Rows)
            {
                if (!IsWanted(name) || (row.Runs & (Runs.User | Runs.OnlyUser)) == 0)
                    continue;
                foreach (var (flag, mode) in new[] { (Runs.Local, Mode.Local), (Runs.Push, Mode.Push), (Runs.Pull, Mode.Pull) })
                {
                    if (row.Runs.HasFlag(flag))
                        rows.Add(name, mode);
                }
            }
            return rows;
        }
    }

    private static bool IsWanted(string name) =>
        Environment.GetEnvironmentVariable("SYNCHOP_ROWS") is not { } wanted || Regex.IsMatch(name, wanted);

    private static TheoryData<string> Rows(Runs mode)
    {
        // What root must not run, and what only root can make.
        var excluded = Libc.UserId == 0 ? Runs.OnlyUser : Runs.OnlyUser | Runs.OnlyRoot;
        return [.. OracleTable.Rows.Where(r => IsWanted(r.Key) && r.Value.Runs.HasFlag(mode) && (r.Value.Runs & excluded) == 0).Select(r => r.Key)];
    }
}

public sealed class LocalOracleTests(Lab lab)
{
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(OracleRows.Local), MemberType = typeof(OracleRows))]
    public void Local_equals_rsync(string name) =>
        new Oracle(lab).Check(OracleTable.Rows[name].Case, Mode.Local, Libc.UserId);
}

public sealed class PushOracleTests(Lab lab)
{
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(OracleRows.Push), MemberType = typeof(OracleRows))]
    public void Push_equals_rsync(string name) =>
        new Oracle(lab).Check(OracleTable.Rows[name].Case, Mode.Push, Libc.UserId);
}

public sealed class PullOracleTests(Lab lab)
{
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(OracleRows.Pull), MemberType = typeof(OracleRows))]
    public void Pull_equals_rsync(string name) =>
        new Oracle(lab).Check(OracleTable.Rows[name].Case, Mode.Pull, Libc.UserId);
}

public sealed class RemoteOracleTests(Lab lab)
{
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(OracleRows.Remote), MemberType = typeof(OracleRows))]
    public void Remote_to_remote_equals_rsync(string name) =>
        new Oracle(lab).Check(OracleTable.Rows[name].Case, Mode.Remote, Libc.UserId);
}

public sealed class OrdinaryUserOracleTests(Lab lab)
{
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(OracleRows.User), MemberType = typeof(OracleRows))]
    public void Ordinary_user_equals_rsync(string name, Mode mode) =>
        new Oracle(lab).Check(OracleTable.Rows[name].Case, mode, lab.OrdinaryUser);
}
