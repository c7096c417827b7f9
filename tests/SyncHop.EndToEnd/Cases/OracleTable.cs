using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>Where and by whom a row of the table runs.</summary>
[Flags]
public enum Runs
{
    Local = 1,
    Push = 2,
    Pull = 4,

    /// <summary>Also as an ordinary user.</summary>
    User = 8,

    /// <summary>Only as an ordinary user: root is refused nothing.</summary>
    OnlyUser = 16,

    /// <summary>Only as root.</summary>
    OnlyRoot = 32,
    Everywhere = Local | Push | Pull,
    AndUser = Everywhere | User,
    Refused = Everywhere | OnlyUser,
    NotPush = Local | Pull,
}

/// <summary>The cases chosen by hand. Trees are written as <see cref="Tree"/> describes.</summary>
internal static partial class OracleTable
{
    public sealed record Row(OracleCase Case, Runs Runs);

    public static IReadOnlyDictionary<string, Row> Rows { get; } = Collect();

    private const string Some = "a=one b=two k/c=three k/deep/d=four empty/ l->a";
    private const string Changed = "a=ONE@+5 b=twoo k/c=three:0600 k/deep/d=four@-9 l->b";

    private static Dictionary<string, Row> Collect()
    {
        var rows = new Dictionary<string, Row>(StringComparer.Ordinal);
        foreach (var row in Basics().Concat(Quick()).Concat(Attributes()).Concat(Links()).Concat(Arguments())
            .Concat(Deletions()).Concat(InTheWay()).Concat(Refusals()).Concat(Names()).Concat(Output()).Concat(LocalOnly())
            .Concat(Modes())
            .Concat(FilterRules()).Concat(FilterPatterns()).Concat(FilterFiles()).Concat(FilterDeletions()).Concat(FilterSizes())
            .Concat(DeletionTimes()).Concat(DeletionLimits()).Concat(SourceRemovals()).Concat(MissingArguments())
            .Concat(Backups()).Concat(EarlierCopies()).Concat(MakePath()).Concat(HardLinks())
            .Concat(Permissions()).Concat(Owners()).Concat(Times())
            .Concat(FollowedLinks()).Concat(KeptLinks()).Concat(TemporaryDirectories())
            .Concat(LinkSources()).Concat(Relative()).Concat(FilesFrom()).Concat(Pruned())
            .Concat(SecondLook()).Concat(NoSources())
            .Concat(Levels()).Concat(Progress()).Concat(Logs()).Concat(Formats()).Concat(Unneeded())
            .Concat(ExtendedAttributes()).Concat(AccessLists())
            )
        {
            rows.Add(row.Case.Name, row);
        }
        return rows;
    }

    // A destination of null does not exist before the run; several source arguments have blanks between them.
    private static Row On(string name, string options, string source, string? destination, Runs runs = Runs.Everywhere,
        string from = "src/", string? to = "dst/", int times = 1) =>
        new(new OracleCase(name, options, Tree.Parse(source), destination is null ? null : Tree.Parse(destination))
        {
            Sources = from.Split(' '),
            Target = to,
            Runs = times,
        }, runs);

