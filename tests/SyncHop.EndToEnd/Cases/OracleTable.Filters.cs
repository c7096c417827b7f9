namespace SyncHop.EndToEnd.Cases;

// What is left out by name: hidden on the source, protected on the destination.
internal static partial class OracleTable
{
    private const string Project = "main.c=1 main.o=2 doc/a.txt=3 doc/b.md=4 lib/x.c=5 lib/x.o=6 lib/deep/y.o=7 lib/deep/z=8 CVS/Root=9 core=10 tags/t=11 .git/HEAD=12 l->main.c";

    private const string Older = "main.c=0 main.o=0 old.o=0 doc/c.txt=0 gone/a.o=0 gone/b=0 gone/deep/c.o=0 lib/old.o=0 lib/old.c=0 CVS/x=0";

    // In a file's text a line ends with \012, and \072 is a colon.
    private static IEnumerable<Row> FilterRules()
    {
        yield return On("--exclude", "-avv --exclude=*.o", Project, "", Runs.AndUser);
        yield return On("--exclude, itemized", "-ai --exclude=*.o --exclude=CVS", Project, "", times: 2);
        yield return On("--include and --exclude", "-avv --include=*/ --include=*.c --exclude=*", Project, "");
        yield return On("--exclude first", "-avv --exclude=*.c --include=main.c", Project, "");
        yield return On("--exclude of a directory", "-avv --exclude=lib/", Project, "");
        yield return On("--exclude of everything", "-avv --exclude=*", Project, "");
        yield return On("--exclude without -r", "-dv --exclude=*.o", Project, "");
        yield return On("--exclude of an argument", "-avv --exclude=lib", Project, "", from: "src/lib src/main.c src/doc/");
        yield return On("--exclude of the only argument", "-av --exclude=/main.c", Project, null, Runs.Local | Runs.Push, from: "src/main.c");
        yield return On("--exclude of what is missing", "-av --exclude=nothing", Project, "", from: "src/nothing");
        yield return On("an anchored pattern counts from the argument", "-avv --exclude=/src/lib --exclude=/doc", Project, "", from: "src");
        yield return On("an anchored pattern, contents", "-avv --exclude=/lib/x.c --exclude=/src/doc", Project, "");
        yield return On("-f -", "-avv -f -_*.o -f -_/doc", Project, "");
        yield return On("-f in words", "-avv --filter=exclude_*.o --filter=include,s_doc --filter=hide_doc/*.md --filter=show_lib", Project, "");
        yield return On("old prefixes", "-avv --exclude=!", Project, "");
        yield return On("-f !", "-avv --exclude=*.c -f ! --exclude=*.o", Project, "");
        yield return On("-f clear", "-avv --exclude=*.c -f clear", Project, "");
        yield return On("negated", "-avv -f -!_*.o", "a.o=1 b.o=2 c=3 k/d.o=4", "");
        yield return On("negated, directories only", "-avv -f -!_*/", Project, "");
        yield return On("negated include", "-avv -f +!_*.c --exclude=*.c", Project, "");
        yield return On("full path", "-avv -f -/_lib/deep -f -/_/doc", Project, "", Runs.Local);
        yield return On("hide and show", "-avv --delete -f S_main.o -f H_*.o", Project, Older);
        yield return On("for extended attributes", "-avv -f -x_*.o", Project, "");
        yield return On("-C", "-avv -C", Project, "", Runs.AndUser);
        yield return On("-C with own rules", "-avvC --include=main.o --exclude=doc", Project, "");
        yield return On("-f -C", "-avv -f +_CVS -f -C -f -_core -f -_doc", Project, "");
        yield return On("-f +C", "-avv -f +C -f -_*", Project, "");
        yield return On("-C and .cvsignore", "-avvC", ".cvsignore=x.c\\040deep a=1 x.c=2 lib/x.c=3 lib/.cvsignore=!\\040z\\012a lib/z=4 lib/a=5 lib/b.o=6 deep/q=7", "");
        yield return On("-m leaves out what is hidden", "-avv --exclude=*.o --exclude=deep", Project, "");
        yield return On("--list-only and --exclude", "-a --list-only --exclude=lib --exclude=*.o", Project, null, Runs.NotPush, to: null);
        yield return On("hidden entries are not counted", "-a --stats --exclude=lib --exclude=*.o", Project, "");
        yield return On("an empty pattern", "-avv --exclude= --include=", Project, "");
        yield return On("a trailing blank", @"-av --exclude-from=src/rules", "rules=a\\040\\012b\\012 a=1 b=2 c=3", "");
        foreach (string rule in new[]
        {
            "foo", "-", "+", "-z_foo", "!_foo", "clear_x", "clear,x", "exclude", "excludefoo", "merge", ":", "hide,s_foo", "Hs_foo", "-n_foo",
            "--_foo", ":-+_foo", ":-C_foo", ":!_foo", "-CC", "P,C", "._src/nothing", "_", "-_",
        })
        {
            yield return On($"the rule {rule}", $"-av -f {rule}", Project, "");
        }
        yield return On("--exclude-from of nothing", "-av --exclude-from=src/nothing", Project, "");
    }

