namespace SyncHop.EndToEnd.Cases;

// When and what is removed: --delete-WHEN, --force, --max-delete, --ignore-errors, --remove-source-files, missing arguments.
internal static partial class OracleTable
{
    private const string InItsWay = "a=one way=f k/c=three k/deep/d=four empty/ l->a";
    private const string WayThere = "way/sub/1=1 way/2=2 gone/x/y/f=1 gone/g=2 adir/f=4 old=5 k/zold=7 k/old/f=8 k/c=three l->b dead->x";

    private static IEnumerable<Row> DeletionTimes()
    {
        foreach (var when in new[] { "--delete-before", "--delete-during", "--del", "--delete-delay", "--delete-after" })
        {
            yield return On(when, $"-av {when}", Some, Extra, Runs.AndUser, times: 2);
            yield return On($"{when} itemized", $"-ai {when}", Some, Extra);
            yield return On($"{when} dry run", $"-nai {when}", Some, Extra);
            yield return On($"{when} with things in the way", $"-av {when}", InItsWay, WayThere);
            yield return On($"{when} and equal directories", $"-ai {when}", "k/f=1 m/g=1", "k/f=1 k/x=1 m/g=1 m/n/o=1 z=1");
            yield return On($"{when} -r --stats", $"-r --stats {when}", Some, Extra);
            yield return On($"{when} quietly", $"-aq {when}", Some, Extra);
            yield return On($"{when} -vv", $"-avv {when}", Some, Extra);
            yield return On($"{when} --debug=del", $"-a --debug=del {when}", Some, "k/x=1 empty/y=1", from: "src/k src/a src/empty");
            yield return On($"{when} after an error", $"-av {when}", Some, "x=1 k/y=1", from: "src/k src/nothing/");
        }
        yield return On("--delete-delay and a closed directory", "-av --delete-delay", "k/f=1 k/:0555", "k/x=1 k/:0555", Runs.AndUser);
        yield return On("--delete-after and a closed directory", "-av --delete-after", "k/f=1 k/:0555", "k/x=1 k/:0555");
        yield return On("--delete --delete-after", "-av --delete --delete-after", Some, Extra);
        yield return On("two --delete-WHEN", "-av --delete-after --delete-before", Some, Extra);
        foreach (string pair in new[] { "--delete-during --delete-delay", "--delete-delay --del", "--delete-delay --delete-after" })
            yield return On(pair, $"-ai {pair}", Some, Extra);
        yield return On("--delete-after twice", "-av --delete-after --delete-after", Some, Extra);
        yield return On("--delete-after without -r", "-v --delete-after", Some, Extra);
        yield return On("--delete-after -d", "-dv --delete-after", Some, Extra);
        yield return On("--ignore-errors", "-av --delete --ignore-errors", Some, "x=1 k/y=1", from: "src/k src/nothing/");
        yield return On("--ignore-errors --delete-after", "-ai --delete-after --ignore-errors", Some, "x=1 k/y=1", from: "src/k src/nothing/");
        yield return On("--no-ignore-errors", "-av --delete --ignore-errors --no-ignore-errors", Some, "x=1 k/y=1", from: "src/k src/nothing/");
    }

    private static IEnumerable<Row> DeletionLimits()
    {
        yield return On("--force", "-av --force", InItsWay, WayThere, Runs.AndUser);
        yield return On("--force dry run", "-nai --force", InItsWay, WayThere);
        yield return On("--no-force", "-av --force --no-force", InItsWay, WayThere);
        foreach (var limit in new[] { 0, 1, 2, 3, 5, 6, 9, 100 })
        {
            yield return On($"--max-delete={limit}", $"-av --delete --max-delete={limit}", Some, Extra);
            yield return On($"--max-delete={limit} dry run", $"-nai --delete --max-delete={limit}", Some, Extra);
        }
        yield return On("--max-delete and things in the way", "-av --delete --max-delete=9", InItsWay, WayThere);
        yield return On("--max-delete=3 and things in the way", "-av --delete --max-delete=3", InItsWay, WayThere);
        yield return On("--max-delete --force", "-av --force --max-delete=2", InItsWay, WayThere);
        yield return On("--max-delete --delete-delay", "-av --delete-delay --max-delete=4", InItsWay, WayThere);
        yield return On("--max-delete --delete-after", "-av --delete-after --max-delete=6 --stats", InItsWay, WayThere);
        yield return On("--max-delete --delete-before", "-ai --delete-before --max-delete=6", "k/f=1 m/g=1", "k/f=1 k/x=1 m/g=1 m/n/o=1 z/1=1 z/2=1 y=1");
        yield return On("--max-delete and a missing source", "-ai --delete --ignore-errors --max-delete=1", "a=1", "x=1 y=1 z=1", from: "src/ src/nothing");
        yield return On("--max-delete=-1", "-av --delete --max-delete=-1", Some, Extra);
        yield return On("--max-delete=", "-av --delete --max-delete=", Some, Extra);
        yield return On("--max-delete=x", "-av --delete --max-delete=x", Some, Extra);
        yield return On("--max-delete without --delete", "-av --max-delete=1", Some, Extra);
    }