    private static IEnumerable<Row> Basics()
    {
        yield return On("first copy", "-av", Some, null, Runs.AndUser, times: 2);
        yield return On("first copy, dry run", "-nav", Some, null, Runs.AndUser);
        yield return On("first copy without -v", "-a", Some, null);
        yield return On("into an empty directory", "-av", Some, "");
        yield return On("nothing to do", "-av", Some, Some);
        yield return On("nothing to do, dry run", "-nva", Some, Some);
        yield return On("changed", "-av", Some, Changed, Runs.AndUser, times: 2);
        yield return On("changed, dry run", "-anv", Some, Changed);
        yield return On("an empty source", "-av", "./", "");
        yield return On("an empty source, -r", "-rv", "./", null);
        yield return On("-r only", "-rv", "a=one k/c=three e/", "a=two k/c=33333", Runs.AndUser);
        yield return On("-rt", "-rtv", "a=one k/c=three e/", "a=two@-5 k/c=33333");
        yield return On("-rl", "-rlv", Some, "k/x=1 l->z");
        yield return On("-rlptgoD in words", "--recursive --links --perms --times --group --owner --devices --specials --verbose", Some, Changed);
        yield return On("quiet", "-aq", Some, Changed);
        yield return On("quiet and non-regular", "-rq", "a=1 l->a p|", "");
        yield return On("deep", "-av", "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/f=deep", null);
        yield return On("2,000 files", "-a --stats", string.Join(' ', Enumerable.Range(0, 2000).Select(i => $"d{i % 40}/f{i}={i}")),
            string.Join(' ', Enumerable.Range(0, 2000).Where(i => i % 3 == 0).Select(i => $"d{i % 40}/f{i}={i / 2}")));
        yield return On("a file of 20 MiB", "-av", "big*20971520 small*7", "small*6");
        yield return On("sizes around the buffers", "-av",
            "z*0 a*1 b*32767 c*32768 d*32769 e*65536 f*261120 g*261121 h*262144 i*1048577", "c*32767 g*261122");
    }

    private static IEnumerable<Row> Quick()
    {
        const string source = "same=11 size=222 time=3@+5 newer=4@-7 content=aaa new/f=1 top=1";
        const string destination = "same=11 size=22 time=3 newer=5 content=bbb old=9";
        yield return On("quick check", "-av", source, destination);
        yield return On("quick check itemized", "-ai", source, destination);
        yield return On("-c", "-aci", source, destination);
        yield return On("-c: nanoseconds of equal files", "-aci", "a=1@1600000000.500000000 b=1@+1 k/@1600000000.500000000 l->x@1600000000.500000000", "a=1 b=1@1600000001.300000000 k/ l->x", Runs.Local);
        yield return On("-c: seconds within the window", "-aci -@5", "a=1@+3 b=1@+9 k/:0755@+3", "a=1 b=1 k/");
        yield return On("-c without -t", "-rci", source, destination);
        yield return On("-I", "-aIi", source, destination);
        yield return On("--size-only", "-ai --size-only", source, destination);
        yield return On("-u", "-aui", source, destination, Runs.AndUser);
        yield return On("-u dry run", "-nauv", source, destination);
        yield return On("--existing", "-ai --existing", source, destination);
        yield return On("--existing -v", "-av --existing", "a=1 k/f=1 k/e/f=1 l->a", "a=2@-5 k/g=1");
        yield return On("--ignore-existing", "-ai --ignore-existing", source, destination);
        yield return On("--ignore-existing -v", "-av --ignore-existing", Some, Changed);
        yield return On("--existing --ignore-existing", "-av --existing --ignore-existing", source, destination);
        yield return On("--existing --delete", "-av --existing --delete", source, destination);
        yield return On("--ignore-existing --delete", "-av --ignore-existing --delete", source, destination);
        yield return On("-W", "-avW", source, destination);
        yield return On("-u -I", "-auIi", source, destination);
        yield return On("without -t every file is sent again", "-rlpi", source, source);
        yield return On("-x", "-axv", Some, Changed);
    }

