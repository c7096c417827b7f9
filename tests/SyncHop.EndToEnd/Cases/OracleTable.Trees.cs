using System.Globalization;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

internal static partial class OracleTable
{
    private const string Extra = "a=one gone/x/y/f=1 gone/g=2 gone/.h=3 adir/f=4 old=5 .dot=6 k/zold=7 k/old/f=8 k/c=three l->b dead->x";

    private static IEnumerable<Row> Deletions()
    {
        yield return On("--delete", "-av --delete", Some, Extra, Runs.AndUser, times: 2);
        yield return On("--delete dry run", "-nav --delete", Some, Extra, Runs.AndUser);
        yield return On("--delete itemized", "-ai --delete", Some, Extra);
        yield return On("--delete itemized dry run", "-nai --delete", Some, Extra);
        yield return On("--delete -r", "-rv --delete", "a=one k/c=three", Extra);
        yield return On("--delete -rt", "-rti --delete", "a=one k/c=three", Extra);
        yield return On("--delete quietly", "-a --delete", Some, Extra);
        yield return On("--delete --stats", "-a --delete --stats", Some, Extra);
        yield return On("--delete everything", "-av --delete", "./", Extra);
        yield return On("--delete keeps a directory's time", "-ai --delete", "k/f=1", "k/f=1 k/x=1");
        yield return On("--delete into a missing directory", "-av --delete", Some, null);
        yield return On("--delete without slash", "-av --delete", Some, "src/x=1 stays=1", from: "src");
        yield return On("--delete with several sources", "-av --delete", "one/f=1 two/g=2", "f=1 h=3 one/x=1", from: "src/one/ src/two/");
        yield return On("--delete beside a file", "-av --delete", Some, "x=1", from: "src/a");
        yield return On("--delete sort order", "-av --delete", "keep=1", "a/f=1 a-b=1 a.b=1 A=1 z/y/x=1 z/y-=1 .a=1 m=1 \\303\\251=1");
        yield return On("--delete of odd names", "-av --delete", "keep=1", @"\377=1 nl\012end=1 -dash=1 \040sp\040=1 \134\043012=1");
        yield return On("--delete of special files", "-av --delete", "keep=1", "p| l->x s!s");
        yield return On("--no-delete", "-av --delete --no-delete", Some, Extra);
        yield return On("--delete of a tree without permissions", "-av --delete", "keep=1", "gone/:0555 gone/f=1 gone/g=1 keep=1", Runs.Refused);
        yield return On("--delete of 300 files", "-ai --delete", "k/keep=1 m/",
            string.Join(' ', Enumerable.Range(0, 300).Select(i => string.Create(CultureInfo.InvariantCulture, $"k/d{i % 7}/f{i}=1 m/x{i}=1"))));
    }

    private static IEnumerable<Row> InTheWay()
    {
        const string source = "a=1 k/f=1 l->a sub/f=2 sub/l->f";
        const string blocking = "a/x/1=1 a/2=2 k=file l/e/ l/1=1 sub/f/g/1=1";
        yield return On("directories in the way", "-av", source, blocking);
        yield return On("directories in the way, dry run", "-nav", source, blocking);
        yield return On("directories in the way, itemized", "-ai", source, blocking);
        yield return On("directories in the way, --delete", "-av --delete", source, blocking, Runs.AndUser, times: 2);
        yield return On("directories in the way, --delete, dry run", "-nai --delete", source, blocking);
        yield return On("closed directories in the way", "-av", "a=1 b/c=1 l->a", "a/x=1 a/:0555 b/c/d/e=1 b/c/d/:0555 b/c/:0555 l/x=1 l/:0555", Runs.Refused);
        yield return On("closed directories in the way, dry run", "-nav", "a=1 l->a", "a/x=1 a/:0555 l/x=1 l/:0555", Runs.Refused);
        yield return On("closed directories that stay", "-av --delete -f P_x", "a=1", "a/y=1 a/x=1 a/:0555 k/y=1 k/x=1 k/:0555 m/n/x=1 m/n/:0555 m/:0555", Runs.Refused);
        yield return On("an empty directory in the way of a file", "-ai", "a=1", "a/");
        yield return On("an empty directory in the way of a file, dry run", "-nai", "a=1", "a/");
        yield return On("a file in the way of a directory", "-ai", "k/f=1 k/e/g=1", "k=1", times: 2);
        yield return On("a file in the way of a directory, dry run", "-nai", "k/f=1 k/e/g=1", "k=1");
        yield return On("a link in the way of a directory, -r", "-rv", "k/f=1", "k->other other/g=1");
        yield return On("a fifo in the way of a file", "-ai", "a=1", "a|");
        yield return On("non-regular skipped, --delete", "-rv --delete", "a=1 l->a p| k/q|", "l=1 p=2 k/q=3 x=1");
        yield return On("fifo without -D", "-rlptgov", "a=1 p| k/q|", "");
        yield return On("fifo with --no-D", "-ai --no-D", "a=1 p| s!s", "");
        yield return On("fifo", "-ai", "a=1 p|:0600 k/q| same|", "same| p=1", Runs.NotPush);
        yield return On("fifo, dry run", "-nav", "a=1 p|:0600 k/q|", "", Runs.NotPush);
        yield return On("--specials only", "-rtv --specials", "a=1 p| k/q| s!s", "", Runs.NotPush);
    }

