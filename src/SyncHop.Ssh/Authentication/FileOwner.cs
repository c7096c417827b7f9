using System.Runtime.InteropServices;

namespace SyncHop.Ssh.Authentication;

/// <summary>Whose a file is, which .NET does not tell.</summary>
internal static partial class FileOwner
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint OwnerWanted = 8; // STATX_UID
    private const int BufferSize = 256; // struct statx, one layout on all architectures
    private const int OwnerOffset = 20; // stx_uid

    /// <summary>True when the file is the user's own, and where nobody can tell.</summary>
    public static bool IsUser(string path) => OwnerOf(path) is not { } owner || owner == UserId();

    /// <summary>True when the file is the user's own or root's, and where nobody can tell.</summary>
    public static bool IsUserOrRoot(string path) => OwnerOf(path) is not { } owner || owner == 0 || owner == UserId();

    private static uint? OwnerOf(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> buffer = stackalloc byte[BufferSize];
        return StatX(CurrentDirectory, path, 0, OwnerWanted, ref MemoryMarshal.GetReference(buffer)) == 0
            ? MemoryMarshal.Read<uint>(buffer[OwnerOffset..])
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "getuid")]
    private static partial uint UserId();
}
