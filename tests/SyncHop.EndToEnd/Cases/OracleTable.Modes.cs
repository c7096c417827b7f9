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
        yield return On("--inplace of read-only files without -p", "-rtvi --inplace", "a=one b=two", "a=1:0444 b=2:0400", Runs.AndUser);
        yield return On("--inplace in read-only directories", "-avi --inplace", "k/:0555 k/a=one", "k/:0555 k/a=1", Runs.AndUser);
        yield return On("--inplace where something else is", "-avi --inplace", "a=1 b=2 c=3", "a->b b| c/", Runs.NotPush);
        yield return On("--inplace where a symlink is", "-avi --inplace", "a=1 b=2", "a->b b->/nowhere");
        yield return On("--inplace and a directory that is not empty", "-avi --inplace", "a=1", "a/f=2");
        yield return On("--inplace --no-inplace", "-ai --inplace --no-inplace", Some, Changed);
        yield return On("--inplace of a lone file", "-ai --inplace", Some, "x=1", from: "src/a", to: "dst/x");
    }
}
