namespace SyncHop.EndToEnd.Cases;

// Paths that are kept: --relative, --no-implied-dirs.
internal static partial class OracleTable
{
    private const string Paths = "a/b/c/f=1 a/b/g=2 k/c=3 k/deep/d=4 z/y/h=5 z/i=7 top=6 l->a z/:0700@+50";

    private static IEnumerable<Row> Relative()
    {
        // Without a pivot the names are those of the whole path, which in a pull begins at the root.
        const Runs here = Runs.Local | Runs.Push;
        yield return On("-R", "-avR", Paths, "", here | Runs.User, from: "src/a/b/c/f src/z/y");
        yield return On("-R, dry run", "-navR", Paths, "", here, from: "src/a/b/c/f src/z/y");
        yield return On("-R ./", "-aiiR", Paths, "x=1", here, from: "./src/z/i");
        yield return On("-R of a directory's contents", "-avR", Paths, "", here, from: "src/k/.");
        yield return On("-R with ..", "-avR", Paths, "", here, from: "src/k/../z/i");
        yield return On("-R with .. before the pivot", "-avR", Paths, "", from: "src/k/.././z/i");
        yield return On("-R with .. behind the pivot", "-avR", Paths, "", here, from: "src/./k/../z/i");
        yield return On("-R and a link without a pivot", "-avR", Paths, "", here, from: "src/l src/l/b/g");
        yield return On("-R /./", "-aiR", Paths, "", Runs.AndUser, from: "src/./a/b/c/f src/./z/y", times: 2);
        yield return On("-R /./ itemized", "-aiiR", Paths, "z/y/h=1 z/ a/b/g=1@-5", from: "src/./a/b/g src/./z/y");
        yield return On("-R /./ unordered", "-avR", Paths, "", from: "src/./z/y src/./k src/./a/b/g src/./a");
        yield return On("-R /./ with slashes", "-avR", Paths, "", from: "src/./k/deep/ src/./a/b");
        yield return On("-R, several pivots", "-avR", Paths, "", from: "src/./z/./y");
        yield return On("-R, superfluous slashes", "-avR", Paths, "", from: "src//./z//y/.//h");
        yield return On("-R, pivot and dot", "-aiiR", Paths, "", from: "src/././z/i");
        yield return On("-R, contents behind the pivot", "-aiiR", Paths, "x=1", from: "src/./");
        yield return On("-R, a slash behind a file", "-avR", Paths, "", from: "src/./z/i/");
        yield return On("-R, links on the way", "-aiR", Paths, "", Runs.AndUser, from: "src/./l/b/g");
        yield return On("-R, links on the way and in it", "-aiR", Paths, "", from: "src/./l src/./l/b/g");
        yield return On("-R, a link with a slash", "-aiR", Paths, "", from: "src/./l/");
        yield return On("-R, a link on the way and everything", "-aiR", Paths, "", from: "src/./l/b/g src/./");
        yield return On("-R, a chain of links on the way", "-aiR", "d/e/f=1 l->d d/m->../n n->d/e", "", from: "src/./l/m/f");
        yield return On("-R, missing", "-avR", Paths, "", from: "src/./z/nothing src/./k/c");
        yield return On("-R, missing on the way", "-avR", Paths, "", from: "src/./no/nothing src/./k/c");
        yield return On("-R, missing before the pivot", "-avR", Paths, "", from: "src/no/./nothing src/./k/c");
        yield return On("-R, a file on the way", "-avR", Paths, "", from: "src/./top/x src/./k/c");
        yield return On("-R, a file on the way and --delete", "-avR --delete", Paths, "k/old=1", from: "src/./top/x src/./k/");
        yield return On("-R and --ignore-missing-args", "-avR --ignore-missing-args", Paths, "", from: "src/./z/nothing src/./k/c");
        yield return On("-R and --delete-missing-args", "-avR --delete-missing-args", Paths, "z/nothing=1 q=1", from: "src/./z/nothing src/./q src/./k/c");
        yield return On("-R, one file, a new name", "-avR", Paths, null, from: "src/./top", to: "dst");
        yield return On("-R, one file with its way, a new name", "-avR", Paths, null, from: "src/./z/i", to: "dst");
        yield return On("-R onto a file", "-avR", Paths, "f=1", from: "src/./z/i", to: "dst/f");
        yield return On("-R --mkpath", "-avR --mkpath", Paths, null, from: "src/./z/i", to: "dst/x/y");
        yield return On("-R without -r", "-vR", Paths, "", from: "src/./z/y/h src/./k");
        yield return On("-R -d", "-lptdvR", Paths, "", from: "src/./z/y/h src/./a/b src/./k/");
        yield return On("-R --delete", "-avR --delete", Paths, "old=1 z/old=1 z/y/old=1 k/old=1 k/deep/old=1", from: "src/./z/y src/./k/deep/d");
        yield return On("-R --delete-before", "-avR --delete-before", Paths, "old=1 z/old=1 z/y/old=1 k/old=1", from: "src/./z/y src/./k/");
        yield return On("-R --delete-after", "-aiR --delete-after", Paths, "old=1 z/old=1 z/y/old=1 k/old=1", from: "src/./z/y src/./k/");
        yield return On("-R -d --delete", "-lptdvR --delete", Paths, "old=1 z/old=1 z/y/old=1 k/old=1", from: "src/./z/y/ src/./k");
        // Pulling, rsync takes its own way for an attack and ends.
        yield return On("-R --exclude of what is on the way", "-avvR --exclude=/z", Paths, "", here, from: "src/./z/y/h src/./k");
        yield return On("-R --exclude of what is named", "-avvR --exclude=h", Paths, "", from: "src/./z/y/h src/./k");
        yield return On("-R --exclude of a path", "-avvR --exclude=/z/y", Paths, "", from: "src/./z/ src/./k");
        yield return On("-R -F", "-avR -f :_.f", Paths + @" z/.f=-\040h z/y/.f=-\040nothing", "", from: "src/./z/y/ src/./k");
        yield return On("-R -F of a file's directory", "-avR -f :_.f", Paths + @" z/y/.f=-\040h", "", from: "src/./z/y/h src/./k");
        yield return On("-R -F of a file's directory, not incremental", "-avR -f :_.f --delete-before", Paths + @" z/y/.f=-\040h", "", from: "src/./z/y/h src/./k");
        yield return On("-R --list-only", "-aR --list-only", "z/i=7 z/:0700 k/d/e=1", null, Runs.NotPush, from: "src/./k/d", to: null);
        yield return On("-R --chmod", "-aiR --chmod=D711,F600", Paths, "", from: "src/./z/y/h src/./k");
        yield return On("-R --out-format", "-aR --out-format=%i_%n_%l", Paths, "", from: "src/./z/y/h src/./k");
        yield return On("-R --remove-source-files", "-avR --remove-source-files", Paths, "", from: "src/./z/y/h src/./k");
        yield return On("-R --existing", "-avvR --existing", Paths, "k/c=1", from: "src/./z/y/h src/./k");
        yield return On("-R --backup-dir", "-avR -b --backup-dir=../bk", Paths, "z/y/h=old k/c=old", from: "src/./z/y/h src/./k");
        yield return On("-R --partial-dir", "-avR --partial-dir=.p", Paths, "z/y/.p/h=5 k/.p/c=x", from: "src/./z/y/h src/./k");
        yield return On("-R --stats", "-aR --stats", Paths, "", from: "src/./z/y/h src/./k");
        yield return On("-R, something in the way", "-avR", Paths, "z=1 k->w w/x=1", from: "src/./z/y/h src/./k/c");
        yield return On("-R, a closed directory on the way", "-avR", "z/:0111 z/y/:0755 z/y/h=1 w/:0000 w/i=1", "", Runs.Everywhere | Runs.OnlyUser, from: "src/./z/y/h src/./w/i");
        yield return On("-R, two places to work in", "-avR", "p/d/a=1 p/d/x=2 q/d/b=1 q/d/x=3", "", from: "src/p/./d src/q/./d/b src/q/./d/x");
        yield return On("-R, long names", "-avR", $"{new string('n', 255)}/{new string('m', 255)}/f=1", "", from: $"src/./{new string('n', 255)}/{new string('m', 255)}/f src/./{new string('n', 256)}/f");
        yield return On("--no-R", "-avR --no-R", Paths, "", from: "src/a/b/c/f src/z/y");
        yield return On("--no-relative", "-av --relative --no-relative", Paths, "", from: "src/./a/b/c/f src/./z/y");
        yield return On("--no-implied-dirs", "-avR --no-implied-dirs", Paths, "", Runs.AndUser, from: "src/./z/y/h src/./k/deep src/./z/i", times: 2);
        yield return On("--no-implied-dirs, dry run", "-naiR --no-implied-dirs", Paths, "", from: "src/./z/y/h src/./k/deep");
        yield return On("--no-implied-dirs, they are there", "-aiiR --no-implied-dirs", Paths, "z/:0711@5 z/y/ k/", from: "src/./z/y/h src/./k/deep");
        yield return On("--no-implied-dirs and the directory itself", "-avR --no-implied-dirs", Paths, "", from: "src/./z/y/h src/./z");
        yield return On("--no-implied-dirs --stats", "-aR --no-implied-dirs --stats", Paths, "", from: "src/./z/y/h src/./k");
        yield return On("--no-implied-dirs, no destination", "-avR --no-implied-dirs", Paths, null, from: "src/./z/y/h src/./k/c");
        yield return On("--no-implied-dirs ./", "-aiiR --no-implied-dirs", Paths, "x=1", Runs.Local | Runs.Push, from: "./src/z/i");
        yield return On("--no-implied-dirs follows links", "-avR --no-implied-dirs", Paths, "w/x=1 z->w k->w/../v v/", Runs.Local, from: "src/./z/y/h src/./k/c");
        yield return On("--no-implied-dirs, a link out of the tree", "-aqR --no-implied-dirs", Paths, "z->../src/k", Runs.Local, from: "src/./z/y/h src/./k/c");
        yield return On("--no-implied-dirs, an absolute link", "-aqR --no-implied-dirs", Paths, "z->/tmp", Runs.Local, from: "src/./z/y/h src/./k/c");
        yield return On("--no-implied-dirs, a file in the way", "-aqR --no-implied-dirs", Paths, "z=1", from: "src/./z/y/h src/./k/c");
        yield return On("--no-implied-dirs --delete", "-avR --no-implied-dirs --delete", Paths, "z/old=1 z/y/old=1 old=1", from: "src/./z/y src/./k/c");
        yield return On("--implied-dirs", "-avR --no-i-d --implied-dirs", Paths, "", from: "src/./z/y/h");
    }

