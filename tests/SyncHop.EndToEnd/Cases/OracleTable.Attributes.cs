namespace SyncHop.EndToEnd.Cases;

internal static partial class OracleTable
{
    private const string Executables = "n1=1:0644 n2=1:0600 x1=1:0755 x2=1:0711 x3=1:0700 s=1:4755 k/x=1:0755 k/n=1";
    private const string Unlike = "n1=1:0755 n2=1:0711 x1=1:0644 x2=1:0400 x3=1:0000 s=1:0640 k/x=2:0640@-5 k/n=2:2750@-5";

    private static IEnumerable<Row> Permissions()
    {
        yield return On("-E, new", "-rtEi", Executables, null, Runs.AndUser);
        yield return On("-E, there", "-rtEi", Executables, Unlike, Runs.AndUser, times: 2);
        yield return On("-E and -p", "-aEi", Executables, Unlike);
        yield return On("-E, dry run", "-nrtEi", Executables, Unlike);
        yield return On("-E and --chmod", "-rtEi --chmod=u+x,go-x,g+r", Executables, Unlike);
        yield return On("--chmod", "-ai --chmod=Dg+s,ug+w,Fo-w,+X", "a=1:0640 b=1:0711 k/:0750 k/c=1:0600 l->a", "a=1 k/c=1", times: 2);
        yield return On("--chmod, octal", "-ai --chmod=D2775,F664", "a=1:0600 k/b=1:0755 k/e/", null, times: 2);
        yield return On("--chmod, several options", "-av --chmod=D700 --chmod=F600 --chmod=u+x", "a=1:0644 k/b=1", "");
        yield return On("--chmod, copies", "-ai --chmod=g=u,o=g,o-w", "a=1:0741 k/:0710 k/b=1:4600", "");
        yield return On("--chmod without -p", "-rti --chmod=F600,D700", "a=1:0644 k/b=1:0755 c=1", "c=1:0640 k/");
        yield return On("--chmod in --out-format", "-a --chmod=u+x,a-w --out-format=%B_%i_%n", "a=1:0644 k/b=1:0600", "");
        yield return On("--chmod and a link", "-ai --chmod=0600,D0700 --no-D", "a=1 l->a k/m->../a p|", "l->a");
        yield return On("--chmod listed", "-r --chmod=a=rx", "a=1:0644 k/b=1:4755", null, Runs.NotPush, to: null);
        yield return On("--chmod without a class heeds the umask", "-ai --chmod=+w,=rx,F+w", "a=1:0400 k/:0500 k/b=1:0000", "");
        yield return On("--chmod, nothing changes", "-av --chmod=F644", "a=1:0600 b=1", "a=1 b=1");
        foreach (string wrong in new[] { "888", "u", "", "u+x-w", "u=gr", "DF755", "u+rwx," })
            yield return On($"--chmod={wrong} is wrong", $"-av --chmod={wrong}", "a=1", "");
    }

