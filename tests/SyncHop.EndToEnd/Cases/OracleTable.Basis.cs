namespace SyncHop.EndToEnd.Cases;

// What is kept of the past: --backup, --compare-dest, --copy-dest, --link-dest; and --mkpath.
internal static partial class OracleTable
{
    private const string Replacing = "k/c=new m/e=e t=tt l->t way=f w2/x=1";
    private const string Replaced = "k/c=old m/e=e t=t l->z way/1=1 gone/x/g=g old=o old~=b t~=1 k/x~=1 w2=2";

    private static IEnumerable<Row> Backups()
    {
        foreach (string place in new[] { ".", "", "./." })
            yield return On($"--backup-dir={place} without a suffix", $"-ri --backup-dir={place}", "a=22 k/c=22", "a=1 k/c=1");
        yield return On("--backup-dir=. with a suffix", "-rib --backup-dir=. --suffix=~", "a=22 k/c=22", "a=1 k/c=1");
        yield return On("-b", "-avb", Replacing, Replaced, Runs.AndUser);
        yield return On("-b itemized", "-aib", Replacing, Replaced, times: 2);
        yield return On("-b dry run", "-naib --delete", Replacing, Replaced);
        yield return On("-b --suffix", "-ai --backup --suffix=.old", Replacing, Replaced);
        yield return On("--suffix without -b", "-ai --suffix=.old", Replacing, Replaced);
        yield return On("--no-backup", "-avb --no-backup", Replacing, Replaced);
        yield return On("--suffix with a slash", "-avb --suffix=a/b", Replacing, Replaced);
        yield return On("an empty --suffix", "-avb --suffix=", Replacing, Replaced);
        yield return On("-b --force", "-avb --force", Replacing, Replaced);
        yield return On("-b -r", "-rbi", "a=1 k/b=2", "a=22 a~=0 k/b=33");
        yield return On("-b -t", "-rtbv", "a=1 k/b=2", "a=22 k/b=33 k/:0755@5");
        yield return On("-b of owners and modes", "-aib", "a=1:0640#5.6", "a=22:0600#7.8", Runs.Everywhere | Runs.OnlyRoot);
        yield return On("-b of links and special files", "-aib", "p=1 l->x s=2", "p| l->y s->z", Runs.NotPush);
        yield return On("-b --inplace", "-aib --inplace", Replacing, Replaced);
        yield return On("-b --remove-source-files", "-ab --remove-source-files", Replacing, Replaced);
        foreach (var place in new[] { "../bk", "../dst/bk", "bk", "../bk/y/" })
        {
            yield return On($"--backup-dir={place}", $"-ai --backup-dir={place}", Replacing, Replaced, Runs.AndUser);
            yield return On($"--backup-dir={place} --delete", $"-av --delete --backup-dir={place}", Replacing, Replaced, times: 2);
        }
        yield return On("--backup-dir --suffix", "-av --delete --backup-dir=bk --suffix=.o", Replacing, Replaced);
        yield return On("--backup-dir that is new, and then not, -vv", "-avvb --backup-dir=../bk/", Replacing, Replaced, times: 2);
        yield return On("--backup-dir --info=backup", "-ab --info=backup --backup-dir=gone", Replacing, Replaced);
        yield return On("--backup-dir -vv and no --temp-dir", "-avv --backup-dir=../bk --temp-dir=../tmp", Replacing, Replaced);
        yield return On("--backup-dir dry run", "-nav --delete --backup-dir=bk", Replacing, Replaced);
        yield return On("--backup-dir --delete-delay", "-av --delete-delay --backup-dir=bk", Replacing, Replaced);
        yield return On("--backup-dir of modes", "-av --delete --backup-dir=bk", "a=1", "k/:0710 k/m/:0700 k/m/f=1:0604 k/g=2");
        foreach (string when in new[] { "before", "during", "delay", "after" })
        {
            yield return On(
                $"--backup-dir of owners, --delete-{when}", $"-av --delete-{when} --backup-dir=bk --chown=5:6", "k/f=2 k/m/f=2", "k/f=1 k/m/f=1 k/m/x=1 k/n/x=1 l/x=1");
        }
        foreach (string owners in new[] { "-rlptD", "-rlptDo", "-rlptDg", "-rlptD --usermap=5:9" })
            yield return On($"--backup-dir of owners, {owners}", $"{owners} --delete --backup-dir=../bk", "k/#5.6 k/f=2#5.6", "k/#7.8 k/f=1#7.8 k/x=1", Runs.Everywhere | Runs.OnlyRoot);
        // Without --delete-delay rsync has given that directory its time before it makes the one of backups there.
        yield return On("--backup-dir in a directory that stays as it is", "-a -b --delete-delay --backup-dir=bk", "k/m/f=22 k/n/g=1", "k/m/f=1 k/n/g=2@-5");
        yield return On("--backup-dir --inplace", "-av --inplace --backup-dir=bk", Replacing, Replaced);
        string longest = new('n', 255);
        yield return On("-b of what has too long a name for it", "-aib --delete-after", $"{longest}=22", $"{longest}=1 x=1");
        yield return On("-b of what has too long a name for it, dry run", "-aibn", $"{longest}=22", $"{longest}=1 x=1");
        yield return On("--backup-dir that is a file", "-ai --delete --backup-dir=bk", "a=22", "a=1 bk=1");
        yield return On("--backup-dir that is a file, dry run", "-nai --backup-dir=bk", "a=22", "a=1 bk=1");
        yield return On("--backup-dir that may not be written to", "-ai --delete-after --backup-dir=bk", "a=22", "a=1 bk/:0555", Runs.Refused);
        yield return On("--backup-dir that cannot be looked at", "-ai --delete-after --backup-dir=x/bk", "a=22", "a=1 x/bk/ x/:0000", Runs.Refused);
    }

