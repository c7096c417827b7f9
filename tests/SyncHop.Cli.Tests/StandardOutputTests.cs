using System.Text;
using Microsoft.Win32.SafeHandles;
using SyncHop.Cli.Terminal;
using Xunit;

namespace SyncHop.Cli.Tests;

public class StandardOutputTests
{
    [Fact]
    public void What_is_buffered_appears_before_an_error_and_at_the_end()
    {
        using TemporaryFile file = new();
        using (StandardOutput output = new(file.Descriptor, file.Descriptor))
        {
            output.Write("one\n"u8);
            output.WriteError("two\n"u8);
            Assert.Equal("one\ntwo\n", file.Text);
            output.Write("three\n"u8);
        }

        Assert.Equal("one\ntwo\nthree\n", file.Text);
    }

    [Fact]
    public void What_is_buffered_does_not_wait_for_more()
    {
        using TemporaryFile file = new();
        using StandardOutput output = new(file.Descriptor, file.Descriptor);
        output.Write("one\n"u8);
        Assert.True(SpinWait.SpinUntil(() => file.Text == "one\n", TimeSpan.FromSeconds(10)));
        output.Write("two\n"u8);
        Assert.True(SpinWait.SpinUntil(() => file.Text == "one\ntwo\n", TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_full_buffer_is_written()
    {
        using TemporaryFile file = new();
        using StandardOutput output = new(file.Descriptor, file.Descriptor);
        byte[] large = new byte[100_000];
        output.Write(large);
        Assert.Equal(large.Length, file.Text.Length);
    }

    [Fact]
    public void Lines_of_several_threads_stay_whole()
    {
        using TemporaryFile file = new();
        using (StandardOutput output = new(file.Descriptor, file.Descriptor))
            Parallel.For(0, 2000, i => output.Write(Encoding.ASCII.GetBytes($"line {i:D6}\n")));

        string[] lines = file.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"line {i:D6}"), lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_reader_that_went_away_is_remembered_and_nothing_more_is_written()
    {
        (int read, int write) = Native.OpenPipe();
        Assert.Equal(0, Native.Close(read));
        using StandardOutput output = new(write);
        output.Write("x\n"u8);
        output.Flush();
        output.Write("y\n"u8);
        output.Flush();
        Assert.Equal(Posix.Epipe, output.Failure);
        Assert.Equal(0, Native.Close(write));
    }
}

/// <summary>A file to write to by descriptor.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly SafeFileHandle _handle;

    public TemporaryFile() => _handle = File.OpenHandle(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);

    public int Descriptor => (int)_handle.DangerousGetHandle();

    public string Text
    {
        get
        {
            using FileStream stream = new(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using StreamReader reader = new(stream);
            return reader.ReadToEnd();
        }
    }

    public void Dispose()
    {
        _handle.Dispose();
        File.Delete(_path);
    }
}
