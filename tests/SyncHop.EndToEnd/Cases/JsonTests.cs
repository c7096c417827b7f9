using System.Text;
using System.Text.Json;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary><c>--json</c>: every line follows docs/report.schema.json, and says what rsync's own lines say.</summary>
public sealed class JsonTests(Lab lab) : IDisposable
{
    private static readonly JsonSchema Schema = new(File.ReadAllText(Path.Combine(Repository.Root, "docs", "report.schema.json")));

    private readonly string folder = lab.NewFolder(Libc.UserId);

    public void Dispose() => Lab.Remove(folder);

    private static Tree Source => Tree.Parse(
        @"a=hello:0644 a2=>a up=longer-than-it-was:0600@+5 same=same mode=same:0700 bad\377name=x l->a sub/deep=deep fifo|");

    [Theory]
    [InlineData(Mode.Local, "")]
    [InlineData(Mode.Push, "")]
    [InlineData(Mode.Pull, "")]
    [InlineData(Mode.Local, "-n")]
    [InlineData(Mode.Push, "-n")]
    public void Lines_follow_the_schema_and_tell_what_rsync_tells(Mode mode, string extra)
    {
        Prepare();
        string[] options = ["-aHii", "--delete", .. extra.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        string far = "gw,target:" + folder;
        string[] ends = [(mode == Mode.Pull ? far + "/" : "") + "src/", (mode == Mode.Push ? far + "/" : "") + "dst/"];
        // The same in words, on a copy: a dry run tells hard links elsewhere.
        PrepareDestination("words");
        Outcome text = lab.Synchop(folder, Libc.UserId, [.. options, .. ends.Select(static end => end.Replace("dst/", "words/", StringComparison.Ordinal))]).Run();
        Outcome outcome = lab.Synchop(folder, Libc.UserId, ["--json", "-q", .. options, .. ends]).Run();
        List<JsonElement> lines = Lines(outcome);

        Assert.Equal("start", Type(lines[0]));
        Assert.Equal(1, lines[0].GetProperty("schema").GetInt32());
        JsonElement summary = lines[^1];
        Assert.Equal(("summary", outcome.ExitCode), (Type(summary), summary.GetProperty("exit_code").GetInt32()));
        Assert.Equal(extra.Contains("-n", StringComparison.Ordinal), summary.GetProperty("dry_run").GetBoolean());
        List<JsonElement> items = [.. lines.Where(line => Type(line) is "plan" or "change")];
        Assert.All(items, item => Assert.Equal(extra.Length > 0 ? "plan" : "change", Type(item)));
        // The text's lines are the letters, a space and the name, in the same order.
        IEnumerable<string> told = text.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line[12..].Split(" -> ")[0].Split(" => ")[0].TrimEnd('/')).Select(name => $"{(name == "bad\\#377name" ? "bad\xffname" : name.Length > 0 ? name : ".")}");
        Assert.Equal(told, items.Select(NameOf).Select(name => name.TrimEnd('/')));
        Assert.Equal(
            text.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..11]),
            items.Select(item => item.GetProperty("itemize").GetString()));
        JsonElement update = items.Single(item => NameOf(item) == "up");
        Assert.Equal(("update", 18L, "0600"), (update.GetProperty("action").GetString(), update.GetProperty("size").GetInt64(), update.GetProperty("mode").GetString()));
        Assert.Equal(["size", "mtime", "mode"], update.GetProperty("changes").EnumerateArray().Select(change => change.GetString()));
        Assert.Equal(extra.Length == 0, update.TryGetProperty("bytes", out _));
        Assert.Equal("delete", items.Single(item => NameOf(item) == "gone").GetProperty("action").GetString());
        Assert.Equal(1, summary.GetProperty("deleted").GetProperty("files").GetInt64());
    }

    [Fact]
    public void What_goes_wrong_is_on_both_channels()
    {
        Prepare();
        Outcome outcome = lab.Synchop(folder, Libc.UserId, "-a", "--json", "src/", "nowhere", "dst/").Run();
        List<JsonElement> lines = Lines(outcome);
        JsonElement message = lines.Single(line => Type(line) == "message");
        Assert.Equal("error", message.GetProperty("severity").GetString());
        Assert.Equal(folder + "/nowhere", message.GetProperty("path").GetString());
        Assert.Equal("No such file or directory (2)", message.GetProperty("reason").GetString());
        Assert.StartsWith(message.GetProperty("text").GetString() + "\n", outcome.Stderr, StringComparison.Ordinal);
        Assert.Equal(23, lines[^1].GetProperty("exit_code").GetInt32());

        outcome = lab.Synchop(folder, Libc.UserId, "-a", "--json", "-vv", "src/", "gw,nosuchhost.invalid:dst/").Run();
        lines = Lines(outcome);
        Assert.Contains(lines, line => Type(line) == "message" && line.GetProperty("severity").GetString() == "note" && Text(line).StartsWith("hop 1: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => Type(line) == "message" && line.GetProperty("severity").GetString() == "error" && Text(line).StartsWith("hop 2 of 2", StringComparison.Ordinal));
        Assert.Equal(outcome.ExitCode, lines[^1].GetProperty("exit_code").GetInt32());

        Assert.Equal(1, lab.Synchop(folder, Libc.UserId, "--json", "--check", "gw,target:").Run().ExitCode);

        static string Text(JsonElement line) => line.GetProperty("text").GetString()!;
    }

    [Fact]
    public void A_long_run_tells_its_progress_and_one_that_is_ended_its_end()
    {
        Directory.CreateDirectory(folder + "/src");
        File.WriteAllBytes(folder + "/src/big", new byte[5_000_000]);
        Outcome outcome = lab.Synchop(folder, Libc.UserId, "-a", "--json", "--bwlimit=200k", "src/", $"gw,target:{folder}/dst/").Run(process =>
        {
            Thread.Sleep(3500);
            Libc.Signal(process.Id, Libc.SigTerm);
        });
        List<JsonElement> lines = Lines(outcome);
        JsonElement progress = lines.Last(line => Type(line) == "progress");
        Assert.Equal((2, 5_000_000), (progress.GetProperty("entries_listed").GetInt64(), progress.GetProperty("bytes_listed").GetInt64()));
        Assert.InRange(progress.GetProperty("bytes_read").GetInt64(), 1, 5_000_000);
        Assert.Equal("big", progress.GetProperty("current")[0].GetProperty("path").GetString());
        Assert.Equal((20, 20), (outcome.ExitCode, lines[^1].GetProperty("exit_code").GetInt32()));
    }

    [Fact]
    public void Listings_are_entries()
    {
        Prepare();
        List<JsonElement> lines = Lines(lab.Synchop(folder, Libc.UserId, "-r", "--json", $"gw,target:{folder}/src/").Run());
        Assert.Equal(11, lines.Count(line => Type(line) == "entry"));
        Assert.Contains(lines, line => Type(line) == "entry" && NameOf(line) == "bad\xffname");
    }

    [Fact]
    public void Metrics_keep_the_time_of_the_last_success()
    {
        Prepare();
        string file = folder + "/backup.prom";
        Assert.Equal(0, lab.Synchop(folder, Libc.UserId, "-a", "--metrics-file=backup.prom", "src/", "dst/").Run().ExitCode);
        Dictionary<string, string> first = Metrics(file);
        Assert.Equal("0", first["synchop_last_run_exit_code{job=\"backup\"}"]);
        Assert.Equal("7", first["synchop_last_run_entries{job=\"backup\",kind=\"file\"}"]);
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Assert.Equal(23, lab.Synchop(folder, Libc.UserId, "-a", "--metrics-file=backup.prom", "nowhere", "src/", "dst/").Run().ExitCode);
        Dictionary<string, string> second = Metrics(file);
        Assert.Equal("23", second["synchop_last_run_exit_code{job=\"backup\"}"]);
        const string success = "synchop_last_success_timestamp_seconds{job=\"backup\"}";
        Assert.Equal(first[success], second[success]);
        Assert.Equal(["backup.prom", "dst", "src"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        // A dry run is no run, and what cannot be written does not undo what was done.
        Assert.Equal(0, lab.Synchop(folder, Libc.UserId, "-an", "--metrics-file=new.prom", "src/", "dst/").Run().ExitCode);
        Assert.False(File.Exists(folder + "/new.prom"));
        Outcome outcome = lab.Synchop(folder, Libc.UserId, "-a", "--metrics-file=/proc/nowhere/x.prom", "src/", "dst/").Run();
        Assert.Equal(23, outcome.ExitCode);
        Assert.StartsWith("synchop: cannot write the metrics file /proc/nowhere/x.prom: ", outcome.Stderr, StringComparison.Ordinal);
    }

    private void Prepare()
    {
        Source.Build(folder + "/src", Libc.UserId, Libc.GroupId);
        PrepareDestination("dst");
    }

    private void PrepareDestination(string name) =>
        Tree.Parse("up=short:0644@-5 same=same mode=same:0644 gone=x").Build($"{folder}/{name}", Libc.UserId, Libc.GroupId);

    /// <summary>name{labels} -> value; every series has its HELP and TYPE before it.</summary>
    private static Dictionary<string, string> Metrics(string file)
    {
        Dictionary<string, string> values = [];
        string help = "", type = "";
        foreach (string line in File.ReadAllLines(file))
        {
            string[] words = line.Split(' ');
            if (line.StartsWith("# HELP ", StringComparison.Ordinal)) help = words[2];
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal)) type = words[3] == "gauge" ? words[2] : throw new FormatException(line);
            else
            {
                Assert.Matches("^[a-z_]+\\{job=\"[a-z]+\"(,[a-z]+=\"[a-z]+\")?\\} [0-9.]+$", line);
                Assert.Equal((help, type), (line.Split('{')[0], line.Split('{')[0]));
                values.Add(line[..line.LastIndexOf(' ')], words[^1]);
            }
        }
        return values;
    }

    private static List<JsonElement> Lines(Outcome outcome)
    {
        List<JsonElement> lines = [];
        foreach (string line in outcome.Stdout.Split('\n')[..^1])
        {
            JsonElement value = JsonDocument.Parse(line).RootElement;
            Assert.True(Schema.Fault(value) is null, $"{line}\n{Schema.Fault(value)}");
            lines.Add(value);
        }
        Assert.True(lines.Count > 1, outcome.ToString());
        return lines;
    }

    private static string Type(JsonElement line) => line.GetProperty("type").GetString()!;

    // Names with a character for each byte.
    private static string NameOf(JsonElement line) => Encoding.Latin1.GetString(
        line.TryGetProperty("path_base64", out JsonElement raw) ? raw.GetBytesFromBase64() : Encoding.UTF8.GetBytes(line.GetProperty("path").GetString()!));
}
