namespace SyncHop.EndToEnd.Cases;

internal static partial class OracleTable
{
    // To a file, to a directory, to another link, to nothing, to what is outside, in a directory that is reached by a link.
    private const string LinkArguments = "f=one d/b=two d/e/c=three d/in->b d/up->../f lf->f ld->d/ lld->ld gone->nowhere out->/etc/debian_version outd->../src/d deep/ld->../d/e";

    private static IEnumerable<Row> LinkSources()
    {
        // Together they take every kind of link; the last one is reached by links alone.
        const string named = "src/./lf src/./ld src/./gone src/./out src/./outd src/./deep/ld src/./lld/in src/./ld/up";
        const string changed = "ld->d d/b=1@-5 lld/x=1 lf=1 out=1 outd->/tmp";
        foreach (string options in new[] { "-aiRL", "-aiRk", "-aiR --copy-unsafe-links", "-aiR --safe-links", "-aiR --munge-links", "-rtivRL", "-rtivRk", "-dlvR -L", "-aiRL --no-implied-dirs" })
        {
            yield return On($"{options} of links", options, LinkArguments, "", from: named);
            yield return On($"{options} of links, changed", options, LinkArguments, changed, from: named);
        }
        yield return On("-RL of links with slashes", "-aiRL", LinkArguments, changed, from: "src/./ld/ src/./lf/ src/ld/./e/ src/./lld/");
        yield return On("-Rk of links with slashes", "-aiRk", LinkArguments, "", from: "src/./ld/ src/./lf/ src/ld/./e/ src/./lld/");
        yield return On("-RL --ignore-missing-args of a dangling link", "-aiRL --ignore-missing-args", LinkArguments, "", from: "src/./gone src/./lf");
        yield return On("-RL --remove-source-files of a link", "-aiRL --remove-source-files", LinkArguments, "", from: "src/./lf src/./d/e/c");
        yield return From("--files-from -L", "-aiL", @"lf\012ld/\012ld/in\012gone\012lld\012", LinkArguments);
        yield return From("--files-from --copy-unsafe-links", "-ai --copy-unsafe-links", @"lf\012out\012outd/in\012outd\012", LinkArguments);
        foreach (string options in new[] { "-aiL", "-aik", "-ai --copy-unsafe-links", "-dLv" })
        {
            yield return On($"{options} of a link to a file to a new name", options, LinkArguments, null, from: "src/lf", to: "dst");
            yield return On($"{options} of a link out of the source to a new name", options, LinkArguments, "new=1@-5", from: "src/out", to: "dst/new");
            yield return On($"{options} of a link to a directory to a new name", options, LinkArguments, null, from: "src/outd", to: "dst/new");
        }
    }
}
