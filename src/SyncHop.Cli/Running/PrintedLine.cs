using System.Diagnostics;
using System.Security.Cryptography;

namespace SyncHop.Cli.Running;

/// <summary>The first line that a program prints: the answer to a question.</summary>
internal static class PrintedLine
{
    private const int LongestAnswer = 4096; // As on the terminal.

    /// <summary>Runs the program.</summary>
    /// <param name="start">The program, with its arguments and environment.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The first line's bytes, to be cleared by the caller; null where the program fails or says nothing.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the program has been ended.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be run.</exception>
    public static byte[]? Of(ProcessStartInfo start, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        start.RedirectStandardOutput = true;
        start.UseShellExecute = false;
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration end = cancellation.Register(() => process.Kill(entireProcessTree: true));
        byte[]? answer = ReadLine(process.StandardOutput.BaseStream);
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode == 0) return answer;
        if (answer is not null) CryptographicOperations.ZeroMemory(answer);
        return null;
    }

    /// <summary>The first line of a stream, without its end; null where there is nothing.</summary>
    public static byte[]? ReadLine(Stream output)
    {
        byte[] buffer = new byte[LongestAnswer];
        try
        {
            int length = output.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            output.CopyTo(Stream.Null);
            int end = buffer.AsSpan(0, length).IndexOfAny((byte)'\r', (byte)'\n');
            return length == 0 ? null : buffer.AsSpan(0, end < 0 ? length : end).ToArray();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }
}