    private static IEnumerable<Row> Refusals()
    {
        yield return On("an unreadable file", "-av", "a=1 secret=2:0000 k/b=3", "", Runs.Refused, times: 2);
        yield return On("an unreadable file, dry run", "-nav", "a=1 secret=2:0000 k/b=3", "", Runs.Refused);
        yield return On("an unreadable file that is up to date", "-av", "a=1 secret=2:0000", "a=1 secret=2:0000", Runs.Refused);
        yield return On("an unreadable directory", "-av", "a=1 k/:0000 k/b=3 z=1", "", Runs.Refused);
        yield return On("an unreadable directory, --delete", "-av --delete", "a=1 k/:0000 k/b=3 z/y=1", "x=1 z/x=1", Runs.Refused);
        yield return On("a directory that cannot be entered", "-ai", "a=1 k/:0444 k/b=3", "", Runs.Refused);
        yield return On("a destination that cannot be written", "-rlt", "a=1 k/b=3", "./:0555 k/", Runs.Refused, times: 2);
        yield return On("a subdirectory that cannot be written, no -p", "-rltv", "a=1 k/b=3 k/e/f=1", "k/:0555", Runs.Refused);
    }

    private static IEnumerable<Row> Names()
    {
        const string traps = "a=1 a-b=1 a.b=1 a/=1";
        const string sorted = @"a/f=1 a-b=1 a.b=1 A=1 B/f=1 b=1 \303\251=1 e=1 ~=1 .h=1 .i/f=1 a0/f=1 a\040b=1 aa=1 _=1 0=1 10=1 9=1 a!=1";
        yield return On("sort order", "-av", sorted.Replace(" a!=1", "", StringComparison.Ordinal), null);
        yield return On("sort order of directories and files", "-ai", "foo/x=1 foo.d/x=1 foo-=1 foo0=1 fo=1 foo\\057bar=1 z/a/b=1 z/a.b=1 z/a-b/c=1", null);
        yield return On("invalid UTF-8", "-av", @"\377\376=1 k\200/\303=1 l->\377\376 ok\303\251=1", @"\377\376=22", Runs.AndUser);
        yield return On("invalid UTF-8, itemized", "-ai", @"\377\376=1 k\200/\303=1 l->\377\376", null);
        yield return On("control characters", "-av", @"nl\012end=1 tab\011=1 cr\015=1 bell\007=1 esc\033[0m=1 del\177=1 k\012/x=1", null);
        yield return On("what looks escaped", "-av", @"\134\043012=1 \134\0430=1 back\134slash=1 \134\043abc=1 \134=1", null);
        yield return On("leading dashes", "-av", @"-n=1 --delete=1 -/f=1 --/-=1", "", Runs.AndUser);
        yield return On("blanks and quotes", "-av", @"\040lead=1 trail\040=1 in\040the\040middle/x=1 'q'=1 ""q""=1 $HOME=1 `x`=1 *=1 ?=1 [a]=1 a;b=1 &=1".Replace(" *=1", @" \052=1", StringComparison.Ordinal), "");
        yield return On("255 bytes", "-av", new string('n', 255) + "=1 " + new string('d', 255) + "/" + new string('f', 255) + "=2 s=1", "", Runs.AndUser, times: 2);
        yield return On("colons and commas", "-av", @"a\072b=1 gw,target\072x=1 \072=1 ,=1 a@b=1 http\072\057x=1".Replace("@", @"\100", StringComparison.Ordinal), "");
        yield return On("dot files", "-ai", ".a=1 ..b=1 ...=1 .k/.c=1", ".a=2");
        yield return On("names like temporary ones", "-av", ".f.abcdef=1 f=1 .f.ABCDEF/x=1", "f=2 .f.abcdef=1");
        yield return On("shadowing names", "-av", traps.Replace(" a/=1", "", StringComparison.Ordinal), "");
    }