    private static IEnumerable<Row> SourceRemovals()
    {
        yield return On("--remove-source-files", "-av --remove-source-files", Some, Changed, Runs.AndUser);
        yield return On("--remove-source-files itemized", "-ai --remove-source-files", Some, "");
        yield return On("--remove-source-files -vv", "-avv --remove-source-files", Some, Some);
        yield return On("--remove-source-files dry run", "-nav --remove-source-files", Some, Changed);
        yield return On("--remove-source-files of special files", "-a --remove-source-files", "p| l->x s!s a=1 k/p|", "", Runs.NotPush);
        yield return On("--remove-source-files --ignore-existing", "-av --remove-source-files --ignore-existing", Some, Changed);
        yield return On("--remove-source-files --existing", "-av --remove-source-files --existing", Some, "a=1");
        yield return On("--remove-source-files -u", "-avu --remove-source-files", "a=1@-5 b=1", "a=2 b=2@-5");
        yield return On("--remove-source-files of what is in the way", "-av --remove-source-files", InItsWay, WayThere);
        yield return On("--remove-source-files without -l", "-rv --remove-source-files", "a=1 l->a", "");
        yield return On("--remove-source-files onto itself", "-av --remove-source-files --size-only", "a=1 k/b=1", null, Runs.Local, to: "src/");
        yield return On("--remove-source-files from a closed directory", "-av --remove-source-files", "k/a=1 k/:0555 b=1", "", Runs.Refused);
    }

    private static IEnumerable<Row> MissingArguments()
    {
        const string there = "gone/x/y=1 gone/z=2 old=5 a=1 e/";
        yield return On("--ignore-missing-args", "-av --ignore-missing-args", Some, "", from: "src/a src/nothing src/k");
        yield return On("--ignore-missing-args alone", "-av --ignore-missing-args", Some, "", from: "src/nothing");
        yield return On("--ignore-missing-args --delete", "-av --ignore-missing-args --delete", Some, "k/x=1", from: "src/nothing src/k");
        yield return On("--ignore-missing-args and contents", "-av --ignore-missing-args", Some, "", from: "src/nothing/ src/a");
        yield return On("--delete-missing-args", "-av --delete-missing-args", Some, there, from: "src/a src/gone src/old src/nothing src/e");
        yield return On("--delete-missing-args dry run", "-nav --delete-missing-args", Some, there, from: "src/a src/old src/nothing");
        yield return On("--delete-missing-args --stats", "-a --delete-missing-args --stats", Some, there, from: "src/a src/old src/nothing src/k/nothing");
        yield return On("--delete-missing-args --force", "-ai --delete-missing-args --force", Some, there, from: "src/a src/gone");
        yield return On("--delete-missing-args --delete", "-av --delete-missing-args --delete", Some, there, from: "src/old src/gone src/k");
        yield return On("--delete-missing-args to a new name", "-av --delete-missing-args", Some, there, from: "src/old", to: "dst/old");
        yield return On("--delete-missing-args and contents", "-av --delete-missing-args", Some, there, from: "src/k/ src/old");
        yield return On("--delete-missing-args, nothing there", "-av --delete-missing-args", Some, there, from: "src/nothing");
    }
}