    private static IEnumerable<Row> FilterPatterns()
    {
        const string deep = @"foo/bar=1 foo/x/bar/baz=2 q/foo/bar/z=3 bar/b=4 axb=5 a\134b=6 ]=7 foo.d/bar=8 q/x/y/z/foo=9 qq/foo/x=1 \303\251=2 Q=3 0=4";
        foreach (string pattern in new[]
        {
            "foo/bar", "/foo/bar", "foo/*/bar", "/foo/**/bar", "**/bar", "foo/**", "foo/***", "/foo/***", "**", "***", "foo**", "q/**/z", "f?o",
            "[f]oo", "[[:alpha:]]oo", "[!f]oo", "[^f]oo", "foo[/]bar", "foo?bar", @"a\b", @"a\\b", @"a\b*", @"a\\b*", "[]]", "[a-z", "[[:bogus:]]oo",
            "/", "//foo", "**bar", "x**baz", "fo*/", "*/bar", "/*/bar", "bar/***", "x/***/baz", "./foo", @"a[\\]b", "[A-Q]", "[[:digit:]]", "[[:upper:][:digit:]]",
            "[!-~]", "?", "*o", "*.d/", "/*/*/**", "[^[:lower:]]*",
        })
        {
            yield return On($"the pattern {pattern}", $"-rtvv --exclude={pattern}", deep, "", Runs.Local);
        }
    }

    private static IEnumerable<Row> FilterFiles()
    {
        yield return On("--exclude-from", "-avv --exclude-from=src/rules", Project + @" rules=\043\040comment\012;\040too\012\012*.o\012+\040doc/a.txt\012-\040doc/*\012", "", Runs.AndUser);
        yield return On("--include-from", "-avv --include-from=src/rules --exclude=*", Project + @" rules=*/\015\012-\040lib/x.c\015\012*.c\012", "");
        yield return On("--exclude-from with !", "-avv --exclude=lib --exclude-from=src/rules", Project + @" rules=*.c\012!\012doc", "");
        yield return On("--exclude-from -0", "-avv -0 --exclude-from=src/rules", Project + @" rules=*.o\000lib\012x\000doc", "");
        yield return On("--exclude-from before --from0", "-avv --exclude-from=src/rules --from0", Project + @" rules=*.o\012lib", "");
        yield return On("--from0 --no-from0", "-avv --from0 --no-from0 --exclude-from=src/rules", Project + @" rules=*.o\012lib", "");
        yield return On("merge", "-avv -f ._src/rules -f -_doc", Project + @" rules=-\040*.o\012+\040lib\012H\040core\012", "");
        yield return On("merge,-", "-avv -f .-_src/rules", Project + @" rules=*.o\012-\040lib\012lib/deep", "");
        yield return On("merge,+", "-avv -f .+_src/rules -f -_*", Project + @" rules=main.c\012lib\012", "");
        yield return On("merge,w", "-avv -f .w_src/rules", Project + @" rules=-_*.o\040+_lib\011-_doc/b.md\012", "");
        yield return On("merge,C", "-avv -f .C_src/rules", Project + @" rules=a\040b\040!\040*.o\040lib", "");
        yield return On("merge,s/", "-avv --delete -f .s_src/rules", Project + @" rules=-\040*.o", Older);
        yield return On("merge in merge", "-avv -f ._src/rules", Project + @" rules=.\040src/more\012-\040lib more=-\040*.o", "");
        yield return On("merge of itself", "-av -f ._src/rules", Project + @" rules=.\040src/rules", "");
        yield return On("a bad rule in a file", "-av -f ._src/rules", Project + @" rules=-\040a\012what\012", "");
        yield return On("sides twice", "-av -f .s_src/rules", Project + @" rules=H\040a\012", "");
        const string tree = @".f=-\040/b\012-\040e/c a=1 b=2 k/b=3 k/e/c=4 k/.f=-\040/b\012 k/x=5 z/b=6 z/e/c=7 z/.f=!\012+\040c\012";
        yield return On("dir-merge", "-avv -f :_.f", tree, "", Runs.AndUser);
        yield return On("dir-merge,n", "-avv -f :n_.f", tree, "");
        yield return On("dir-merge,e", "-avv -f :e_.f", tree, "");
        yield return On("dir-merge,-", "-avv -f :-_.g", @".g=b\012-\040c\012 a=1 b=2 k/b=3 k/.g=a\012 k/a=1 -\040c=1", "");
        yield return On("dir-merge,w-", "-avv -f :w-_.g", @".g=b\040a a=1 b=2 k/b=3 k/.g=c k/c=1", "");
        yield return On("dir-merge without a slash", "-avv -f :_.f", tree, "", from: "src");
        yield return On("dir-merge of an argument's directory", "-avv -f :_.f", tree, "", from: "src/k src/b src/z/e");
        yield return On("dir-merge, scanned from above", "-avv -f :_/.f", tree, "", from: "src/k/");
        yield return On("dir-merge, relative from above", "-avv -f :_../.f", tree, "", from: "src/k/");
        yield return On("dir-merge after a rule", "-avv -f +_b -f :_.f", tree, "");
        yield return On("dir-merge before a rule", "-avv -f :_.f -f -_x", tree, "");
        yield return On("dir-merge within dir-merge", "-avv -f :_.f", @".f=\072\040.g\012 .g=-\040a a=1 k/a=2 k/.g=-\040b k/b=3", "");
        yield return On("dir-merge with a bad rule", "-aq -f :_.f", "a=1 .f=what", "", Runs.Local);
        yield return On("dir-merge that is a directory", "-avv -f :_.f", "a=1 .f/x=1", "");
        yield return On("dir-merge that is a link", "-avv -f :_.f", @"a=1 b=2 .f->rules rules=-\040a k/.f->../rules k/a=3", "");
        yield return On("-F", "-avvF", @".rsync-filter=-\040*.o a.o=1 k/b.o=2 k/.rsync-filter=+\040b.o c=3", "");
        yield return On("-FF", "-avvFF", @".rsync-filter=-\040*.o a.o=1 k/b.o=2 k/.rsync-filter=+\040b.o c=3", "");
        yield return On("-F --delete", "-avvF --delete", @".rsync-filter=-\040*.o a.o=1 k/b=2", @".rsync-filter=P\040*.old x.old=1 x.o=2 x=3 k/y.old=4 k/y.o=5 gone/z.old=6 gone/z.o=7");
    }

