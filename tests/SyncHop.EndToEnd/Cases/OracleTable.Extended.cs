namespace SyncHop.EndToEnd.Cases;

// -X and -A, which are for local to local. rsync's -X without -p gives what has other attributes the source's permissions too; synchop
// leaves those alone, and so the cases have -p.
internal static partial class OracleTable
{
    private const string Attributed =
        "same=1^user.a=1 other=1^user.a=1 gone=1 new=1^user.a=1^user.b=2 content=22^user.a=1 d/^user.d=1 d/f=1^user.a= e/^user.e=1 e/f=1 ro=1:0444^user.a=1";

    private const string AttributedThere =
        "same=1^user.a=1 other=1^user.a=2 gone=1^user.a=2 content=1^user.a=3 d/ d/f=1 x=1^user.z=1 ro=1:0444^user.b=1";

    // cap_net_bind_service (capabilities(7); linux/capability.h, VFS_CAP_REVISION_2).
    private const string Capability = @"\001\000\000\002\000\004\000\000\000\000\000\000\000\000\000\000\000\000\000\000";

    private const string Listed = "same=1^access=u6,u1234.4,g4,m4,o4 other=1^access=u6,u1234.6,g4,m6,o4 gone=1 new=1^access=u6,g4,g55.7,m7,o0 content=22^access=u6,u1234.4,g4,m4,o4"
        + " d/^default=u7,u1234.7,g5,m7,o5 d/f=1 e/^access=u7,u1234.5,g5,m5,o5^default=u7,g5,o5 e/f=1^access=u6,g6,m4,o4 p|^access=u6,u7.4,g4,m4,o4";

    private const string ListedThere = "same=1^access=u6,u1234.4,g4,m4,o4 other=1^access=u6,u1234.4,g4,m4,o4 gone=1^access=u6,u1234.4,g4,m4,o4 content=1"
        + " d/^access=u7,u1234.5,g5,m5,o5 d/f=1 x=1 p|";

