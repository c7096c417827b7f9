using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace SyncHop.Engine.Temporaries;

/// <summary>Which process on which machine a temporary file belongs to, in 24 bits each.</summary>
/// <param name="Machine">Tells machines, and containers with processes of their own, apart.</param>
/// <param name="ProcessId">The process's number there.</param>
/// <param name="Start">Tells processes apart that had the same number one after the other, also before the last boot.</param>
internal readonly record struct RunTag(uint Machine, uint ProcessId, uint Start)
{
    /// <summary>Bits that a field has.</summary>
    public const int FieldBits = 24;

    private const uint FieldMask = (1u << FieldBits) - 1;
    private const int StartTimeField = 22; // proc_pid_stat(5), counted from 1

    private static readonly byte[] s_boot = ReadAll("/proc/sys/kernel/random/boot_id");

    /// <summary>This process.</summary>
    public static RunTag Current { get; } = new(
        MachineTag(), (uint)Environment.ProcessId & FieldMask, StartTag((uint)Environment.ProcessId) ?? FieldMask);

    /// <summary>Whether the process is known to have ended: it was on this machine and is no more.</summary>
    public bool HasEnded() => this != Current && Machine == Current.Machine && !IsAlive();

    private static uint MachineTag()
    {
        // The process namespace tells containers of one machine apart, which do not see each other's processes.
        string? processes = File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name;
        return Hash(ReadAll("/etc/machine-id"), Encoding.UTF8.GetBytes(Environment.MachineName), Encoding.UTF8.GetBytes(processes ?? ""));
    }

    /// <summary>null when the process is not there or its start cannot be read.</summary>
    private static uint? StartTag(uint processId)
    {
        string stat = Encoding.Latin1.GetString(ReadAll(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat")));
        // The second field is the program's name in parentheses, which may hold anything.
        int name = stat.LastIndexOf(')');
        string[] fields = name < 0 ? [] : stat[(name + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartTimeField - 3 ? Hash(s_boot, Encoding.ASCII.GetBytes(fields[StartTimeField - 3])) : null;
    }

    private bool IsAlive()
    {
        if (StartTag(ProcessId) is uint start) return start == Start;
        try
        {
            // Other users' processes may be hidden in /proc.
            using Process process = Process.GetProcessById((int)ProcessId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception unknown) when (unknown is InvalidOperationException or Win32Exception)
        {
            return true;
        }
    }

    private static uint Hash(params ReadOnlySpan<byte[]> parts)
    {
        XxHash3 hash = new();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (byte[] part in parts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
            hash.Append(length);
            hash.Append(part);
        }
        return (uint)hash.GetCurrentHashAsUInt64() & FieldMask;
    }

    private static byte[] ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