    private static IEnumerable<Row> Attributes()
    {
        const string modes = "x=1:0755 r=1:0444 s=1:4755 g=1:2755 p=1:0600 w=1:0666 t/:1777 q/:2750 o/f=1 o/:0500 z=1:0000";
        yield return On("modes, new", "-ai", modes, null, Runs.AndUser);
        yield return On("modes, changed", "-ai", modes, "x=1 r=1 s=1 g=1 p=1:0644 w=1:0600 t/ q/ o/f=1 z=1", times: 2);
        yield return On("modes without -p, new", "-rtv", modes, null);
        yield return On("modes without -p, there", "-rti", modes, "x=1 r=1 s=1 g=1 p=1:0644 w=1:0600 t/ q/ o/f=1 z=1");
        yield return On("modes without -p, content changes", "-rti", "a=11:0755 b=22:0600", "a=1:0640 b=2:0444");
        yield return On("-p only", "-rpi", "a=1:0700 k/:0711 k/b=2:0400", "a=1 k/b=2");
        yield return On("no write permission in a directory", "-av", "k/:0555 k/a=1 k/b=2 k/e/:0500 k/e/f=1", "k/b=3@-5 k/:0555", Runs.AndUser);
        yield return On("a read-only file is replaced", "-av", "a=11:0444", "a=1:0444", Runs.AndUser);
        yield return On("times", "-ai", "old=1@1 zero=1@0 past=1@86400 future=1@4102444800 k/:0755@1000000000 k/f=1@2000000000",
            "old=1 future=1 k/f=1");
        yield return On("times only", "-av", "a=1@+100 k/:0755@+100 k/b=1", "a=1 k/b=1", times: 2);
        yield return On("times of links", "-ai", "l->a@+50 a=1", "l->a a=1");
        yield return On("-t without -l, -p", "-rti", "a=1@+3 k/b=2@-3", "a=1 k/b=2");
        yield return On("owners", "-ai", "a=1#1000.1000 b=1#12345.54321 k/#1.2 l->a#7.8 k/c=1", "a=1 b=1 k/c=1 l->a", Runs.Everywhere | Runs.OnlyRoot);
        yield return On("owners, new", "-av --numeric-ids", "a=1#1000.1000 b=1#12345.54321 k/#1.2 l->a#7.8 s=1:4755#9.9", null, Runs.Everywhere | Runs.OnlyRoot);
        yield return On("-o without -g", "-roi", "a=1#1000.1000 k/b=1#3.4", "a=1 k/b=2", Runs.Everywhere | Runs.OnlyRoot);
        yield return On("-g without -o", "-rgi", "a=1#1000.1000 k/b=1#3.4", "a=1 k/b=2", Runs.Everywhere | Runs.OnlyRoot);
        yield return On("no owners", "-rlptDi", "a=1#1000.1000 s=1:4755#9.9", "a=1 s=2:4755#8.8", Runs.Everywhere | Runs.OnlyRoot);
        yield return On("set-user-ID survives an owner change", "-ai", "s=1:6755#9.9", "s=1:6755#8.8", Runs.Everywhere | Runs.OnlyRoot);
        yield return On("owners are not an ordinary user's to set", "-ai", "a=1 k/b=1", "a=2 k/b=1@-5", Runs.Refused);
        yield return On("--no-perms", "-ai --no-perms", Some, Changed);
        yield return On("--no-p --no-t", "-ai --no-p --no-t", "a=1:0600 k/:0700 k/b=1@+5", "a=1 k/b=1");
        yield return On("--no-times", "-av --no-times", "a=1@+5 b=1 k/c=1", "a=1 b=1");
        yield return On("--no-o --no-g", "-ai --no-o --no-g", "a=1#5.5 k/b=1#6.6", "a=1", Runs.Everywhere | Runs.OnlyRoot);
        yield return On("--no-r", "-av --no-r", "a=1 k/b=1", "", from: "src/ src/a src/k");
        yield return On("--no-verbose", "-av --no-verbose", Some, Changed);
        yield return On("--no-whole-file", "-av --no-W -W", Some, Changed);
    }

    private static IEnumerable<Row> Links()
    {
        yield return On("links", "-ai", "a=1 same->a other->a new->k/ up->../x abs->/etc/hostname gone->nowhere", "same->a other->b");
        yield return On("links without -l", "-rtv", "a=1 l->a k/m->gone", "l->a");
        yield return On("links without -l, itemized", "-ri", "a=1 l->a k/m->gone", null);
        yield return On("--no-links", "-av --no-links", "a=1 l->a k/m->gone", "");
        yield return On("-l without -t", "-rli", "a=1 l->a m->b", "a=1 l->b@-5 m->b@-5");
        yield return On("a link instead of a file", "-av", "x->a a=1", "x=file a=1", times: 2);
        yield return On("a file instead of a link", "-av", "x=file a=1", "x->a a=old@-5");
        yield return On("a link instead of an empty directory", "-ai", "x->a", "x/");
        yield return On("a directory instead of a link to a directory", "-ai", "k/f=1", "k->other other/g=2");
        yield return On("a link that is a source", "-av", "real/f=1 l->real", "", from: "src/l");
        yield return On("a link with a slash that is a source", "-av", "real/f=1 l->real", "", from: "src/l/");
        yield return On("a long link", "-av", "l->" + new string('x', 1000) + "/" + new string('y', 1000), null);
        yield return On("a link with bytes", "-av", @"l->\377\040\012end -d->-x", null);
    }

