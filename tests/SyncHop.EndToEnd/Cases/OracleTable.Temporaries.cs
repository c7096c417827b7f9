namespace SyncHop.EndToEnd.Cases;

internal static partial class OracleTable
{
    // {other} is on another file system than the trees.
    private static IEnumerable<Row> TemporaryDirectories()
    {
        const string there = Changed + " t/";
        foreach (string directory in new[] { "t", "{other}" })
        {
            yield return On($"-T {directory}", $"-avi -T {directory}", Some, there, times: 2);
            yield return On($"-T {directory} --delay-updates", $"-ai --delay-updates --temp-dir={directory}", Some, there);
            yield return On($"-T {directory} --partial", $"-ai --partial --temp-dir={directory}", "big*400000 a=1", "big*300000@-9 k/ t/");
            yield return On($"-T {directory} --partial-dir", $"-ai --partial-dir=.p --temp-dir={directory}", "big*400000 a=1", "big*300000@-9 k/ t/");
            yield return On($"-T {directory} -b", $"-avi -b -T {directory}", Some, there);
            yield return On($"-T {directory} -S --fsync", $"-avi -S --fsync -T {directory}", "a*300000 z*0 k/b=1", there);
            yield return On($"-T {directory} without -p", $"-rti -T {directory}", "a=11:0755 b=22:0600 k/c=3", "a=1:0640 b=2:0444 t/ k/");
        }
        yield return On("-T t --delete", "-avi -T t --delete --exclude=t", Some, there + " x=1");
        yield return On("-T t --inplace", "-avi -T t --inplace", Some, there);
        yield return On("-T t, dry run", "-navi -T t", Some, there);
        yield return On("-T t as an ordinary user", "-avi -T t", Some, there, Runs.Refused);
        yield return On("-T that is missing", "-av -T nothing", Some, Changed);
        yield return On("-T that is missing, dry run", "-nav -T nothing", Some, Changed);
        yield return On("-T that is missing, and so is the destination", "-av -T nothing", Some, null);
        yield return On("-T that is a file", "-av -T a", Some, Changed);
        yield return On("-T that is empty", "-av --temp-dir=", Some, Changed, Runs.NotPush); // rsync does not tell a remote receiver
        yield return On("-T and a link instead of a file", "-av -T {other}", "x->a a=1", "x=file a=2", times: 2);
        yield return On("--no-T is unknown", "-av --no-T", Some, "");
    }
}
