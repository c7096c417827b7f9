namespace SyncHop.EndToEnd.Cases;

// What becomes of the destination when no source argument is there.
internal static partial class OracleTable
{
    private static IEnumerable<Row> NoSources()
    {
        foreach (var options in new[] { "-av", "-avn", "-avR", "-avd", "-av --ignore-missing-args", "-av --delete-missing-args", "-av --mkpath", "-avn --mkpath", "-a --delete" })
        {
            foreach (var to in new[] { "dst", "dst/", "dst/x", "dst/x/" })
            {
                var runs = to != "dst/" ? Runs.Local : options is "-av" or "-avn" or "-av --mkpath" ? Runs.Everywhere : Runs.Local | Runs.Push;
                yield return On($"nothing there: {options} {to}", options, Some, to[3..] is "" or "/" ? null : "", runs, from: "src/none", to: to);
            }
        }
        yield return On("nothing there, twice", "-av", Some, null, from: "src/none src/nothing");
        yield return On("no such directory", "-av", Some, null, from: "none/");
        yield return On("no such directory above", "-av", Some, null, from: "none/x");
        yield return On("a directory is not there without -r", "-v", Some, null, from: "src/k");
        yield return On("nothing there onto a file", "-av", Some, "f=1", from: "src/none", to: "dst/f");
        yield return On("below a file", "-av", Some, "f=1", from: "src/none", to: "dst/f/x", runs: Runs.NotPush);
        yield return On("contents below a file", "-av", Some, "f=1", to: "dst/f/x", runs: Runs.NotPush);
        yield return On("an argument below a file", "-av --ignore-missing-args", Some, "", from: "src/a/x");
        yield return On("an argument below a file that is to go", "-av --delete-missing-args", Some, "x=1", from: "src/a/x");
        foreach (var name in new[] { "none", "./none", "./k/none", "./a/x" })
            yield return On("nothing there: --files-from " + name, "-av --files-from=src/list", Some + " list=" + name, null, Runs.Local | Runs.Push);
        yield return On("no names", "-av --files-from=src/list", "list=", null, Runs.Local | Runs.Push);
        yield return On("no names, dry run", "-avn --files-from=src/list", "list=", null, Runs.Local | Runs.Push);
        yield return On("no names, --mkpath", "-av --mkpath --files-from=src/list", "list=", "", Runs.Local | Runs.Push, to: "dst/x/y");
        yield return On("missing names are to go", "-av --files-from=src/list --delete-missing-args", "list=none", null, Runs.Local | Runs.Push, to: "dst");
        yield return On("-R ./ of what is not there", "-avR", Some, null, Runs.Local, from: "./src/none");
        yield return On("-R ./ of what is hidden", "-avR --exclude=k", Some, null, Runs.Local, from: "./src/k");
        yield return On("-R ./ without -r", "-vR", Some, null, Runs.Local, from: "./src/k ./src/a ./src/empty");
        yield return On("-R ./ of several of which one is missing", "-avR", Some, "", Runs.Local, from: "./src/none src/a");
    }
}
