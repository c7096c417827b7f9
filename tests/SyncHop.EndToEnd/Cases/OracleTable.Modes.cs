namespace SyncHop.EndToEnd.Cases;

internal static partial class OracleTable
{
    // How a file's content gets to its place.
    private static IEnumerable<Row> Modes()
    {
        yield return On("--inplace", "-avi --inplace", Some, Changed, Runs.AndUser, times: 2);
        yield return On("--inplace first copy", "-avi --inplace", Some, null, Runs.AndUser, times: 2);
        yield return On("--inplace dry run", "-nai --inplace", Some, Changed);
        yield return On("--inplace --delete --stats", "-ai --inplace --delete --stats", Some, Changed + " old=1");
        yield return On("--inplace shortens and lengthens", "-ai --inplace", "a=1 b*300000 c=", "a*300000 b=1 c=2");
        yield return On("--inplace without -p", "-rtvi --inplace", "a=one:0600 b=two:0755", "a=1:0640 c=2", Runs.AndUser);
        yield return On("--inplace without -t", "-rvi --inplace", Some, Changed);
        yield return On("--inplace of read-only files", "-avi --inplace", "a=one:0444 b=two:0644", "a=1:0444 b=2:0400", Runs.AndUser);
        foreach (string mode in new[] { "0000", "0400", "0100" })
            yield return On($"a source of mode {mode}", "-avi --delete", $"k/:{mode} m=1", "a=1", Runs.AndUser, from: "src/k/");
        yield return On("--inplace of read-only files without -p", "-rtvi --inplace", "a=one b=two", "a=1:0444 b=2:0400", Runs.AndUser);
        yield return On("--inplace in read-only directories", "-avi --inplace", "k/:0555 k/a=one", "k/:0555 k/a=1", Runs.AndUser);
        yield return On("--inplace where something else is", "-avi --inplace", "a=1 b=2 c=3", "a->b b| c/", Runs.NotPush);
        yield return On("--inplace where a symlink is", "-avi --inplace", "a=1 b=2", "a->b b->/nowhere");
        yield return On("--inplace and a directory that is not empty", "-avi --inplace", "a=1", "a/f=2");
        yield return On("--inplace --no-inplace", "-ai --inplace --no-inplace", Some, Changed);
        yield return On("--inplace of a lone file", "-ai --inplace", Some, "x=1", from: "src/a", to: "dst/x");
        yield return On("--inplace --partial", "-avi --inplace --partial", Some, Changed);
        yield return On("--inplace --sparse", "-avi --inplace -S", "a*300000 b=1", "a*400000 b=22");
        yield return On("--inplace -c", "-avci --inplace", Some, Changed);
        yield return On("--inplace --no-r of several files", "-tvi --inplace --no-r", Some, "a=1", from: "src/a src/b");
        yield return On("--inplace and --partial-dir", "-av --inplace --partial-dir=.p", Some, Changed);
        yield return On("--partial-dir and --inplace", "-av --partial-dir=.p --inplace", Some, Changed);
        yield return On("--inplace --partial-dir --no-inplace", "-av --inplace --partial-dir=.p --no-inplace", Some, Changed);
        yield return On("--inplace and --delay-updates", "-av --inplace --delay-updates", Some, Changed);
        foreach (var row in Appending().Concat(Keeping()).Concat(Limits())) yield return row;
    }

    private const string Shorter = "diff=HELLO@-9 short=hello@-9 same=xyz@-9 longer=bcd:0600@-9";
    private const string Longer = "diff=hello_world short=hello_world same=abc longer=a new=n";