    private static IEnumerable<Row> EarlierCopies()
    {
        const string source = "all/same=same all/new=new all/chg=chg1 all/attr=attr all/l->x all/l2->y all/k/c=c all/k/in2=2 all/touched=t@+5 all/k/e/z=kk "
            + "one/same=same one/chg=chg one/attr=attr:0600 one/l->x one/l2->z one/k/c=c one/touched=t one/k/e/z=kk two/k/in2=2 two/new=new:0600 two/same=same:0640";
        const string there = "same=older attr=attr k/c=c k/:0700 l->q";
        foreach (var option in new[] { "--link-dest", "--copy-dest", "--compare-dest" })
        {
            string one = $"{option}=../src/one", two = $"{one} {option}=../src/two";
            yield return On(option, $"-ai {one}", source, "", Runs.AndUser, from: "src/all/");
            yield return On($"{option} -v", $"-av {two}", source, "", from: "src/all/", times: 2);
            yield return On($"{option} -ii", $"-aii {two}", source, "", from: "src/all/");
            yield return On($"{option} dry run", $"-nai {two}", source, "", from: "src/all/");
            yield return On($"{option}, missing destination", $"-ai {two}", source, null, from: "src/all/");
            yield return On($"{option}, missing destination, dry run", $"-nai {two}", source, null, from: "src/all/");
            yield return On($"{option} --stats", $"-a --stats {two}", source, "", from: "src/all/");
            yield return On($"{option}, something there", $"-ai {one}", source, there, Runs.Local, from: "src/all/");
            yield return On($"{option} of nothing", $"-ai {option}=../nothing", source, "", from: "src/all/");
            yield return On($"{option} of a file", $"-ai {option}=../src/one/same", source, "", from: "src/all/");
            yield return On($"{option} -c", $"-aic {two}", source, "", from: "src/all/");
            yield return On($"{option} -I", $"-aiI {one}", source, "", from: "src/all/");
            yield return On($"{option} --size-only", $"-ai --size-only {one}", source, "", from: "src/all/");
            yield return On($"{option} -rl", $"-rli {one}", source, "", from: "src/all/");
            yield return On($"{option} -rl, missing destination", $"-rli {one}", source, null, from: "src/all/");
            yield return On($"{option} of a lone file", $"-ai {one}", source, "", from: "src/all/same");
            yield return On($"{option} of a file to a new name", $"-ai {one}", source, "", from: "src/all/same", to: "dst/chg");
            yield return On($"{option} --existing", $"-ai --existing {one}", source, "same=x", Runs.Local, from: "src/all/");
            yield return On($"{option} --delete", $"-ai --delete {two}", source, "k/zz=1 old=1", from: "src/all/");
        }
        foreach (var option in new[] { "--copy-dest", "--compare-dest" })
        {
            const string kinds = "now/a=aa now/b=bb now/c=cc now/l->x now/m->y now/n->z now/k/p| old/a=aa old/b=bb old/c=cc old/l->x old/m->y old/n->z old/k/p|";
            const string others = "a->x b/ c/f=1 l=1 m/ n/f=1 k/p=1";
            yield return On($"{option}, something else there", $"-aii {option}=../src/old", kinds, others, Runs.NotPush, from: "src/now/");
            yield return On($"{option}, something else there, --delete", $"-aii --delete {option}=../src/old", kinds, others, Runs.NotPush, from: "src/now/");
            yield return On($"{option}, something else there, -b", $"-aib {option}=../src/old", "now/a=aa now/l->x now/m->y old/a=aa old/l->x old/m->y", "a->x l=1 m->z", from: "src/now/");
        }
        yield return On("--link-dest --copy-dest", "-ai --link-dest=../src/one --copy-dest=../src/two", source, "", from: "src/all/");
        yield return On("--link-dest --remove-source-files", "-ai --link-dest=../src/one --remove-source-files", source, "", from: "src/all/");
        yield return On("--link-dest of special files", "-aii --link-dest=../src/one", "all/p| all/s!s one/p| one/s!s:0600", "", Runs.NotPush, from: "src/all/");
    }

