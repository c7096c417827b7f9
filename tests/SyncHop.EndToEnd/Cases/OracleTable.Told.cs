namespace SyncHop.EndToEnd.Cases;

// What is told, and how.
internal static partial class OracleTable
{
    private static IEnumerable<Row> Levels()
    {
        const string source = "a=1@+5 b=22 k/c=3 k/n=1 l->a";
        const string destination = "a=1 b=2 k/c=3 k/x=9 gone/g=1 l->b";
        foreach (string flags in new[]
        {
            "name", "NAME", "name2", "name9", "del", "flist2", "stats", "stats2", "misc2", "all0", "none", "name,stats", "skip", "name,,", "none,del",
            "all4,name0,stats0,progress0", "na", "name-1", "name1x", "4", "foo", "name,help9x",
        })
        {
            yield return On($"--info={flags}", $"-a --delete --info={flags}", source, destination);
        }
        foreach (string options in new[]
        {
            "-v --info=none", "-v --info=name0", "-v --info=stats0,flist0", "-v --info=del0", "-i --info=del0", "-i --info=name0", "-vv --info=name1",
            "--debug=own4,foo", "--debug=hash,own",
            "--info=name --info=name0", "--stats --info=stats1", "--stats --info=stats0 -v", "--info=stats2 --no-v", "-q --info=name", "-v --out-format=",
            "--info=name2 --out-format=%n", "--stderr=all -v", "--stderr=c -v", "--msgs2stderr -v", "--no-msgs2stderr -v", "--stderr=x", "--stderr=",
            "--outbuf=L -v", "--outbuf=None -v", "--outbuf=block -v", "--outbuf=x", "--outbuf=",
        })
        {
            yield return On("told: " + options, "-a --delete " + options, source, destination);
        }
        // rsync does not tell the other side of --debug: of two the receiver says the one thing and the sender the other.
        yield return On("told: -vv --debug=none", "-a --delete -vv --debug=none", source, destination, Runs.Local);
        foreach (string options in new[] { "-vv --debug=flist0", "--debug=flist" })
            yield return On("told: " + options, "-a --delete " + options, source, destination, Runs.NotPush);
        foreach (string options in new[] { "-vv --debug=deltasum0", "--debug=deltasum" })
            yield return On("told: " + options, "-a --delete " + options, source, destination, Runs.Local | Runs.Push);
        yield return On("--info=nonreg0", "-rt --info=nonreg0", "a=1 l->a p|", "");
        yield return On("--info=none and a directory", "--info=none", "a=1 k/b=1", "");
        yield return On("--info=skip with --existing", "-a --info=skip --existing", "a=1 k/f=1 l->a", "a=2@-5");
        foreach (string level in new[] { "skip0", "skip1", "skip2" })
        {
            yield return On($"--info={level} with --ignore-existing", $"-av --info={level} --ignore-existing",
                "a=1 b=2 c=3:0600 l->a m->b k/d=1 t=1 n=1", "a=1 b=22 c=3 l->a m->c k/d=1@+5 t->x");
        }
        yield return On("--info=skip2 -c", "-avc --info=skip2 --ignore-existing", "a=1 b=2 c=3@+5", "a=1 b=3 c=3");
        yield return On("--info=name and a new directory", "-a --info=name", "a=1 k/b=1", null);
        yield return On("--info=misc and a new directory", "-a --info=misc", "a=1 k/b=1", null);
        yield return On("--list-only of nothing", "--list-only -v", "./", null, Runs.NotPush, to: null);
        yield return On("--list-only -rv", "-rv --list-only", "a*1234567:4755 k/:1777 k/b=1 l->a", null, Runs.NotPush, to: null);
        yield return On("--list-only -h", "-rhh --list-only", "a*1234567 k/b=1", null, Runs.NotPush, to: null);
        yield return On("--list-only --no-h", "-r --no-h --list-only", "a*1234567 k/b=1", null, Runs.NotPush, to: null);
        yield return On("--list-only -q", "-rq --list-only", "a=1 k/b=1", null, Runs.NotPush, to: null);
        yield return On("--list-only -i", "-ri --list-only", "a=1 k/b=1", null, Runs.NotPush, to: null);
        yield return On("--list-only --stats", "-r --stats --list-only", "a=1 k/b=1 l->a", null, Runs.NotPush, to: null);
        yield return On("--list-only with a destination", "-r --list-only", "a=1 k/b=1", "x=1", Runs.NotPush, from: "src/a src/k", to: "dst/");
    }

