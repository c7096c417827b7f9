using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;
using SyncHop.Delta;

namespace SyncHop.Benchmarks;

/// <summary>
/// Paired runs of the library and of <c>rdiff</c> (librsync) on the same files, in turn, and the medians of the pairs' ratios. Both read
/// the files (from the page cache) and the signature file, and write what they make to <c>/dev/null</c>. Arguments:
/// <c>[MIB [PAIRS [REGEX]]]</c>, 256 MiB and 5 pairs of all cases unless given.
/// </summary>
internal sealed class RdiffComparison(string[] arguments)
{
    private const int BlockLength = 2048;
    private const int EditLength = 4096;

    private readonly long _length = (arguments.Length > 0 ? long.Parse(arguments[0], CultureInfo.InvariantCulture) : 256) << 20;
    private readonly int _pairs = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 5;
    private readonly string _cases = arguments.Length > 2 ? arguments[2] : "";
    private readonly string _directory = Directory.CreateTempSubdirectory("synchop-rdiff-").FullName;

    private string Basis => Path.Combine(_directory, "basis");

    private string Changed => Path.Combine(_directory, "new");

    private string Signature => Path.Combine(_directory, "signature");

    private string RdiffSignature => Path.Combine(_directory, "rdiff-signature");

    private string DeltaFile => Path.Combine(_directory, "delta");

    /// <summary>Runs the cases and prints a line for each.</summary>
    public int Run()
    {
        try
        {
            Console.WriteLine(
                $"{_length >> 20} MiB, blocks of {BlockLength} bytes, medians of {_pairs} pairs; ratio = the other's time : ours (lowest, highest)");
            Fill(Basis, _length, seed: 1);
            Compare("signature : rdiff", () => Sign(Stream.Null), () => Rdiff($"signature -b {BlockLength} {Basis} /dev/null"));
            Compare("signature : XXH3", () => Sign(Stream.Null), () => PlainHash(Basis));
            using (FileStream file = File.Create(Signature)) Sign(file);
            File.Delete(RdiffSignature);
            Rdiff($"signature -b {BlockLength} {Basis} {RdiffSignature}");
            CompareDelta("delta, identical", () => File.Copy(Basis, Changed, overwrite: true));
            CompareDelta("delta, appended", Append);
            CompareDelta("delta, 1 % edited", Edit);
            using (FileStream file = File.Create(DeltaFile)) MakeDelta(file);
            Compare("patch : plain copy", Apply, PlainCopy);
            CompareDelta("delta, all different", () => Fill(Changed, _length, seed: 2));
            return 0;
        }
        finally
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private void CompareDelta(string name, Action change)
    {
        change();
        Compare(name, () => MakeDelta(Stream.Null), () => Rdiff($"delta {RdiffSignature} {Changed} /dev/null"));
    }

    private void Compare(string name, Action ours, Action theirs)
    {
        if (!System.Text.RegularExpressions.Regex.IsMatch(name, _cases)) return;
        // Once each without a note: the code is compiled and the files are in the page cache afterwards.
        for (int i = 0; i < 3; i++) ours();
        theirs();
        List<Measured> mine = [];
        List<Measured> others = [];
        for (int pair = 0; pair < _pairs; pair++)
        {
            if (pair % 2 == 0) mine.Add(Measured.Of(ours));
            others.Add(Measured.Of(theirs));
            if (pair % 2 == 1) mine.Add(Measured.Of(ours));
        }
        List<double> ratios = [.. mine.Zip(others, (our, other) => other.Elapsed / our.Elapsed).Order()];
        List<double> processor = [.. mine.Zip(others, (our, other) => other.Processor / our.Processor).Order()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-21} {ratios[_pairs / 2],6:F2} ({ratios[0]:F2}, {ratios[^1]:F2})   processor time {processor[_pairs / 2]:F2}   ours {Median(mine)}   other {Median(others)}"));
    }

    private static string Median(List<Measured> runs) => string.Create(
        CultureInfo.InvariantCulture,
        $"{runs.Select(run => run.Elapsed).Order().ElementAt(runs.Count / 2):F3} s ({runs.Select(run => run.Processor).Order().ElementAt(runs.Count / 2):F3} s CPU)");

    private void Sign(Stream output)
    {
        using SafeFileHandle file = File.OpenHandle(Basis);
        SignatureWriter.Write(SignatureBuilder.Build(ByteSource.FromFile(file), new SignatureOptions { BlockLength = BlockLength }), output);
    }

    private void MakeDelta(Stream output)
    {
        using FileStream stored = File.OpenRead(Signature);
        FileSignature signature = SignatureReader.Read(stored, stored.Length);
        using SafeFileHandle file = File.OpenHandle(Changed);
        ByteSource source = ByteSource.FromFile(file);
        DeltaWriter.Write(DeltaBuilder.Build(signature, source), source, output);
    }

    private void Apply()
    {
        using SafeFileHandle file = File.OpenHandle(Basis);
        using FileStream delta = File.OpenRead(DeltaFile);
        using FileStream output = Output();
        Patch.Apply(ByteSource.FromFile(file), delta, output);
    }

    private void PlainCopy()
    {
        using FileStream input = File.OpenRead(Changed);
        using FileStream output = Output();
        byte[] buffer = new byte[1 << 18];
        int count;
        while ((count = input.Read(buffer)) > 0) output.Write(buffer, 0, count);
    }

    private FileStream Output() => new(
        Path.Combine(_directory, "output"),
        new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });

    private static void PlainHash(string path)
    {
        using FileStream input = File.OpenRead(path);
        byte[] buffer = new byte[1 << 18];
        XxHash3 hash = new();
        int count;
        while ((count = input.Read(buffer)) > 0) hash.Append(buffer.AsSpan(0, count));
        hash.GetCurrentHashAsUInt64();
    }

    private static void Rdiff(string command)
    {
        using Process process = Process.Start("rdiff", $"--force {command}");
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"rdiff {command}: exit code {process.ExitCode}");
    }

    private void Append()
    {
        File.Copy(Basis, Changed, overwrite: true);
        byte[] more = new byte[_length / 100];
        new Random(3).NextBytes(more);
        using FileStream file = new(Changed, FileMode.Append);
        file.Write(more);
    }

    private void Edit()
    {
        File.Copy(Basis, Changed, overwrite: true);
        Random random = new(4);
        byte[] page = new byte[EditLength];
        using SafeFileHandle file = File.OpenHandle(Changed, FileMode.Open, FileAccess.Write);
        for (long edit = 0; edit < _length / 100 / EditLength; edit++)
        {
            random.NextBytes(page);
            RandomAccess.Write(file, page, random.NextInt64(_length - EditLength));
        }
    }

    private static void Fill(string path, long length, int seed)
    {
        Random random = new(seed);
        byte[] piece = new byte[1 << 20];
        using FileStream file = File.Create(path);
        for (long left = length; left > 0; left -= piece.Length)
        {
            random.NextBytes(piece);
            file.Write(piece);
        }
    }

    private readonly record struct Measured(double Elapsed, double Processor)
    {
        public static Measured Of(Action action)
        {
            double before = ProcessorTime.OfThisProcess + ProcessorTime.OfChildren;
            long start = Stopwatch.GetTimestamp();
            action();
            return new Measured(
                Stopwatch.GetElapsedTime(start).TotalSeconds, ProcessorTime.OfThisProcess + ProcessorTime.OfChildren - before);
        }
    }
}