    private static IEnumerable<Row> Owners()
    {
        const string owned = "root=1 daemon=1#1.1 bin=1#2.3 num=1#12345.54321 k/#1.3 k/f=1#7777.8888 l->x#2.2";
        const string there = "root=1 daemon=1#1.1 bin=1#9.9 k/f=1 l->x";
        const Runs root = Runs.Everywhere | Runs.OnlyRoot;
        yield return On("owners of set-group-ID pipes", "-aii --chown=:7", "p|:02711 q|:0755 r|:04755", "p|:02711 q|:02755 r|:04755", Runs.Local | Runs.OnlyRoot);
        foreach (string map in new[]
        {
            "--chown=games:users", "--chown=:users", "--chown=games", "--chown=1234:4321", "--chown=:", "--chown=nosuch:users",
            "--usermap=daemon:games", "--usermap=0:7,root:8", "--usermap=root:8", "--usermap=*:7", "--usermap=:7,d*:8,*:9", "--usermap=0-5:99",
            "--usermap=[bd]*:9 --groupmap=sys:users,54321:10", "--groupmap=nosuch:nosuch2", "--usermap=12345:nosuch", "--chown=7 --groupmap=sys:3",
            "--chown=7 --chown=:8", "--usermap=1:games,*:9,:8 --numeric-ids", "--numeric-ids --chown=games:users",
            "--usermap=01:5,1:6", "--groupmap=?in:5,s*:6", "--usermap=1- --chown=:7", "--usermap=x", "--usermap=a:", "--usermap=1:99999999999",
        })
        {
            yield return On(map, "-rlti " + map, owned, there, root, times: 2);
        }
        // On a push rsync's receiver hears of the map and not of --no-o, and so sets owners all the same.
        yield return On("--usermap and --no-o", "-rlti --usermap=1:5 --no-o", owned, there, Runs.NotPush | Runs.OnlyRoot);
        yield return On("--chown, dry run", "-nai --chown=games:users", owned, there, root);
        yield return On("--chown as an ordinary user", "-ai --chown=games:users", "a=1 k/b=1", "", Runs.Refused);
        yield return On("--usermap twice", "-a --usermap=1:2 --usermap=3:4", "a=1", "");
        yield return On("--chown twice", "-a --chown=1 --chown=2:3", "a=1", "");
        yield return On("--usermap after --chown", "-a --chown=1 --usermap=3:4", "a=1", "");
        yield return On("--chown after --groupmap", "-a --groupmap=1:2 --chown=:1", "a=1", "");
        yield return On("--no-super", "-ai --no-super", owned, there, root, times: 2);
        yield return On("--no-super and devices", "-ai --no-super", "a=1 d!c,1,3 p|", "", Runs.Local | Runs.OnlyRoot);
        yield return On("--super --no-super", "-ai --super --no-super", owned, null, root);
        yield return On("--super as root", "-ai --super", owned, null, root);
        yield return On("--super as an ordinary user", "-rlt --super", "a=1 k/b=1", "", Runs.Refused);
        yield return On("--drop-D", "-ai --drop-D", "a=1 p| s!s", "", Runs.NotPush);
        yield return On("--drop-D --no-drop-D", "-ai --drop-D --no-drop-D", "a=1 p|", "", Runs.NotPush);
    }

    private static IEnumerable<Row> Times()
    {
        const string late = "a=1@+50 l->a@+50 k/@+50 k/b=1@+50 k/m->b@+50";
        const string there = "a=1 l->a k/b=1 k/m->x";
        yield return On("-O", "-aOi", late, there, times: 2);
        yield return On("-O, new", "-avO", late, null);
        yield return On("-J", "-aJi", late, there, times: 2);
        yield return On("-J, new", "-avJ", late, null);
        yield return On("-O -J --no-O --no-J", "-aOJi --no-O --no-omit-link-times", late, there);
        yield return On("-OJ itemized, unchanged too", "-aOJii", late, there);
        // No links: that their targets are read changes their access times, sooner or later.
        const string read = "a=1@+50 b=2 k/@+50 k/b=1@+50 k/c=1@-9 p|@+3";
        yield return On("-U", "-aUi --no-D", read, "a=1 b=2 k/b=1 k/c=1");
        yield return On("-U without -t", "-rlUi", "a=1@+50 k/b=1@+50", "a=1 k/b=2");
        yield return On("-U --no-U", "-aUi --no-U", read, "a=1 k/b=1", Runs.NotPush);
        yield return On("-UU -O -J", "-aUUOJi", "a=1@+50 k/b=1", "a=1 k/b=2");
        yield return On("-U listed", "-rU", "a=1 k/b=2", null, Runs.NotPush, to: null);
        yield return On("--open-noatime", "-ai --open-noatime", Some, Changed, Runs.AndUser);
        yield return On("-N", "-aN", Some, Changed);
        const string near = "m2=1@-2 m1=1@-1 z=1 p1=1@+1 p2=1@+2 k/@+1";
        const string same = "m2=1 m1=1 z=1 p1=1 p2=1 k/";
        foreach (string window in new[] { "1", "2", "0", "=1" })
        {
            yield return On($"-@{window}", $"-ai -@{window}", near, same);
            yield return On($"-@{window} -u", $"-auvvi -@{window}", near, same);
        }
        yield return On("--modify-window", "-ai --modify-window=1", near, same, times: 2);
        yield return On("-@-1", "-ai -@-1", "a=1@100.000000005 b=1@100.500000000 c=1@7 k/@5.100000000", "a=1@100.000000006 b=1@100.500000000 c=1@7 k/@5.200000000", Runs.Local);
        yield return On("-@-1 -u", "-aiu --modify-window=-1", "a=1@100.500000000 b=1@101 c=1@102", "a=1@100.600000000 b=1@102 c=1@104", Runs.Local);
        yield return On("-@x", "-ai -@x", near, same);
    }
}