    private static IEnumerable<Row> MakePath()
    {
        foreach (var (name, from, to) in new[]
        {
            ("a file", "src/a", "dst/x/y"), ("a file into", "src/a", "dst/x/y/"), ("contents", "src/", "dst/x/y"),
            ("a directory", "src/k", "dst/x/y/z"), ("several", "src/a src/k", "dst/1/2"), ("one level", "src/k/", "dst"), ("nothing missing", "src/a", "dst/n"),
        })
        {
            yield return On($"--mkpath, {name}", "-av --mkpath", Some, null, from: from, to: to);
            yield return On($"--mkpath dry run, {name}", "-nav --mkpath", Some, null, from: from, to: to);
        }
        yield return On("--mkpath through a file", "-av --mkpath", Some, "f=1", from: "src/a", to: "dst/f/g/h");
        yield return On("--no-mkpath", "-av --mkpath --no-mkpath", Some, null, from: "src/a", to: "dst/f/g/h");
        yield return On("-y", "-avy", Some, Changed);
        yield return On("-yy --no-y", "-av -y --fuzzy --no-y", Some, Changed);
    }

    // Which of several new names is sent follows from how far rsync's lists have come: here it knows all. SFTP does not tell which files
    // of a remote source are linked: nothing to pull.
    private static IEnumerable<Row> HardLinks()
    {
        const string source = "a=aa a2=>a k/a3=>a k/m=bb k/z/m2=>k/m b/m3=>k/m l->x l2=>l one=1";
        const string apart = "a=aa a2=aa k/a3=aa k/m=bb k/z/m2=bb b/m3=bb l->x l2->x one=1";
        yield return On("-H", "-aH", source, null, NoPull | Runs.User, times: 2);
        yield return On("-H --stats", "-aH --stats", source, "", NoPull);
        yield return On("-H of files that are there apart", "-aHi", source, apart, NoPull);
        yield return On("-H of files that are there apart, -v", "-aHv", source, apart, NoPull);
        yield return On("-H of files that are there apart, dry run", "-naHi", source, apart, NoPull);
        yield return On("-H, nothing to do", "-aHi", source, source, NoPull);
        yield return On("-H -c, nothing to do", "-aHic", source, source, NoPull);
        yield return On("-H, linked with another mode", "-aHi", "a=aa:0600 a2=>a b=1 b2=>b", "a=aa:0640 a2=>a b=1:0600 b2=b", NoPull);
        yield return On("-H without -t", "-rlHi", source, source, NoPull, times: 2);
        yield return On("-H, nothing to do, -ii", "-aHii", source, source, NoPull);
        yield return On("-H, nothing to do, -vv", "-aHvv", source, source, Runs.Local);
        yield return On("-H of changed files", "-aH", source, "a=a a2=>a k/a3=>a k/m=bbbb k/z/m2=b b/m3=>k/m one=1", NoPull);
        yield return On("-H of links", "-aHi", "l->x l2=>l k/l3=>l", "", NoPull);
        yield return On("-H of named pipes", "-aHi", "p| p2=>p k/p3=>p", "", Runs.Local);
        yield return On("-H and what is linked elsewhere", "-aH", source, "a=aa one=>a", NoPull);
        yield return On("-H --delete", "-aH --delete", source, "z=1 k/y=>z a=>z", NoPull);
        yield return On("-H --existing", "-aH --existing", source, "a2=aa k/m=b", NoPull);
        yield return On("-H --ignore-existing", "-aH --ignore-existing", source, "a=x k/m=b", NoPull);
        yield return On("-H --remove-source-files", "-aH --remove-source-files", source, "", NoPull);
        foreach (var option in new[] { "--link-dest", "--copy-dest", "--compare-dest" })
        {
            foreach (var (name, old) in new[]
            {
                ("linked there too", "old/a/f=aa old/d/h=>old/a/f"), ("apart there", "old/a/f=aa old/d/h=aa"), ("first changed", "old/a/f=b old/d/h=aa"),
                ("first with another mode", "old/a/f=aa:0600 old/d/h=aa"), ("changed", "old/a/f=bbb old/d/h=>old/a/f"),
            })
            {
                foreach (var i in new[] { "i", "ii", "vv" })
                    yield return On($"-H {option}, {name}, -{i}", $"-aH{i} {option}=../src/old", $"now/a/f=aa now/d/h=>now/a/f {old}", "", i == "vv" ? Runs.Local : NoPull, from: "src/now/");
            }
            // SFTP tells no inodes: --link-dest leaves what is there and equal.
            yield return On($"-H {option}, there already", $"-aHi {option}=../src/old", "now/a/f=aa now/d/h=>now/a/f old/a/f=aa old/d/h=>old/a/f", "a/f=aa d/h=aa", option == "--link-dest" ? Runs.Local : NoPull, from: "src/now/");
            yield return On($"-H {option}, dry run", $"-naHii {option}=../src/old", "now/a/f=aa now/d/h=>now/a/f old/a/f=aa old/d/h=>old/a/f", "", NoPull, from: "src/now/");
        }
        foreach (var option in new[] { "--link-dest", "--copy-dest" })
        {
            foreach (var (name, there) in new[] { ("none there", ""), ("others there", "a/f=b a/g=b b/h=c one=1") })
                yield return On($"-H --delay-updates {option}, {name}", $"-aHi --delay-updates {option}=../src/old", "now/a/f=aa now/a/g=>now/a/f now/b/h=>now/a/f now/one=2 now/two=>now/one old/a/f=aa old/b/h=aa", there, NoPull, from: "src/now/");
        }
        yield return On("-H --link-dest", "-aH --link-dest=../src/old", "now/a=aa now/b=>now/a old/a=aa old/b=>old/a", "", NoPull, from: "src/now/");
        yield return On("-H and directories in the way", "-aH --delete", source, "a2/x=1 k/a3/y=1", NoPull);
        foreach (var (name, words, there) in HardLinksThere)
            yield return On($"-H of many names, {name}", words, ManyNames, there, words.Contains("vv", StringComparison.Ordinal) || words.Contains("inplace", StringComparison.Ordinal) ? Runs.Local : NoPull);
        yield return On("--no-hard-links", "-aH --no-hard-links", source, "", NoPull);
        yield return On("-H of files without other names", "-aHv", Some, Changed);
    }