    // The list lies in the source; what SFTP and rsync's protocol make of a source that is missing differs, so that is local.
    private static Row From(string name, string options, string list, string source = Paths, string? destination = "", Runs runs = Runs.Everywhere) =>
        On(name, options + " --files-from=src/list", source + " list=" + list, destination, runs, from: "src");

    private static IEnumerable<Row> FilesFrom()
    {
        // Pulling, rsync takes comments for names, and what it resolved itself for names that it did not ask for (exit code 4).
        yield return From("--files-from", "-av", @"z/y/h\012k\012top\012", runs: Runs.AndUser);
        yield return From("--files-from, dry run", "-nav", @"z/y/h\012k\012top\012");
        yield return From("--files-from, slashes", "-ai", @"k/\012z/y\012");
        yield return From("--files-from -r", "-ari", @"k/\012z/y\012");
        yield return From("--files-from, comments and ends", "-ai", @"\043\040c\012;x\012\012\012top\015\012z/i\015k/c", runs: Runs.Local | Runs.Push);
        yield return From("--files-from, hostile", "-aii", @"../k/c\012/z/i\012/../../top\012a/../k/deep/d\012../../../etc/passwd\012", runs: Runs.Local | Runs.Push);
        yield return From("--files-from, .. behind a pivot", "-aii", @"a/./../b/g\012a/.././k/c\012./../z/i\012", runs: Runs.Local | Runs.Push);
        yield return From("--files-from, pivots", "-aii", @"a/./b/g\012./z/y/h\012k/./deep/\012");
        yield return From("--files-from --from0", "-ai --from0", @"top\000z/i\000\000k/c");
        yield return From("--files-from, NUL", "-ai", @"top\000z/i\012k/c\012", runs: Runs.Local | Runs.Push);
        yield return From("--files-from, missing", "-av", @"nope\012no/x\012top/x\012k/c\012");
        yield return From("--files-from, long names", "-ai", new string('y', 300) + @"\012k/c\012" + string.Concat(Enumerable.Repeat("k/", 1000)) + "c");
        yield return From("--files-from, everything", "-aii", @".\012", destination: "x=1");
        yield return From("--files-from, ..", "-aii", @"..\012", destination: "x=1", runs: Runs.Local | Runs.Push);
        yield return From("--files-from, nothing", "-av", @"\012");
        yield return From("--files-from --no-R", "-ai --no-R", @"k/c\012z/i\012z/y/\012");
        yield return From("--files-from --no-d", "-aiv --no-d", @"k/c\012z/i\012z/y\012k/\012", runs: Runs.Local | Runs.Push);
        yield return From("--files-from --no-implied-dirs", "-av --no-implied-dirs", @"k/c\012z/y/h\012");
        yield return From("--files-from --delete", "-ai --delete", @"z/y/\012k/c\012", destination: "z/y/old=1 k/old=1 old=1");
        yield return From("--files-from -r --delete-after", "-air --delete-after", @"z\012k/c\012", destination: "z/y/old=1 k/old=1 old=1");
        yield return From("--files-from --ignore-missing-args", "-ai --ignore-missing-args", @"nope\012k/c\012");
        yield return From("--files-from --delete-missing-args", "-ai --delete-missing-args", @"k/nope\012k/c\012", destination: "k/nope=1 k/other=1");
        yield return From("--files-from --exclude", "-av --exclude=h --exclude=/k", @"z/y/h\012k/c\012top\012", runs: Runs.Local | Runs.Push);
        yield return From("--files-from, no destination", "-av", @"k/c\012", destination: null);
        yield return From("--files-from, 500 names", "-ai", string.Concat(Enumerable.Range(0, 500).Select(i => $@"d{i % 20}/f{i}\012")),
            string.Join(' ', Enumerable.Range(0, 600).Select(i => $"d{i % 20}/f{i}={i}")));
        yield return On("--files-from, a missing file", "-av --files-from=src/no", Paths, "", Runs.Local | Runs.Push, from: "src");
        yield return On("--files-from, a missing source", "-a --files-from=src/list", "list=a", "", Runs.Local, from: "src/no");
        yield return On("--files-from of the other host", "-av --files-from=:{folder}/src/list", Paths + @" list=k/c\012z\012", "", Runs.Push | Runs.Pull, from: "src");
        yield return On("--files-from of no host", "-av --files-from=:src/list", Paths, "", Runs.Local, from: "src");
        yield return On("--old-dirs", "-lptv --old-dirs", Paths, "");
        yield return On("--old-d --no-d", "-av --old-d --no-d", Paths, "");
        yield return On("-d of several", "-lptdv", Paths, "", from: "src/k src/z/");
    }