    private static IEnumerable<Row> FilterDeletions()
    {
        yield return On("--delete and --exclude", "-avv --delete --exclude=*.o", Project, Older, Runs.AndUser, times: 2);
        yield return On("--delete and --exclude, dry run", "-navv --delete --exclude=*.o", Project, Older);
        yield return On("--delete and --exclude, itemized", "-ai --delete --exclude=*.o", Project, Older);
        yield return On("--delete-excluded", "-avv --delete-excluded --exclude=*.o", Project, Older, times: 2);
        yield return On("--delete-excluded before a rule for one side", "-avv --delete --exclude=*.c --delete-excluded -f P_*.o", Project, Older);
        yield return On("--delete-excluded without -r", "-v --delete-excluded", Project, Older);
        yield return On("--delete and hide", "-avv --delete -f H_*.o", Project, Older);
        yield return On("--delete and protect", "-avv --delete -f P_*.o -f P_gone/deep", Project, Older);
        yield return On("--delete and risk", "-avv --delete -f R_old.o -f P_*.o", Project, Older);
        yield return On("--delete and a perishable rule", "-avv --delete -f -p_*.o", Project, Older);
        yield return On("--delete and a perishable rule, dry run", "-nai --delete -f -p_*.o", Project, Older);
        yield return On("--delete and -C", "-avvC --delete", Project, Older);
        // Pulling, rsync protects after all what -C excludes; locally and pushing it does not.
        yield return On("--delete and -C, excluded too", "-avvC --delete-excluded", Project, Older, Runs.Local | Runs.Push);
        yield return On("--delete and dir-merge", "-avv --delete -f :_.f", @"a=1 k/.f=-\040x k/x=1 k/b=2", @"a=1 k/.f=-\040y\012 k/x=1 k/y=2 k/z=3 g/.f=P\040p g/p=1 g/q=2");
        // --delete-after asks the files that the destination has when everything is transferred; the others those of before.
        const string merged = @".f=-\040*.x\012 d/.f=-\040*.y\012 a=1 d/b=1 k/.f=-\040*.p\012 k/l/.f=!\012 k/l/m/a=1",
            mergedThere = @"o.x=1 o.y=1 .f=-\040*.zzz\012 d/.f=-\040*.z\012 d/o.x=1 d/o.y=1 d/o.z=1 d/g/.f=-\040*.q\012 d/g/o.q=1 d/g/o.y=1 k/f.p=1 k/l/f.p=1 k/l/m/f.q=1";
        foreach (string time in (string[])["before", "during", "delay", "after"])
            yield return On($"--delete-{time} and dir-merge", $"-ai --delete-{time} -f :_.f", merged, mergedThere, Runs.AndUser, times: 2);
        yield return On("--delete-after and dir-merge, told", "-avv --delete-after -f :_.f", merged, mergedThere);
        yield return On("--delete-after and dir-merge, dry run", "-nai --delete-after -f :_.f", merged, mergedThere);
        yield return On("--delete-after and dir-merge, own directory only", "-ai --delete-after -f :n_.f", merged, mergedThere);
        yield return On("--delete-after and dir-merge that stays", "-ai --delete-after --ignore-existing -f :_.f", merged, mergedThere);
        yield return On("--delete-after and dir-merge that goes", "-ai --delete-after -f :_.f", "a=1 d/b=1", mergedThere);
        yield return On("--delete-after and -F", "-aiF --delete-after", @".rsync-filter=-\040*.x a=1 d/.rsync-filter=P\040*.y", "o.x=1 o.y=1 d/o.x=1 d/o.y=1 d/o.z=1");
        yield return On("--delete-after and -C", "-aiC --delete-after", "a=1 d/.cvsignore=*.y d/b=1", "o.y=1 d/o.y=1 d/o.z=1 d/o.o=1");
        yield return On("--delete-after and dir-merge, --delay-updates", "-ai --delete-after --delay-updates -f :_.f", merged, mergedThere);
        yield return On("--delete-after and dir-merge, -b", "-aib --delete-after -f :_.f", merged, mergedThere);
        yield return On("--delete-after and dir-merge, --max-delete", "-ai --delete-after --max-delete=2 -f :_.f", merged, mergedThere);
        yield return On("--delete-after and dir-merge, named directories", "-ai --delete-after -f :_.f", merged, mergedThere, from: "src/d src/k");
        yield return On("--delete-delay --delay-updates", "-ai --delete-delay --delay-updates", "a=1 d/b=22", "a=22 x=1 d/b=1 d/y=1");
        yield return On("--delete and dir-merge, one side each", "-avv --delete -f :s_.f -f :r_.g", @".f=-\040x x=1 y=2 .g=-\040y", @".f=-\040z .g=-\040w x=1 y=2 z=3 w=4");
        yield return On("a protected entry in a directory in the way", "-av --delete -f P_keep", "x=file a=1", "x/keep=1 x/go=2 x/d/keep=3");
        yield return On("a hidden directory on the destination", "-avv --delete --exclude=lib/", Project, Older);
        yield return On("negated and --delete", "-avv --delete -f -!_*.c", "a.c=1 b.o=2", "a.c=1 b.c=3 c.o=4");
        yield return On("--delete --exclude and two sources", "-av --delete --exclude=x", "one/x=1 one/a=2 two/x=3 two/b=4", "x=1 y=2 a=0", from: "src/one/ src/two/");
        yield return On("--existing --delete --exclude", "-avv --existing --delete --exclude=*.o", Project, Older);
        yield return On("--max-delete and --exclude", "-av --delete --max-delete=2 --exclude=*.o", Project, Older);
    }

