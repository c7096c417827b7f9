namespace SyncHop.EndToEnd.Cases;

// What a second look at rsync showed.
internal static partial class OracleTable
{
    private static IEnumerable<Row> SecondLook()
    {
        yield return On("--delay-updates header", "-av --delay-updates", Some, Changed);
        yield return On("--delay-updates --delete", "-av --delay-updates --delete", Some, Changed);
        yield return On("--max-delete with a missing source", "-rv --delete --max-delete=1", "z=1", "a=1 b=2 c=3", from: "src/ src/missing");
        foreach (var mode in new[] { "--partial-dir=.p", "--delay-updates", "--append", "--inplace" })
            yield return On($"second look at -b {mode}", $"-avib {mode}", "a=12345 d/b=new", "a=1@-9 d/b=o@-9");
    }
}