    private static IEnumerable<Row> ExtendedAttributes()
    {
        const Runs local = Runs.Local | Runs.User, root = Runs.Local | Runs.OnlyRoot;
        const string spaces = "a=1^trusted.t=1^security.s=1^user.u=1 b=1 c=1^trusted.t=1 l->a^trusted.l=1 m->a^trusted.l=1 p|^trusted.p=1 d/^security.d=1 n!c,1,3^trusted.n=1";
        const string there = "a=1^trusted.t=2 b=1^security.s=2^trusted.t=2^user.u=2 c=1 l->a m->a^trusted.l=2 p| d/ n!c,1,3";
        yield return On("-X, first copy", "-aXi", Attributed, null, local, times: 2);
        yield return On("-X", "-aXi", Attributed, AttributedThere, local, times: 2);
        yield return On("-X, dry run", "-naXi", Attributed, AttributedThere, local);
        yield return On("-X, all shown", "-aXii", Attributed, AttributedThere, local);
        yield return On("-X -v", "-aXvv", "same=1^user.a=1 other=1^user.a=1 gone=1 d/^user.d=1", "same=1^user.a=1 other=1^user.a=2 gone=1^user.a=2 d/", local);
        yield return On("-X --no-xattrs", "-aXi --no-X", Attributed, AttributedThere, local);
        yield return On("-X --delete", "-aXi --delete", Attributed, AttributedThere, local);
        yield return On("-X -c", "-aXci", Attributed, AttributedThere, local);
        yield return On("-X -u", "-aXui", Attributed, AttributedThere, local);
        yield return On("-X --existing", "-aXi --existing", Attributed, AttributedThere, local);
        yield return On("-X --ignore-existing", "-aXi --ignore-existing --info=skip2", Attributed, AttributedThere, local);
        yield return On("-X --inplace", "-aXi --inplace", Attributed, AttributedThere, local);
        yield return On("-X -I", "-aXIi", Attributed, AttributedThere, local);
        yield return On("-X -b", "-aXbi", Attributed, AttributedThere, local);
        yield return On("-X --backup-dir", "-aXbi --delete --backup-dir=../bk", Attributed, AttributedThere, local);
        yield return On("-X -b --inplace", "-aXbi --inplace", Attributed, AttributedThere, local);
        yield return On("-X -b --inplace --backup-dir", "-aXbi --inplace --backup-dir=bk", Attributed, AttributedThere, local);
        yield return On("-X --delay-updates", "-aXi --delay-updates", Attributed, AttributedThere, local);
        yield return On("-X --temp-dir", "-aXi --temp-dir={other}", Attributed, AttributedThere, local);
        yield return On("-X -d", "-dptXi", Attributed, AttributedThere, local);
        yield return On("-X -R", "-aXRi", Attributed, null, local, from: "src/./d/f src/./e");
        yield return On("-X of files", "-aXi", Attributed, AttributedThere, local, from: "src/other src/new src/d");
        yield return On("-X to a new name", "-aXi", Attributed, "", local, from: "src/new", to: "dst/f");
        yield return On("-X -m", "-aXmi", Attributed + " k/^user.k=1", "k/", local);
        yield return On("-X of the top", "-aXi", "./^user.a=1 f=1", "./^user.b=1 f=1", local, times: 2);
        yield return On("-X, hard links", "-aXHi", "a=1^user.a=1 b=>a c=1^user.a=2 d=>c", "a=1^user.a=2 c=1^user.a=2", local, times: 2);
        yield return On("-X, long values", "-aXi", "a=1^user.a=*1000 b=1^user.a=*1000 c=1^user.a=*1001 d=1^user.a=*300 e/^user.a=*900",
            "a=1^user.a=*1000 b=1^user.a=*999 d=1^user.a=*32 e/", local, times: 2);
        yield return On("-X, long values, --delay-updates", "-aXi --delay-updates", "a=22^user.a=*1000 e/^user.a=*900 e/f=1", "a=1", local);
        yield return On("-X --link-dest", "-aXi --link-dest=../src/old", "a=1^user.a=1 b=1^user.a=1 c=1 old/a=1^user.a=1 old/b=1^user.a=2 old/c=1^user.c=1 old/k/^user.k=2 k/^user.k=1", null, local, times: 2);
        yield return On("-X --copy-dest", "-aXi --copy-dest=../src/old", "a=1^user.a=1 b=1^user.a=1 c=1 old/a=1^user.a=1 old/b=1^user.a=2 old/c=1^user.c=1", null, local, times: 2);
        yield return On("-X --compare-dest", "-aXi --compare-dest=../src/old", "a=1^user.a=1 b=1^user.a=1 c=1 old/a=1^user.a=1 old/b=1^user.a=2 old/c=1^user.c=1", null, local);
        yield return On("-X, rsync's own", "-aXi", "a=1^user.rsync.%x=1^user.rsync.y=1 b=1", "b=1^user.rsync.%x=1", local, times: 2);
        yield return On("-XX, rsync's own", "-aXXi", "a=1^user.rsync.%x=1^user.rsync.y=1 b=1", "b=1^user.rsync.%x=1", local, times: 2);
        yield return On("-X, what cannot be read", "-aXi --delete", "a=1:0000^user.a=1 b=1^user.b=1", "a=1 x=1", Runs.Local | Runs.OnlyUser);
        yield return On("-X, a read-only directory", "-aXi", "d/:0555^user.a=1 d/f=1:0400^user.a=1", "d/:0555 d/f=1:0400", local, times: 2);
        yield return On("-X, all namespaces", "-aXi", spaces, there, root, times: 2);
        yield return On("-X, all namespaces, first copy", "-aXi", spaces, null, root, times: 2);
        yield return On("-X -L, all namespaces", "-aXLi", "a=1^trusted.t=1^user.u=1 l->a^trusted.l=1", "l=1", root);
        yield return On("-X --no-super", "-aXi --no-super", spaces, there, root);
        yield return On("-X with owners", "-aXi", "a=1#5.6^security.s=1 b=22#5.6^security.s=1 c=1:4755#5.6^trusted.t=1", "a=1 b=1 c=1", root);
        yield return On("-X, capabilities of another owner's", "-aXi", $"a=1#5.6^security.capability={Capability}", $"a=1^security.capability={Capability}", root, times: 2);
        yield return On("-X without -A", "-aXi", Listed, ListedThere, root, times: 2);
        foreach (var rule in new[] { "-x_user.a", "-x_user.*", "-xs_*", "-xr_*", "+x_user.a --filter=-x_*", "-x!_user.*", "-x_system.* --delete-excluded" })
            yield return On($"-X --filter={rule}", $"-aXi --filter={rule}", "a=1^user.a=1^user.b=1^trusted.t=1 b=22^user.a=1 d/^user.a=1^user.c=1", "a=1^user.b=2^user.c=3 b=1^user.d=1 d/", root);
    }