    private static IEnumerable<Row> FilterSizes()
    {
        const string sizes = "a*0 b*1 c*999 d*1000 e*1001 f*1024 g*1025 h*1536 k/i*1500 l->a";
        const string there = "e*7 g*3 x*1 k/i*1500@-5";
        foreach (string size in new[] { "1000", "1k", "1kb", "1KiB", "1K+1", "1kB-1", "1.5k", ".5k", "1.k", "0", "k", "b", "1000b", "", "1m", "8191P" })
        {
            yield return On($"--max-size={size}", $"-avv --max-size={size}", sizes, there, Runs.Local);
            yield return On($"--min-size={size}", $"-avv --min-size={size}", sizes, there, Runs.Local);
        }
        foreach (string size in new[] { "1x", "-1", "1.5.2", "1kk", "1k+2", "1+2", "99999999999999999999", "8192P", "1e" })
            yield return On($"--max-size={size}", $"-av --max-size={size}", "a=1", "", Runs.Local);
        yield return On("--max-size and --min-size", "-avv --max-size=1k --min-size=2", sizes, there, Runs.AndUser, times: 2);
        yield return On("--max-size and --delete", "-avi --max-size=1k --delete", sizes, there);
        yield return On("--max-size and --existing", "-avv --max-size=1k --existing", sizes, there);
        yield return On("--max-size and --ignore-existing", "-avv --max-size=1k --ignore-existing", sizes, there);
        yield return On("--min-size, dry run", "-navv --min-size=1k -u", sizes, there);
        yield return On("--max-size of an argument", "-avv --max-size=5", "k/a*9", "", from: "src/k/a");
    }
}