    private static IEnumerable<Row> Appending()
    {
        yield return On("--append", "-avi --append", Longer, Shorter, Runs.AndUser, times: 2);
        yield return On("--append dry run", "-navi --append", Longer, Shorter);
        yield return On("--append -ii", "-aii --append", Longer, Shorter);
        yield return On("--append -vv", "-av --append", Longer, Shorter);
        yield return On("--append -r", "-rvi --append", Longer, Shorter);
        yield return On("--append -rt", "-rti --append", Longer, Shorter);
        yield return On("--append --stats", "-ai --append --stats", Longer, Shorter);
        yield return On("--append of large files", "-ai --append", "a*700000 b*300000", "a*500000@-9 b*100@-9");
        yield return On("--append of an unchanged file", "-ai --append", "a=one b=two", "a=one b=t@-9");
        yield return On("--append of another mode", "-ai --append", "a=one:0755 b=two", "a=one:0600 b=t:0600@-9");
        yield return On("--append -I", "-ai --append -I", Longer, Shorter);
        yield return On("--append --size-only", "-ai --append --size-only", Longer, Shorter);
        yield return On("--append -u", "-aui --append", Longer, "diff=HELLO@+9 short=hello@-9");
        yield return On("--append --existing", "-ai --append --existing", Longer, Shorter);
        yield return On("--append where something else is", "-ai --append", "a=1 b=2", "a->b b/");
        yield return On("--append to an empty file", "-ai --append", "a=1 b=2", "a=@-9 b=@-9");
        yield return On("--append of read-only files", "-ai --append", "a=123:0444", "a=12:0444@-9", Runs.AndUser);
        yield return On("--append --inplace", "-ai --append --inplace", Longer, Shorter);
        yield return On("--append --no-append", "-ai --append --no-append", Longer, Shorter);
        yield return On("--append --append", "-ai --append --append", Longer, Shorter);
        yield return On("--append --delete", "-ai --append --delete", Longer, Shorter + " gone=1");
        yield return On("--append of a lone file", "-ai --append", Longer, Shorter, from: "src/short", to: "dst/short");
        yield return On("--append --out-format", "-a --append --out-format=%i_%n_%l", Longer, Shorter, Runs.Local);
        yield return On("--append -W", "-av --append -W", Longer, Shorter);
        yield return On("-W --append", "-av -W --append", Longer, Shorter);
        yield return On("--append --no-W", "-ai --append --no-W", Longer, Shorter);
        yield return On("--append and --partial-dir", "-av --append --partial-dir=x", Longer, Shorter);
        yield return On("--append and --delay-updates", "-av --append --delay-updates", Longer, Shorter);
        yield return On("--append-verify", "-avi --append-verify", Longer, Shorter, Runs.AndUser, times: 2);
        yield return On("--append-verify of a right beginning", "-avi --append-verify", Longer, "short=hello@-9", times: 2);
        yield return On("--append-verify dry run", "-nai --append-verify", Longer, Shorter);
        yield return On("--append-verify --stats", "-ai --append-verify --stats", Longer, Shorter);
        yield return On("--append-verify of several wrong files", "-ai --append-verify", "a=123 b=123 c=123 z=123", "a=x@-9 b=12@-9 c=xx@-9 z=yy@-9");
        yield return On("--append-verify of wrong files of the same time", "-ai --append-verify", "a=123 b=123", "a=x b=12");
        yield return On("--append-verify of wrong files of the same time, without -t", "-rpi --append-verify", "a=123 b=123", "a=x b=12");
        yield return On("--append-verify of large files", "-ai --append-verify", "a*700000 b*700000", "a*500000@-9 b*600000@-9");
        yield return On("--append-verify -W", "-av --append-verify -W", Longer, Shorter);
        yield return On("--append-verify and --partial-dir", "-av --append-verify --partial-dir=x", Longer, Shorter);
        yield return On("--no-append-verify", "-av --no-append-verify", Longer, Shorter);
    }

