using System.Runtime.InteropServices;

namespace SyncHop.Jobs.Configuration;

/// <summary>Whose a file is, which .NET does not tell.</summary>
internal static partial class FileOwner
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint OwnerWanted = 8; // STATX_UID
    private const int BufferSize = 256; // struct statx, one layout on all architectures
    private const int OwnerOffset = 20; // stx_uid

    /// <summary>Whether a file is this user's own or root's; also where nobody can tell.</summary>
    public static bool IsUserOrRoot(string path)
    {
        if (!OperatingSystem.IsLinux()) return true;
        Span<byte> buffer = stackalloc byte[BufferSize];
        if (StatX(CurrentDirectory, path, 0, OwnerWanted, ref MemoryMarshal.GetReference(buffer)) != 0) return true;
        uint owner = MemoryMarshal.Read<uint>(buffer[OwnerOffset..]);
        return owner == 0 || owner == EffectiveUserId();
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();
}