    private static IEnumerable<Row> Arguments()
    {
        yield return On("no slash", "-av", Some, "", Runs.AndUser, from: "src");
        yield return On("no slash, no destination", "-av", Some, null, from: "src", to: "dst");
        yield return On("slash dot", "-av", Some, "", from: "src/.");
        yield return On("two slashes", "-av", Some, "", from: "src//");
        yield return On("a subdirectory", "-av", Some, "", from: "src/k");
        yield return On("a subdirectory with a slash", "-avi", Some, "", from: "src/k/");
        yield return On("file into a directory", "-av", Some, "", Runs.AndUser, from: "src/a");
        yield return On("file to a new name", "-av", Some, "", from: "src/a", to: "dst/new");
        yield return On("file to an old name", "-ai", Some, "old=1", from: "src/a", to: "dst/old");
        yield return On("file to a missing directory", "-av", Some, null, from: "src/a", to: "dst/");
        yield return On("file to a missing name", "-av", Some, null, from: "src/a", to: "dst");
        yield return On("file to a missing parent", "-av", Some, null, from: "src/a", to: "dst/x/y");
        yield return On("directory to a missing parent", "-av", Some, null, to: "dst/x/y");
        yield return On("directory onto a file", "-av", Some, "f=1", to: "dst/f");
        yield return On("two files onto a file", "-av", Some, "f=1", from: "src/a src/b", to: "dst/f");
        yield return On("several sources", "-av", Some, "", from: "src/b src/k src/a");
        yield return On("several files, no -r", "-tv", Some, "", from: "src/b src/a");
        yield return On("several directories, no -r", "-v", Some, "", from: "src/b src/k src/empty/");
        yield return On("several contents, one name twice", "-av", "one/f=1 one/g=1 two/f=22 two/h=2", "", from: "src/one/ src/two/");
        yield return On("several sources, missing destination", "-ai", Some, null, from: "src/a src/k");
        yield return On("the same directory twice", "-av --stats", Some, "", from: "src/k src/k");
        yield return On("the same directory twice, whole list first", "-av --stats --delete-after", Some, "k/x=1", from: "src/k src/k");
        yield return On("the same contents twice, whole list first", "-ai --stats --delete-before", Some, "k/x=1", from: "src/ src/k src/");
        yield return On("the same source twice", "-av", Some, "", from: "src/a src/a");
        yield return On("a missing source", "-av", Some, "", from: "src/nothing");
        yield return On("one missing source of three", "-av", Some, "", from: "src/a src/nothing src/k", times: 2);
        yield return On("a missing source and --delete", "-av --delete", Some, "x=1", from: "src/k src/nothing");
        yield return On("--list-only", "--list-only", Some, null, Runs.NotPush, to: null);
        yield return On("--list-only -r", "-r --list-only", "a=1:4755 k/:1777 k/b*12345@86400 l->a p|", null, Runs.NotPush, to: null);
        yield return On("--list-only -a", "-a --list-only", "a*1234567 l->a p| k/b=1@4102444800", null, Runs.NotPush, to: null);
        yield return On("--list-only of a file", "--list-only -v", Some, null, Runs.NotPush, from: "src/a", to: null);
        yield return On("--list-only of several on a host", "--list-only", Some, null, Runs.Pull, from: "src/a src/k/ src/b", to: null);
        yield return On("one argument lists", "-v", Some, null, Runs.NotPush, to: null);
        yield return On("--delete without -r", "-v --delete", Some, "x=1");
    }
}