    private static IEnumerable<Row> Keeping()
    {
        yield return On("--partial", "-avi --partial", Some, Changed, Runs.AndUser, times: 2);
        yield return On("--partial with a beginning there", "-avi --partial", "a*700000 b=1", "a*500000@0 b=@0");
        yield return On("--partial --no-partial", "-ai --partial --no-partial", Some, Changed);
        yield return On("--partial-dir", "-avi --partial-dir=.p", Some, Changed, Runs.AndUser, times: 2);
        yield return On("--partial-dir of large files", "-avi --partial-dir=.p", "a*700000 k/b*900000", "a*500000@-9", times: 2);
        yield return On("--partial-dir with a beginning there", "-avi --partial-dir=.p", "a*700000 b=1", ".p/:0700 .p/a*500000 .p/b=x");
        yield return On("--partial-dir with something else there", "-avi --partial-dir=.p", "a*700000", ".p/:0700 .p/a=other .p/keep=1");
        yield return On("--partial-dir with too much there", "-avi --partial-dir=.p", "a*300000", ".p/:0700 .p/a*500000");
        yield return On("--partial-dir with what is of no use any more", "-avi --partial-dir=.p", "a=1 b=1 k/c=1 n=1", "a=1 b=2 .p/:0700 .p/a=x .p/keep=1 k/c=1 k/.p/c=x");
        yield return On("--delay-updates with what is of no use any more", "-avi --delay-updates", "a=1 b=1 k/c=1 n=1", "a=1 b=2 .~tmp~/:0700 .~tmp~/a=x .~tmp~/keep=1 k/c=1 k/.~tmp~/c=x");
        yield return On("--partial-dir, absolute", "-avi --partial-dir={folder}/bk", "a*700000 b=1 k/c*900000 k/d/a*800000", "a*600000@-9 b=2", Runs.AndUser, times: 2);
        yield return On("--partial-dir, absolute, with a beginning there", "-avi --partial-dir={folder}/dst/p", "a*700000 b=1 k/c*900000", "p/:0700 p/a*500000 p/c=x p/keep=1");
        yield return On("--partial-dir, absolute, without what is above it", "-avi --partial-dir={folder}/bk/p", "a*700000 b=1", "a*600000@-9");
        yield return On("--partial-dir, absolute, another file system", "-avi --partial-dir={other}", "synchop-oracle*700000 b=1", "synchop-oracle*600000@-9", Runs.Local);
        yield return On("--partial-dir, absolute, and --delay-updates", "-avi --delay-updates --partial-dir={folder}/dst/p", "a*700000 b=1 k/c*900000", "a=2 p/:0700 p/keep=1", times: 2);
        yield return On("--partial-dir, absolute, and --delete", "-avi --delete --partial-dir={folder}/dst/p", "a=1 b=1", "a=2 p/:0700 p/keep=1");
        yield return On("--partial-dir=.", "-avi --partial-dir=.", Some, Changed);
        yield return On("--partial-dir=", "-avi --partial-dir=", Some, Changed);
        yield return On("--partial-dir with a slash", "-avi --partial-dir=.p/", "a*300000", Changed);
        yield return On("--partial-dir without -r", "-tvi --partial-dir=.p", "a*300000", null, from: "src/a", to: "dst");
        yield return On("--no-partial-dir", "-av --no-partial-dir", Some, Changed);
        yield return On("--delay-updates", "-ai --delay-updates", Some, Changed, Runs.AndUser, times: 2);
        yield return On("--delay-updates first copy", "-ai --delay-updates", Some, null, Runs.AndUser, times: 2);
        yield return On("--delay-updates dry run", "-nai --delay-updates", Some, Changed);
        yield return On("--delay-updates of a lone file", "-ai --delay-updates", Some, "x=1", from: "src/a", to: "dst/x");
        yield return On("--delay-updates --no-delay-updates", "-avi --delay-updates --no-delay-updates", Some, Changed);
        yield return On("--delay-updates --partial-dir", "-ai --delay-updates --partial-dir=.p", Some, Changed);
        yield return On("--delay-updates -r", "-ri --delay-updates", Some, Changed);
        yield return On("--delay-updates in read-only directories", "-ai --delay-updates", "k/:0555 k/a=one k/d/:0555 k/d/b=2", "k/:0555 k/a=1", Runs.AndUser);
        yield return On("--delay-updates where something else is", "-ai --delay-updates", "a=1 b=2 c=3", "a->b b| c/", Runs.NotPush);
        yield return On("--delay-updates with something held there", "-ai --delay-updates", "a=one b*300000", ".~tmp~/:0700 .~tmp~/a=x .~tmp~/b*100000");
        yield return On("--delay-updates with a file held complete", "-ai --delay-updates", "a=one b*300000", ".~tmp~/:0700 .~tmp~/a=one .~tmp~/b*300000");
        yield return On("--partial-dir in the source", "-avi --partial-dir=.p", "a=1 .p/x=1 k/.p/y=1 k/z=1", "");
        yield return On("--partial-dir --delete", "-avi --partial-dir=.p --delete", "a=1 k/z=1", ".p/:0700 .p/x=1 k/.p/y=1 gone/.p/z=1 b=1");
        yield return On("--delay-updates in the source", "-ai --delay-updates", "a=1 .~tmp~/x=1 k/.~tmp~/y=1", "");
        yield return On("--sparse", "-avi -S", "a=1 b*300000 c=", "b*5", Runs.AndUser, times: 2);
        yield return On("--sparse --no-S", "-avi --sparse --no-S", Some, Changed);
        yield return On("--preallocate", "-avi --preallocate", Some, Changed, Runs.Local | Runs.Pull, times: 2);
        yield return On("--preallocate --sparse", "-avi --preallocate --sparse", "a*300000 b=", Changed, Runs.Local | Runs.Pull);
        yield return On("--fsync", "-avi --fsync", Some, Changed, times: 2);
        yield return On("--fsync --inplace", "-avi --fsync --inplace", Some, Changed);
        yield return On("--no-fsync", "-avi --no-fsync", Some, Changed);
        yield return On("--no-preallocate", "-avi --no-preallocate", Some, Changed);
    }

