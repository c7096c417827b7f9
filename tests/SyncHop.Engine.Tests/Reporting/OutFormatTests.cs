using System.Globalization;
using CsCheck;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Reporting;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Reporting;

public class OutFormatTests
{
    /// <summary>
    /// Learned from rsync 3.5, for a directory, a file of 1,234,567 bytes and a symlink, joined by line ends.
    /// </summary>
    [Theory]
    [InlineData("%n%L", "d/\nf\nl -> tgt")]
    [InlineData("%i %n%L", "cd+++++++++ d/\n>f+++++++++ f\ncL+++++++++ l -> tgt")]
    [InlineData("[%5n][%-5n]", "[   d/][d/   ]\n[    f][f    ]\n[    l][l    ]")]
    [InlineData("[%1n]", "[d/]\n[f]\n[l]")]
    [InlineData("[%L][%'L][%0L][%-L]", "[][][    ][    ]\n[][][    ][    ]\n[ -> tgt][ -> tgt][ -> tgt][ -> tgt]")]
    [InlineData("[%5L]", "[         ]\n[         ]\n[ ->   tgt]")]
    [InlineData("[%-5L]", "[         ]\n[         ]\n[ -> tgt  ]")]
    [InlineData("[%2L]", "[      ]\n[      ]\n[ -> tgt]")]
    [InlineData("%l %'l %''l %'''l", "4096 4,096 4.10K 4.00K\n1234567 1,234,567 1.23M 1.18M\n3 3 3 3")]
    [InlineData("[%'10l][%10'l][%-10'l]", "[     4,096][     4,096][4,096     ]\n[ 1,234,567][ 1,234,567][1,234,567 ]\n[         3][         3][3         ]")]
    [InlineData("%'3'l|%''''l", "4.10K|4.00K\n1.23M|1.18M\n  3|3")]
    [InlineData("%00005l", " 4096\n1234567\n    3")]
    [InlineData("[%12B]%-12B|", "[   rwxr-xr-x]rwxr-xr-x   |\n[   rw-r--r--]rw-r--r--   |\n[   rwxrwxrwx]rwxrwxrwx   |")]
    [InlineData("%f", "src/d\nsrc/f\nsrc/l")]
    [InlineData("%U:%G", "1:2\n1:2\n1:2")]
    [InlineData("%o|%6o|%-6o|", "send|  send|send  |\nsend|  send|send  |\nsend|  send|send  |")]
    [InlineData("%b %'b %c", "0 0 0\n5000 5,000 0\n0 0 0")]
    [InlineData("[%m][%3m][%-3m]", "[][   ][   ]\n[][   ][   ]\n[][   ][   ]")]
    [InlineData("%%|%3%|%-3%|%'%", "%|  %|%  |%\n%|  %|%  |%\n%|  %|%  |%")]
    [InlineData("%%n%%%n", "%n%d/\n%n%f\n%n%l")]
    [InlineData("plain", "plain\nplain\nplain")]
    [InlineData("a\tb\n\x01\xE9", "a\tb\\#012\\#001\\#351\na\tb\\#012\\#001\\#351\na\tb\\#012\\#001\\#351")]
    [InlineData("\\#12%U", "\\#134#121\n\\#134#121\n\\#134#121")]
    // What is no escape stands as it is.
    [InlineData("%", "%\n%\n%")]
    [InlineData("x%5", "x%5\nx%5\nx%5")]
    [InlineData("%'", "%'\n%'\n%'")]
    [InlineData("%-", "%-\n%-\n%-")]
    [InlineData("%z%5z%'5z%-5z", "%z%5z%'5z%-5z\n%z%5z%'5z%-5z\n%z%5z%'5z%-5z")]
    [InlineData("%-'10l", "%-'10l\n%-'10l\n%-'10l")]
    [InlineData("%--5n%+5n%5-n", "%--5n%+5n%5-n\n%--5n%+5n%5-n\n%--5n%+5n%5-n")]
    [InlineData("%h%a%P%u%H%e", "%h%a%P%u%H%e\n%h%a%P%u%H%e\n%h%a%P%u%H%e")]
    public void Lines_look_like_rsyncs(string format, string lines) => Assert.Equal(lines, string.Join('\n',
        Line(format, "d", Dir(), "cd+++++++++"),
        Line(format, "f", File(size: 1234567), ">f+++++++++", transferred: 5000),
        Line(format, "l", Stat(FileType.Symlink, 0x1FF, 3), "cL+++++++++", "tgt")));