    private static IEnumerable<Row> AccessLists()
    {
        const Runs local = Runs.Local | Runs.User, root = Runs.Local | Runs.OnlyRoot;
        yield return On("-A, first copy", "-aAi", Listed, null, local, times: 2);
        yield return On("-A", "-aAi", Listed, ListedThere, local, times: 2);
        yield return On("-A, dry run", "-naAi", Listed, ListedThere, local);
        yield return On("-A, all shown", "-aAii", Listed, ListedThere, local);
        yield return On("-A -v", "-aAvv", "a=1^access=u6,u1.4,g4,m4,o4 b=1 d/", "a=1 b=1^access=u6,u1.4,g4,m4,o4 d/", root);
        yield return On("-A -L", "-aALi", "f=1^access=u6,u1234.4,g4,m4,o4 l->f d/^access=u7,u1234.5,g5,m5,o5 k->d", "l=1", local, times: 2);
        yield return On("-A alone", "-rAi", Listed, ListedThere, local);
        yield return On("-A --no-acls", "-aAi --no-A", Listed, ListedThere, local);
        yield return On("-A --no-perms", "-aAi --no-p", "a=1:0600 b=1:0640", "a=1 b=22", local);
        const string wide = "f=1:0670^access=u6,u1234.7,g4,m7,o0 g=1:0677^access=u6,u1234.4,g4,m7,o7 h=1:0600 d/:0777^default=u7,u1234.7,g7,m7,o7 d/f=1:0666 e/:0777^access=u7,u1234.7,g7,m7,o7 k/:0777^access=u7,u5.5,g7,m7,o7^default=u7,g5,o5";
        yield return On("-A --no-perms, new with lists", "-aAi --no-p", wide, null, local, times: 2);
        // The first directory that is made there has what rsync computed from the list before it was removed.
        yield return On("-A --no-perms, new files below a default list", "-aAi --no-p", "f=1:0670^access=u6,u1234.7,g4,m7,o0 g=1:0677^access=u6,u1234.4,g4,m7,o7 h=1:0666", "./^default=u7,u1234.7,g7,m6,o1", local);
        yield return On("-A --no-perms, lists over what is there", "-aAi --no-p", wide, "f=22:0640 g=1 d/:0755 e/:0700", local, times: 2);
        const string groups = "a=1^access=u6,u5.4,g6,m6,o4 b=1^access=u6,u5.4,g6,m6,o4 c=1^access=u6,u5.4,g4,m6,o4 d=1^access=u6,u5.4,g4,m6,o4 e=1^access=u6,u5.4,g4,m4,o4 f=1^access=u6,u5.4,g4,m4,o4 g=1^access=u6,u5.4,g6,m6,o4 h=1^access=u6,u5.4,g4,m4,o4",
            groupsThere = "a=1^access=u6,u5.4,g6,m4,o4 b=1^access=u6,u5.4,g4,m4,o4 c=1^access=u6,u5.4,g6,m4,o4 d=1^access=u6,u5.4,g4,m4,o4 e=1^access=u6,u5.4,g6,m6,o4 f=1^access=u6,u5.4,g4,m6,o4";
        yield return On("-A, the owning group's entry", "-aAi", groups, groupsThere, local, times: 2);
        yield return On("-A --no-perms, the owning group's entry", "-aAi --no-p", groups, groupsThere, local, times: 2);
        yield return On("-A --chmod, the owning group's entry", "-aAi --chmod=g-w", groups, groupsThere, local, times: 2);
        yield return On("-A --no-perms -E", "-aAi --no-p -E", "a=1:0755^access=u7,u5.5,g5,m5,o5 b=1^access=u6,u5.4,g6,m6,o4 c=1:0755^access=u7,u5.5,g7,m7,o5", "a=1 b=1:0755 c=1^access=u6,u5.4,g6,m6,o4", local, times: 2);
        yield return On("-A, default lists of directories that are there", "-aAi --no-p", "d/^default=u7,g7,o7 d/new=1:0666 d/k/:0777 d/k/f=1:0666 e/f=1:0666", "d/ e/^default=u7,g5,o0", local, times: 2);
        yield return On("-A --inplace", "-aAi --inplace", Listed, ListedThere, local);
        yield return On("-A --delay-updates", "-aAi --delay-updates", Listed, ListedThere, local);
        yield return On("-A --chmod", "-aAi --chmod=g-w,o-r", Listed, ListedThere, local);
        yield return On("-A -b", "-aAbi", Listed, ListedThere, local);
        yield return On("-A -X", "-aAXi", Listed + " x=1^user.a=1^access=u6,u1.4,g4,m4,o4", ListedThere, local, times: 2);
        yield return On("-A --link-dest", "-aAi --link-dest=../src/old", "a=1^access=u6,u1.4,g4,m4,o4 b=1^access=u6,u1.4,g4,m4,o4 old/a=1^access=u6,u1.4,g4,m4,o4 old/b=1^access=u6,u2.4,g4,m4,o4", null, local, times: 2);
        yield return On("-A, equal to the mode", "-aAi", "a=1:0640^access=u6,g4,o0 b=1:0640", "a=1:0640 b=1:0640^access=u6,g4,o0", local);
        yield return On("-A, only a mask", "-aAi", "a=1^access=u6,g6,m4,o4 b=1 c=1^access=u6,g6,m4,o4", "a=1 b=1^access=u6,g6,m4,o4 c=1^access=u6,g4,m4,o4", local, times: 2);
        // Where the bit goes and the list changes too, rsync's first run sets a wrong list, and its second one mends it.
        yield return On("-A, set-user-ID", "-aAi", "a=1:4755 s=1:4755", "a=1:4755^access=u7,u1.4,g4,m5,o5 s=1^access=u7,u1.5,g5,m5,o5", local, times: 2);
        yield return On("-A, inherited lists", "-aAi", "f=1 k/f=1 k/d/", "./^default=u7,u1234.7,g7,m7,o7 k/^default=u7,u1234.7,g7,m7,o7", local, times: 2);
        yield return On("-A --usermap", "-aAi --usermap=*:55 --groupmap=*:66", Listed + " n=1^access=u6,g4,g5.4,m4,o4", ListedThere, root, times: 2);
        yield return On("-A with owners", "-aAi", "a=1#5.6^access=u6,u5.4,g4,m4,o4 b=22#5.6^access=u6,u5.4,g4,m4,o4 n!c,1,3^access=u6,u5.4,g4,m4,o4", "a=1 b=1 n!c,1,3", root);
    }
}
