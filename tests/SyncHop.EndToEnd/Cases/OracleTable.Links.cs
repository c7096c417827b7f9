namespace SyncHop.EndToEnd.Cases;

internal static partial class OracleTable
{
    // Safe and unsafe ones, to files and directories, dangling, through other links.
    private const string Linked = "a=one real/f=two real/deep/g=three real/m->f k/x=four la->a lreal->real lk->k/ abs->/etc/debian_version up->../src/a updir->../src/k"
        + " again->lreal file->lreal/f k/up->../a k/out->../../src/real k/dir->../real/deep";

    private const string Dangling = "a=1 gone->nowhere out->../nowhere k/gone->../nowhere loop->pool pool->loop k/f=1";

    private static IEnumerable<Row> FollowedLinks()
    {
        string[] each = ["-L", "-k", "--copy-unsafe-links", "--safe-links", "--munge-links"];
        string[] together = ["-kL", "-k --copy-unsafe-links", "-k --safe-links", "--copy-unsafe-links --safe-links", "-L --safe-links"];
        foreach (string options in each.Concat(together))
        {
            yield return On($"{options}, new", $"-avi {options}", Linked, null);
            yield return On($"{options}, changed", $"-ai {options}", Linked, "a=one la=old@-5 lreal->x lk/y=1 abs->/etc/passwd up=1 updir->a k/up->a k/dir=1 extra=1", times: 2);
        }
        foreach (string options in each)
        {
            yield return On($"{options}, --delete", $"-av --delete --force {options}", Linked, "a=1 lreal/f=two lreal/z=1 abs=1 gone=1 k/out/f=1 k/out/h=1");
            yield return On($"{options} without -l", $"-rtv {options}", Linked, "");
            yield return On($"{options}, dry run", $"-nai --delete {options}", Linked, "a=1 lreal->real lk/y=1 abs=1");
            yield return On($"{options} listed", $"-r {options}", Linked, null, Runs.NotPush, to: null);
            yield return On($"{options}, dangling", $"-av {options}", Dangling, "gone=1 x=1");
            yield return On($"{options}, dangling, --delete", $"-av --delete {options}", Dangling, "gone=1 x=1");
            yield return On($"{options}, arguments", $"-av {options}", Linked, "", from: "src/la src/lreal src/abs src/updir src/k");
            yield return On($"{options}, arguments without -r", $"-lv {options}", Linked, "", from: "src/la src/lreal src/abs");
            yield return On($"{options}, a link with a slash", $"-av {options}", Linked, "", from: "src/lreal/ src/updir/");
            yield return On($"{options}, no slash", $"-av {options}", Linked, "", from: "src");
        }
        yield return On("-L, a dangling argument", "-av -L", Dangling, "", from: "src/gone src/a");
        yield return On("-L, a looping argument", "-av -L", Dangling, "", from: "src/loop src/a");
        yield return On("--copy-unsafe-links, a dangling argument", "-av --copy-unsafe-links", Dangling, "", from: "src/out src/a");
        yield return On("-L as an ordinary user", "-avL", Linked, "", Runs.Refused);
        yield return On("-k as an ordinary user", "-avk --copy-unsafe-links", Linked, "", Runs.Refused);
        yield return On("-L in words", "-a --copy-links --itemize-changes", Linked, "");
        yield return On("-k in words", "-a --copy-dirlinks -i", Linked, "");
        yield return On("-L, filters", "-avL --exclude=lreal/f --exclude=/again/ --exclude=gone --include=*/ --exclude=x", Linked + " gone->nowhere", "");
        yield return On("-L, excluded dangling links", "-avL --exclude=gone --exclude=loop --exclude=pool --exclude=/out", Dangling, "");
        yield return On("-L --copy-links twice", "-avLL", Linked, "");
        yield return On("--no-L is unknown", "-av --no-L", Linked, "");
        yield return On("--no-safe-links is unknown", "-av --no-safe-links", Linked, "");
        yield return On("--munge-links --no-munge-links", "-av --munge-links --no-munge-links", Linked, "");
        yield return On("-L -c", "-aic -L", "a=11 l->a m->a", "a=11@-3 l=11@-3 m=12");
        yield return On("-L -u", "-avu -L", "a=1 l->a m->a", "l=22@+9 m=33@-9");
        yield return On("-L --existing", "-av -L --existing", Linked, "la=1 lreal/f=3");
        yield return On("-L --ignore-existing", "-av -L --ignore-existing", Linked, "la=1 lreal/f=3");
        yield return On("-L --link-dest", "-avi -L --link-dest=../dst/before", Linked, "before/a=one before/la=one before/lreal/f=two", to: "dst/now");
        yield return On("-L --remove-source-files", "-av -L --remove-source-files --exclude=/a", "a=1 k/f=1 x->a", "");
        yield return On("-k --remove-source-files", "-av -k --remove-source-files", "a=1 l->a", "");
        yield return On("--safe-links -b --delete", "-avb --safe-links --delete", Linked, "abs->/etc/passwd up->a x=1");
        yield return On("--safe-links --existing", "-av --safe-links --existing", Linked, "abs->x la->b");
        yield return On("--safe-links --ignore-existing -vv", "-avv --safe-links --ignore-existing", Linked, "abs->x la->b");
        yield return On("--safe-links, quietly", "-a --safe-links", Linked, "");
        // Pulling, rsync does not tell the other side of --info; what is read there is told by us too.
        yield return On("--info=symsafe0", "-av --safe-links --info=symsafe0", Linked, "", Runs.Local | Runs.Push);
        yield return On("--copy-unsafe-links --info=symsafe0", "-av --copy-unsafe-links --info=symsafe0", Linked, "");
        yield return On("--info=symsafe", "-a --safe-links --info=symsafe", Linked, "", Runs.Local | Runs.Push);
        yield return On("--munge-links undone", "-avi --munge-links", @"a=1 l->/rsyncd-munged/a m->/rsyncd-munged/ n->/rsyncd-munged/../x o->rsyncd-munged/ p->/rsyncd-munged", "l->a n->b");
        yield return On("--munge-links, equal", "-avi --munge-links", "l->/rsyncd-munged/a m->b", "l->a m->/rsyncd-munged/b");
        string[] targets = ["..", "../", ".", "./..", "k/..", "k/../a", "./../a", "/", "a/../..", "..a", "../..a", "...", "k//..//a", "../../a", "../..", "../../../a",
            "../m/../a", "x/", "../k/../", "..//../a", ".//..//../a", "../a/..", "../../..", "..//", "../.", "..//..", "a/...", "../..//../x"];
        yield return On("--safe-links judges targets", "-av --safe-links",
            string.Join(' ', targets.SelectMany((target, i) => new[] { $"l{i}->{target}", $"k/l{i}->{target}", $"k/m/l{i}->{target}" })), "");
        yield return On("--safe-links judges targets, no slash", "-av --safe-links",
            string.Join(' ', targets.SelectMany((target, i) => new[] { $"l{i}->{target}", $"k/l{i}->{target}" })), "", from: "src");
    }