    private static IEnumerable<Row> Progress()
    {
        const string source = "a*100000 b= c=1 k/d*70000 k/e/f=2 l->a m/";
        foreach (string options in new[]
        {
            "--progress", "-v --progress", "-i --progress", "-n --progress", "-h --progress", "-hh --progress", "--no-h --progress", "-q --progress",
            "--progress --no-progress", "--progress --info=name0", "--info=progress", "--info=progress,name0", "--info=progress,flist,name",
            "--progress --out-format=%n-%l", "-P --out-format=%n-%C", "--info=progress --out-format=%n-%C", "-P --info=name0 --out-format=%C",
            "--info=progress2", "-n --info=progress2", "-v --info=progress0 --progress", "--progress --stats",
        })
        {
            yield return On("progress: " + options, "-a " + options, source, "c=1");
        }
        foreach (string options in new[] { "-m --info=flist2", "-m --info=flist2,progress2", "--no-i-r --progress", "-nm --progress" })
            yield return On("a whole list: " + options, "-a " + options, source, "c=1");
        yield return On("a whole list: -m --progress", "-am --progress", "a*100000 d/ k/d*70000 k/e/f=2", "c=1");
        // rsync's receiver also counts, now and then, what it looks through for deletions, and what comes in.
        yield return On("a whole list: --delete-before --progress", "-a --delete-before --progress", source, "c=1", Runs.Local | Runs.Push);
        yield return On("a whole list: -d", "-d --progress", source, "c=1");
        yield return On("a whole list: 250 files", "-a --no-i-r --info=flist2", string.Join(' ', Enumerable.Range(0, 250).Select(i => $"d{i % 7}/f{i}={i}")), null, Runs.Local | Runs.Push);
        yield return On("a whole list: -v", "-av --no-inc-recursive", source, "c=1");
        yield return On("a whole list: nothing", "-am --progress", source, "c=1", Runs.Local | Runs.Push, from: "src/nothing");
        yield return On("a whole list: log", "-am --info=flist2 --log-file=log", source, "c=1");
        yield return On("told: delta of --append", "-avv --append", "a=11 b=2", "a=1", Runs.Local);
        yield return On("--progress of one file", "-a --progress", "a*40000", "", from: "src/a");
        yield return On("--progress, nothing to do", "-a --progress", "a=1 k/b=1", "a=1 k/b=1");
        yield return On("--progress, many", "-a --progress", string.Join(' ', Enumerable.Range(0, 300).Select(i => $"d{i % 7}/e{i % 3}/f{i}={i}")), null);
        yield return On("--progress --delete", "-a --progress --delete", "a=1 k/b=22", "a=1 k/b=1 k/c=1 x/y=1");
    }

    private static IEnumerable<Row> Logs()
    {
        const string source = "a=11 b=2 k/c=3 l->a";
        const string destination = "a=1 b=2 k/x=9 gone/g=1";
        foreach (string options in new[]
        {
            "", "-v", "-q", "-i", "-n", "--stats", "--log-file-format=%n", "--log-file-format=",
            "--log-file-format=%f", "-ii", "--info=none", "--out-format=%n", "--log-file-format=%M,%B,%U,%G,%L,%%,%q",
        })
        {
            yield return On("log: " + options, "-a --delete --log-file=log " + options, source, destination);
        }
        // Of a pull rsync logs what it passes over or not, by turns.
        yield return On("log: -vv", "-a --delete --log-file=log -vv", source, destination, Runs.Local | Runs.Push);
        yield return On("log: --log-file-format", "-a --log-file=log --log-file-format=%o_%i_%n_%l_%C", source, destination);
        yield return On("log: a missing source", "-a --log-file=log", source, "", Runs.Local | Runs.Push, from: "src/nothing src/a");
        yield return On("log: --list-only", "-r --log-file=log", source, null, Runs.NotPush, to: null);
        // Elsewhere rsync prints what the other process could not do, but does not log it; our log has every error.
        foreach (string shown in new[] { "-a", "-ai", "-av" })
            yield return On($"log: no way {shown}", $"{shown} --log-file=log", "a=1 b=2", "b/c=3", Runs.Pull);
        foreach (string refused in new[] { "--delete", "--foo", "--max-size=zz --foo", "-a --delete-before --delete-after" })
        {
            yield return On($"log: {refused}", $"--log-file=log {refused}", "a=1", "");
            yield return On($"log: {refused} before it", $"{refused} --log-file=log", "a=1", "");
        }
        yield return On("log: two runs", "-a --log-file=log", source, "", times: 2);
        yield return On("log: no such directory", "-a --log-file=nowhere/log", source, "");
        yield return On("log: --log-file-format alone", "-a --log-file-format=%n", source, "");
        yield return On("log: odd names", "-a --log-file=log --delete", @"\346\227\245=1 \377\376=1 a\177b=1 \012=1 \033x=1 \134\043012=1", @"\303\251=1");
        yield return On("log: --delete-after -v", "-av --delete-after --log-file=log", source, destination, Runs.Local);
        yield return On("log: attributes", "-a --log-file=log", "a=1:0600 k/:0700 k/b=1@+5", "a=1 k/b=1");
        yield return On("log: attributes, itemized", "-ai --log-file=log", "a=1:0600 k/:0700 k/b=1@+5", "a=1 k/b=1");
        yield return On("log: attributes, itemized quietly", "-aiq --log-file=log", "a=1:0600 k/:0700 k/b=1@+5", "a=1 k/b=1");
        yield return On("log: skipped", "-rt --log-file=log", "a=1 l->a p|", "");
    }

