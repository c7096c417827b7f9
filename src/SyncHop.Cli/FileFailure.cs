using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SyncHop.Cli;

/// <summary>Says in the system's words why a file or a program of this machine could not be used: .NET's repeat the path and leave out the number.</summary>
internal static class FileFailure
{
    private const int NotFound = 2, NotPermitted = 13; // ENOENT, EACCES
    private const int LargestErrno = 4095;

    /// <summary>The cause, as <c>No such file or directory (2)</c>.</summary>
    public static string Reason(Exception failure)
    {
        int errno = failure switch
        {
            FileNotFoundException or DirectoryNotFoundException => NotFound,
            UnauthorizedAccessException { InnerException.HResult: > 0 and <= LargestErrno } => failure.InnerException!.HResult,
            UnauthorizedAccessException => NotPermitted,
            // Where it is an errno, .NET on Unix has it there.
            IOException { HResult: > 0 and <= LargestErrno } => failure.HResult,
            Win32Exception { NativeErrorCode: > 0 and <= LargestErrno } program => program.NativeErrorCode,
            _ => 0,
        };
        return errno == 0 ? failure.Message : $"{Marshal.GetPInvokeErrorMessage(errno)} ({errno})";
    }
}