    private static IEnumerable<Row> Output()
    {
        const string source = "a*1234567 b*10 k/c*2000 l->a";
        const string destination = "a*1234567@-5 k/c*2001 x=1";
        yield return On("-vv", "-avv", Some, "a=ONE@+5 b=twoo k/c=three k/deep/d=four@-9 l->a");
        yield return On("-vv --delete", "-avv --delete", "a=one b=two k/c=three new=1", "a=one b=2 k/c=three k/x=1 gone/g=1 old=1");
        yield return On("-ii", "-aii", Some, Changed);
        yield return On("-iv", "-aiv", Some, Changed);
        yield return On("-ivv", "-aivv", Some, Changed);
        yield return On("-h", "-avh", source, destination);
        yield return On("-hh", "-avhh", source, destination);
        yield return On("--no-h", "-av --no-h", source, destination);
        yield return On("--stats", "-a --stats", source, destination, Runs.AndUser);
        yield return On("--stats -v", "-av --stats", source, destination);
        yield return On("--stats -h -n", "-anh --stats", source, destination);
        yield return On("--stats --delete", "-aiv --stats --delete", source, destination);
        yield return On("--out-format names", "-a --out-format=%n", source, destination);
        yield return On("--out-format names with -v", "-av --out-format=%i|%n|%L|%l", source, destination);
        yield return On("--out-format more", "-a --out-format=%o,%M,%B,%U,%G,%n", source, destination);
        yield return On("--out-format literal", "-a --out-format=100%%_%n%%", source, destination);
        yield return On("dry run --stats", "-navi --stats --delete", source, destination);
    }

    private static IEnumerable<Row> LocalOnly()
    {
        yield return On("named pipes in the place of others without -p", "-rltDi", "a| b| c|", "a=1:2711 b->x c|:0600", Runs.Local);
        yield return On("a file and a directory of one name", "-rv --stats", "k/x=12 m/x/y=3", "", from: "src/k/x src/m/x");
        yield return On("nanoseconds", "-ai", "a=1@1600000000.123456789 k/@1600000000.5000000001 b=1".Replace("5000000001", "500000001", StringComparison.Ordinal), "a=1 b=1", Runs.Local, times: 2);
        yield return On("before 1970", "-ai", "a=1@-1000000000 k/f=1", "a=1", Runs.Local);
        yield return On("devices", "-av", "c!c,1,3 b!b,7,200:0600 p| k/s!s a=1", "c!c,1,5 b!b,7,200:0600", Runs.Local | Runs.OnlyRoot, times: 2);
        yield return On("devices, itemized", "-ai", "c!c,1,3 b!b,7,200:0600 s!s", "c!c,1,5 p|", Runs.Local | Runs.OnlyRoot);
        yield return On("devices without -D", "-rv", "c!c,1,3 s!s a=1", "", Runs.Everywhere | Runs.OnlyRoot);
        yield return On("devices without --devices", "-rv --specials", "c!c,1,3 s!s a=1", "", Runs.Local | Runs.OnlyRoot);
    }
}