    private const string Hollow = "a/b/c/ d/ e/x.o=1 e/f/y=2 e/g/ h/z=3 k/.x/l->q k/n/ top=4";

    private static IEnumerable<Row> Pruned()
    {
        yield return On("-m", "-avm", Hollow, "", Runs.AndUser, times: 2);
        yield return On("-m, dry run", "-naivm", Hollow, null);
        yield return On("-m, no slash", "-avm", Hollow, "", from: "src");
        yield return On("-m of an empty directory", "-avm", "a/b/", "", from: "src/a");
        yield return On("-m of empty contents", "-avm", "a/b/", "");
        yield return On("-m, no destination", "-avm", Hollow, null);
        yield return On("-m, one chain and no destination", "-avm", "a/b/", null, from: "src/a");
        yield return On("-m of several", "-aim", Hollow, "", from: "src/a src/e/ src/d src/k src/e");
        yield return On("-m --stats", "-am --stats", Hollow, "");
        yield return On("-m --stats of several", "-am --stats", Hollow, "", from: "src/a src/e src/a/b");
        yield return On("-m --delete", "-avm --delete", Hollow, "a/b/c/ a/b/old=1 e/g/old=1 d/ e/f/y=1 old=1");
        yield return On("-m --delete-after", "-aim --delete-after", Hollow, "a/b/c/ a/b/old=1 e/g/old=1 d/ k/n/");
        yield return On("-m, they are there", "-aiim", Hollow, "a/b/c/old=1 d/ e/g/@5");
        yield return On("-m --exclude", "-aim --exclude=*.o --exclude=y --exclude=/h/*", Hollow, "");
        yield return On("-m --exclude of everything", "-aim --exclude=*", Hollow, "a/b/ old=1");
        yield return On("-m --include", "-aivm --include=*/ --include=*.o --exclude=*", Hollow, "");
        yield return On("-m --exclude --delete", "-aim --exclude=/a/b --exclude=y --delete", Hollow, "a/b/x=1 e/f/y=1 e/f/z=1 d/q=1");
        yield return On("-m --delete-excluded", "-aim --exclude=y --exclude=z --delete-excluded", Hollow, "a/b/x=1 e/f/y=1 e/f/z=1 h/z=1");
        yield return On("-m, protected", "-aim -f P_a -f H_z", Hollow, "");
        yield return On("-m, protected below", "-aim -f P_/a/b/c --delete", Hollow, "a/b/c/old=1 d/ d/old=1");
        yield return On("-m, at risk first", "-aim -f R_a -f P_a", Hollow, "");
        yield return On("-m, exclude on the receiver", "-aim -f -r_d/", Hollow, "");
        yield return On("-m, protected in a file", "-aim -f :_.f", Hollow + @" .f=P\040d e/.f=H\040*", "");
        yield return On("-m --max-size", "-avm --max-size=1", "a/b/big=123 c/one=1 d/", "");
        yield return On("-m --existing", "-avvm --existing", Hollow, "e/x.o=old a/ h/");
        yield return On("-m -d", "-lptdvm", Hollow, "");
        yield return On("-m -d --delete", "-lptdim --delete", Hollow, "a/b/c=1 d/ old=1");
        yield return On("-m without -r", "-vm", Hollow, "", from: "src/a src/top");
        yield return On("-m --list-only", "-rm --list-only", "a/b/ e/:0700@+50 e/f=1@+60 d/ h/i/:0755@+70 h/i/l->x h/:0711@+80 ./@5", null, Runs.NotPush, to: null);
        yield return On("-m, unreadable", "-avm", "a/:0000 b/c/:0000 b/d=1 e/f/:0300", "", Runs.Everywhere | Runs.OnlyUser);
        yield return On("-m -R", "-aimR", Hollow, "", from: "src/./a/b src/./e/f src/./k/n/");
        yield return On("-m -R --no-implied-dirs", "-avmR --no-implied-dirs", Hollow, "", from: "src/./a/b src/./e/f src/./e/g");
        yield return On("-m -R --delete", "-avmR --delete", Hollow, "a/b/c/ a/b/x=1 e/f/old=1 e/old=1", from: "src/./a/b src/./e/f");
        yield return On("-m -R --delete-missing-args", "-aimR --delete-missing-args", Hollow, "a/no/x=1 d/q=1", from: "src/./a/no src/./d/");
        yield return From("-m --files-from", "-aim", @"a/b\012e\012k/.x/l\012d/\012h/\012", Hollow);
        yield return From("-m --files-from -r", "-airm --delete", @"a/b\012e\012d/\012", Hollow, "a/b/old=1 e/g/old=1 d/old=1");
        yield return On("-m -L", "-aimL", "a/b/ d/e=1 l->a m->d n/o->../d", "");
        yield return On("--no-m", "-avm --no-m", Hollow, "");
        yield return On("--no-prune-empty-dirs", "-av --prune-empty-dirs --no-prune-empty-dirs", Hollow, "");
    }
}