    private static IEnumerable<Row> Limits()
    {
        foreach (var value in new[] { "1m", "1.5m", "100000", "2KB", "1KiB", "0", "0.5", "1g+1", "900b", "b", "" })
            yield return On($"--bwlimit={value}", $"-ai --bwlimit={value}", "a=1", "");
        foreach (var value in new[] { "x", "1x", "-1", "0.1", "1kk", "1k2", "1 k", "1e3", ".", "511b", "0x10" })
            yield return On($"--bwlimit={value} is wrong", $"-ai --bwlimit={value}", "a=1", "", Runs.Local);
        yield return On("--bwlimit --no-bwlimit", "-ai --bwlimit=1 --no-bwlimit", "a*300000", "");
        foreach (var value in new[] { "1", "60", "00009", "x", "0", "-1", "1x", "1.5", "", "+5" })
            yield return On($"--stop-after={value}", $"-ai --stop-after={value}", "a=1", "", Runs.Local);
        yield return On("--time-limit", "-ai --time-limit=5", "a=1", "", Runs.Local);
        foreach (var value in new[]
        {
            "2099-12-31T23:59", "2099/12/31T23:59", "99-12-31T23:59", "2099-12-31", "12-31", "12/31", "1", "31", "23:59", ":59", "1T0:01", "1-30T12:00",
            "2000-01-01", "2000-01-01T00:00", "x", "", ":", "1:", "24:00", "12:60", "13-1", "0", "32", "1-32", "2099-13-01", "1T", "T1:00", "2099-12-31T", "1-1-1-1",
            "1 12:00", "12:00T1", "1:2:3", "2099-2-30",
        })
        {
            yield return On($"--stop-at={value}", $"-ai --stop-at={value}", "a=1", "", Runs.Local);
        }
        yield return On("--no-stop-at", "-ai --no-stop-at", "a=1", "", Runs.Local);
    }
}