    private const string ManyNames = "a=1 b=>a c2=>b2 b2=2 d/c=>a d/b2=>b2 e/b2=>b2 e/d=>a e/y=>a m=x d/m=y e/z=z";

    private static readonly (string Name, string Words, string There)[] HardLinksThere =
    [
        ("none there", "-aHi", ""),
        ("none there, dry run", "-naHi", ""),
        ("none there, --delay-updates", "-aHi --delay-updates", ""),
        ("first there", "-aHii", "a=1 b2=2"),
        ("second there, --delete-after", "-aHi --delete-after", "b=1 d/b2=2 x=1"),
        ("last there", "-aHi", "e/y=1 e/b2=2"),
        ("two there", "-aHvv", "b=1 e/d=1 c2=2 d/b2=2"),
        ("two linked there", "-aHi --delete --stats", "b=1 e/d=>b x=1"),
        ("first of another size, -b", "-aHi -b", "a=11 b2=22"),
        ("one of another size", "-aHi", "d/c=11 e/b2=22"),
        ("one of another size, dry run", "-naHi", "d/c=11 e/b2=22"),
        ("all of another size, --delay-updates", "-aHi --delay-updates", "a=11 b=11 d/c=11 e/d=11 e/y=11"),
        ("linked ones of another size, --inplace", "-aHii --inplace", "a=11 b=>a e/d=>a"),
        ("one of another mode", "-aHi", "b=1:0600 c2=2:0600"),
        ("one of another size, one equal", "-aHi", "b=11 e/d=1"),
        ("one equal, one of another size", "-aHi", "b=1 e/d=11"),
        ("newer", "-aHiu", "e/y=11@+5 b2=3@+5"),
        ("last there, --ignore-existing", "-aHi --ignore-existing", "e/y=11 e/b2=22 e/d=3"),
        ("some there, --existing", "-aHi --existing", "b=11 e/y=1 d/b2=22"),
        ("links in the way", "-aHi", "b->x e/y->x"),
        ("links in the way, dry run", "-naHi", "b->x e/y->x"),
        ("empty directories in the way", "-aHi", "d/c/ d/b2/ z/"),
        ("directories in the way", "-aHi --delete", "d/c/x=1 d/b2/ z/"),
    ];

    private const Runs NoPull = Runs.Local | Runs.Push;
}
