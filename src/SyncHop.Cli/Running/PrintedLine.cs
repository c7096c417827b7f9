using System.Diagnostics;
using System.Security.Cryptography;

namespace SyncHop.Cli.Running;

/// <summary>The first line that a program prints: the answer to a question.</summary>
internal static class PrintedLine
{
    private const int LongestAnswer = 4096; // As on the terminal.

    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    /// <summary>Runs the program.</summary>
    /// <param name="start">The program, with its arguments and environment.</param>
    /// <param name="limit">How long it may take; infinite where it asks a user.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The first line's bytes, to be cleared by the caller; null where the program fails or says nothing.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the program has been ended.</exception>
    /// <exception cref="TimeoutException">It took too long, and has been ended.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be run.</exception>
    public static byte[]? Of(ProcessStartInfo start, TimeSpan limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        start.RedirectStandardOutput = true;
        start.UseShellExecute = false;
        using Process process = Process.Start(start)!;
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(limit);
        using CancellationTokenRegistration ended = end.Token.Register(() => process.Kill(entireProcessTree: true));
        Stream output = process.StandardOutput.BaseStream;
        TaskCompletionSource<byte[]?> line = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Task.Run(() => Read(output, line), CancellationToken.None);
        process.WaitForExit();
        // What it left running in the background may keep its output open for ever.
        byte[]? answer = line.Task.Wait(s_lastWords, CancellationToken.None) ? line.Task.Result : null;
        if (process.ExitCode == 0 && !end.IsCancellationRequested) return answer;
        if (answer is not null) CryptographicOperations.ZeroMemory(answer);
        cancellation.ThrowIfCancellationRequested();
        return end.IsCancellationRequested ? throw new TimeoutException() : null;
    }

    /// <summary>Reads to the end, so that the program can say what it has to say; the first line is told as soon as it is there.</summary>
    private static void Read(Stream output, TaskCompletionSource<byte[]?> line)
    {
        try
        {
            line.TrySetResult(ReadLine(output));
            output.CopyTo(Stream.Null);
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            line.TrySetResult(null);
        }
    }

    /// <summary>The first line of a stream, without its end; null where there is nothing.</summary>
    public static byte[]? ReadLine(Stream output)
    {
        byte[] buffer = new byte[LongestAnswer];
        try
        {
            int length = 0, end = -1;
            while (end < 0 && length < buffer.Length && output.Read(buffer, length, buffer.Length - length) is > 0 and int read)
            {
                length += read;
                end = buffer.AsSpan(0, length).IndexOfAny((byte)'\r', (byte)'\n');
            }
            return length == 0 ? null : buffer.AsSpan(0, end < 0 ? length : end).ToArray();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }
}