    private static IEnumerable<Row> KeptLinks()
    {
        foreach (string options in new[] { "-aKi --delete", "-aKi --delete-before", "-aKb --delete", "-aKin --delete" })
            yield return On("what a kept link leads to goes: " + options, options, "k/f=1 k/s/g=2 b=3", "k->real real/s/x=1 c->real/s b=3");
        yield return On("-dK of a link that leads out", "-dKi", "k/f=1 b=3", "k->../out");
        // -O: rsync gives time and permissions of such a directory to the symlink, which keeps neither; synchop gives them to the directory.
        const string source = "foo/file=1 foo/sub/g=2 a=1 l->a";
        yield return On("-K", "-aviO -K", source, "foo->bar bar/old=1@-5 bar/file=9", times: 2);
        yield return On("-K in words", "-avO --keep-dirlinks", source, "foo->bar bar/old=1@-5 bar/file=9");
        yield return On("-K and a deep link", "-aviO -K", "k/foo/f=1 k/foo/g/h=1 k/b=1", "k/foo->../far/away far/away/g->../../x x/y=1 far/away/f=2@-3");
        yield return On("-K, dry run", "-naiO -K", source, "foo->bar bar/old=1@-5 bar/file=9");
        yield return On("-K --delete", "-aviO -K --delete --exclude=bar", source, "foo->bar bar/old=1 bar/file=9 z->bar");
        yield return On("-K --delete, dry run", "-naiO -K --delete --exclude=bar", source, "foo->bar bar/old=1 bar/file=9");
        yield return On("-K and a link to a file", "-aviO -K", source, "foo->a a=2@-5");
        yield return On("-K and a dangling link", "-aviO -K", source, "foo->nowhere");
        yield return On("-K and a link where a file comes", "-aviO -K", "foo=1 l->foo", "foo->bar bar/x=1");
        yield return On("-K --inplace", "-aviO -K --inplace", source, "foo->bar bar/old=1@-5 bar/file=9");
        yield return On("-K -b", "-aviO -K -b", source, "foo->bar bar/file=9");
        yield return On("-K --backup-dir", "-aviO -K -b --backup-dir=../bk", source, "foo->bar bar/file=9");
        yield return On("-K -c", "-aiO -Kc", source, "foo->bar bar/file=1@-9");
        yield return On("-K --existing", "-aviO -K --existing", source, "foo->bar bar/file=9");
        yield return On("-K as an ordinary user", "-aviO -K", source, "foo->bar bar/old=1@-5 bar/file=9", Runs.Refused);
        yield return On("-K --delay-updates", "-avO -K --delay-updates", source, "foo->bar bar/file=9");
        yield return On("-K --partial-dir", "-avO -K --partial-dir=.p", source, "foo->bar bar/file=9");
        yield return On("-K and links in a chain", "-aviO -K", source, "foo->one one->two two->bar bar/file=9");
        yield return On("-K -L", "-aviO -KL", source, "foo->bar bar/file=9 l->a a=2");
        yield return On("--no-K is unknown", "-av --no-K", source, "");
    }
}