    [Fact]
    public void Names_are_padded_by_their_bytes_and_escaped_afterwards()
    {
        Assert.Equal("[    a\\#001b][a\\#001b    ]", Line("[%7n][%-7n]", "a\x01" + "b", File(), ""));
        Assert.Equal("[  \\#303\\#251][\\#303\\#251  ]", Line("[%4f][%-4f]", "\xC3\xA9", File(), "", longName: "\xC3\xA9"));
    }

    [Fact]
    public void A_width_cannot_fill_the_memory()
    {
        Assert.Equal(4096, Line("%2147483647n", "f", File(), "").Length);
        Assert.Equal(4096, Line("%-99999999999999999999n", "f", File(), "").Length);
    }

    [Fact]
    public void The_process_and_the_checksum_are_shown()
    {
        Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), Line("%p", "f", File(), ""));
        Assert.Equal(new string(' ', 32), Line("%C", "f", File(), ""));
        Assert.Equal(new string(' ', 40), Line("%40C", "f", File(), ""));
        Assert.Matches(@"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d$", Line("%t", "f", File(), ""));
        Assert.Equal("  " + ModeText.LocalTime(100, '-'), Line("%21M", "f", File(mtime: 100), ""));
    }

    [Theory]
    [InlineData("%n%L", false, false, false)]
    [InlineData("%i", true, true, false)]
    [InlineData("%-15i", true, true, false)]
    [InlineData("%o", true, false, false)]
    [InlineData("%b", false, false, true)]
    [InlineData("%'c", false, false, true)]
    [InlineData("%%i%%o%%b i o b c", false, false, false)]
    public void A_format_says_what_it_needs(string format, bool operation, bool changes, bool result)
    {
        OutFormat compiled = new(B(format));
        Assert.Equal((operation, changes, result), (compiled.ShowsOperation, compiled.ShowsChanges, compiled.NeedsTransferResult));
    }

    [Fact]
    public void The_real_rsync_writes_the_same_for_any_format()
    {
        using TemporaryDirectory directory = new();
        string source = Path.Combine(directory.Path, "src");
        Directory.CreateDirectory(source);
        System.IO.File.WriteAllText(Path.Combine(source, "f\x01"), new string('x', 12345));
        System.IO.File.CreateSymbolicLink(Path.Combine(source, "l"), "tgt");
        Directory.CreateDirectory(Path.Combine(directory.Path, "dst"));
        // %i would print a line for the top, and %m and %B are in the table.
        Gen<string> token = Gen.OneOf(
            Gen.OneOf("%", "'", "-", "1", "2", "0", "n", "L", "l", "f", "o", "z", " ", "\\", "#", "\x01"),
            Gen.Select(Gen.OneOf("", "'", "''"), Gen.OneOf("", "-", "9", "-9", "12"), Gen.OneOf("", "'"), Gen.Char["nLlfo%z"])
                .Select((before, width, after, letter) => $"%{before}{width}{after}{letter}"));
        token.Array[1, 8].Select(string.Concat).Sample(
            format =>
            {
                string lines = Rsync.Run(directory.Path, "C", "-lrn", $"--out-format={format}", "src/", "dst");
                Assert.Equal(
                    [Line(format, "f\x01", File(size: 12345), "", longName: "src/f\x01"), Line(format, "l", Stat(FileType.Symlink, size: 3), "", "tgt", "src/l")],
                    lines.Split('\n')[..^1]);
            },
            iter: 60);
    }

    private static string Line(
        string format, string name, FileStat stat, string changes, string target = "", string? longName = null, long transferred = 0)
    {
        LineBuilder line = new(new NameEscaper(utf8: false, eightBit: false));
        new OutFormat(B(format)).Format(new OutFormatItem
        {
            ChecksumLength = 32,
            Name = B(name),
            LongName = B(longName ?? $"src/{name}"),
            IsDirectory = stat.IsDirectory,
            Stat = stat,
            Uid = 1,
            Gid = 2,
            Target = B(target),
            Changes = changes,
            Operation = "send",
            Result = new TransferResult(transferred, ""),
        }, line);
        return S(line.ToLine().AsSpan()[..^1]);
    }
}