    private static IEnumerable<Row> Formats()
    {
        const string source = "a*1234567:4755 b=2 k/:1777 k/c=3 l->a";
        foreach (string format in new[]
        {
            "%n|%20n|%-20n|%5l|%'l|%''l|%'''l", "%L|%8L|%-8L|%0L", "%B|%12B|%M|%U|%G", "%f|%-15f|%i|%o", "%q|%", "%a|%h|%m|%P|%u|", "%C", "%C|%n",
            "%%%n", "%5", "%'n", "%-n", "%'12l|%12'l|%012l", "%300n",
        })
        {
            yield return On("--out-format=" + format, "-a --out-format=" + format, source, "b=2 l->x");
        }
        foreach (string options in new[] { "-rlpt", "-rlpto", "-rlptg", "-r --delete" })
            yield return On("--out-format of owners, " + options, options + " --out-format=%o_%n_%U_%G", "a=1#5.6 k/#7.8 k/b=1#9.9", "x=1", Runs.Everywhere | Runs.OnlyRoot);
        foreach (string options in new[] { "-a --no-super", "-a --chown=5:6", "-rlt --chown=5:6", "-a --numeric-ids", "-a --usermap=5:6 --groupmap=8-9:7" })
            yield return On("--out-format of owners, " + options, options + " --out-format=%o_%n_%U_%G", "a=1#5.6 k/#7.8 k/b=1#9.9 c=1", "c=1#5.6", Runs.Everywhere | Runs.OnlyRoot);
        foreach (string options in new[] { "-a", "-rn", "-ri --delete", "-q" })
            yield return On("--out-format of nothing, " + options, options + " --out-format=", source, "b=3 x=1 k/y=2");
        yield return On("--log-format", "-a --log-format=%i_%n", source, "b=3");
        yield return On("--out-format and --delete", "-a --delete --out-format=%n", source, "b=2 x=1 k/y/z=1");
        yield return On("--out-format with %o and --delete", "-a --delete --out-format=%o|%n|%l|%f", source, "b=2 x=1 y=2");
        yield return On("--out-format and -v", "-av --out-format=%n,%l", source, "b=3");
        yield return On("--out-format and -n", "-an --out-format=%n,%C", source, "b=3");
        foreach (string choice in new[] { "xxh128", "xxh3", "xxh64", "xxhash", "md5", "md4", "sha1", "none", "auto", "md5,xxh64", "auto,sha1", "none,md5", "foo", "a,b,c", "" })
        {
            yield return On("--cc=" + choice, $"-a --cc={choice} --out-format=%n,%C|", source, "b=3");
            // The other rsync of a pull ends first, and this one with another code.
            yield return On($"-c --checksum-choice={choice}", $"-ac --checksum-choice={choice} --out-format=%n,%C|", source, "b=3",
                choice == "none" ? Runs.Local | Runs.Push : Runs.Everywhere);
        }
        yield return On("--cc with -n", "-an --cc=sha1 --out-format=%n,%C|", source, "b=3");
        foreach (string options in new[] { "-aciin", "-acii", "-acii --link-dest=../dst/e", "-acii --size-only", "-ac" })
            yield return On($"sums of what is not sent: {options}", $"{options} --out-format=%i,%n,%C|", "a=1 b=2 k/c=3 l->a d=4:0600", "a=2 b=2 k/c=3 d=4 e/b=2");
        yield return On("the sum of a second try", "-a --append-verify --out-format=%n,%C|", "a=123", "a=x", Runs.Local);
        yield return On("--cc with -i", "-aci --cc=md5", "a=1 b=2 c=3@+5", "a=1 b=3 c=3");
    }

    private static IEnumerable<Row> Unneeded()
    {
        yield return On("options without effect", "-ai -s --no-s --old-args --trust-sender --no-motd --max-alloc=1G --skip-compress=gz --zt=1 --no-iconv -z --zl=3", Some, Changed);
        foreach (var options in new[] { "-av", "-avH --delete", "-av --delete-during --stats", "-avn", "-avi --i-r", "-rv --no-inc-recursive --inc-recursive" })
            yield return On("--no-i-r: " + options, options.Contains("inc", StringComparison.Ordinal) ? options : "--no-i-r " + options, Some, Changed + " k/x=1");
        yield return On("--no-i-r, a file", "--no-i-r -v", Some, "", from: "src/a");
        yield return On("-s and --old-args", "-ai -s --old-args", Some, Changed);
        yield return On("--zc=none", "-av --zc=none --blocking-io --insecure-links -4", Some, Changed);
        yield return On("--zc=foo", "-av --zc=foo", Some, Changed);
        yield return On("--zl=x", "-av --zl=x", Some, Changed);
    }
}
