using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace SlaMonitor.Host.EmbeddedPostgres;

/// <summary>What .NET has no call for: owners, signals, canonical paths, syncing a folder.</summary>
internal static class Posix
{
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;

    public const int ReadableByAll = 0b110_100_100;
    public const int RunnableByAll = 0b111_101_101;
    public const int OwnerOnly = 0b111_000_000;

    private const int CurrentFolder = -100;
    private const int DoNotFollowLinks = 0x100;
    private const uint BasicStats = 0x7ff;
    private const int Exists = 17;

    public static uint EffectiveUser => geteuid();

    public static uint EffectiveGroup => getegid();

    /// <summary>Who owns a path; a link is described itself, never what it points to. Null when there is nothing.</summary>
    public static FileOwner? OwnerOf(string path)
    {
        // struct statx has the same layout on every architecture, which struct stat has not.
        var buffer = new byte[256];
        if (statx(CurrentFolder, path, DoNotFollowLinks, BasicStats, buffer) != 0)
            return null;
        var mode = BitConverter.ToUInt16(buffer, 28);
        return new FileOwner(BitConverter.ToUInt32(buffer, 20), BitConverter.ToUInt32(buffer, 24), (mode & 0xf000) == 0x4000);
    }

    public static void SetMode(string path, int mode) => Check(chmod(path, (uint)mode), path);

    public static void SetOwner(string path, uint user, uint group) => Check(lchown(path, user, group), path);

    /// <summary>Sends a signal; a process that is already gone is no error.</summary>
    public static void Signal(int processId, int signal) => _ = kill(processId, signal);

    /// <summary>The path without links, as the kernel reports it in /proc.</summary>
    public static string RealPath(string path)
    {
        var buffer = new byte[4097];
        if (realpath(path, buffer) == IntPtr.Zero)
            throw Failure(path);
        return Encoding.UTF8.GetString(buffer, 0, Array.IndexOf(buffer, (byte)0));
    }

    /// <summary>Gives a file a second name; false: there is something of that name. Of several who do so at once one succeeds, whereas File.Move without overwriting looks first and renames then.</summary>
    public static bool TryLink(string path, string name)
    {
        if (link(path, name) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == Exists ? false : throw Failure(name);
    }

    /// <summary>Makes a rename inside the folder survive a power cut.</summary>
    public static void SyncFolder(string path) => Sync(path, fsync);

    /// <summary>Makes everything written so far survive a power cut.</summary>
    public static void SyncFileSystem(string path) => Sync(path, syncfs);

    private static void Sync(string path, Func<int, int> call)
    {
        var descriptor = open(path, 0);
        if (descriptor < 0)
            throw Failure(path);
        try
        {
            Check(call(descriptor), path);
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    private static void Check(int result, string path)
    {
        if (result != 0)
            throw Failure(path);
    }

    private static EmbeddedPostgresException Failure(string path)
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        return new EmbeddedPostgresException($"{path}: {error.Message}", error);
    }

#pragma warning disable IDE1006, SYSLIB1054 // The C library's own names; generated marshalling would need unsafe code.
    [DllImport("libc")]
    private static extern uint geteuid();

    [DllImport("libc")]
    private static extern uint getegid();

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);

    [DllImport("libc", SetLastError = true)]
    private static extern int chmod([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int lchown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);

    [DllImport("libc", SetLastError = true)]
    private static extern int statx(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] buffer);

    [DllImport("libc", SetLastError = true)]
    private static extern IntPtr realpath([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] byte[] buffer);

    [DllImport("libc", SetLastError = true)]
    private static extern int link([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int syncfs(int descriptor);

    [DllImport("libc")]
    private static extern int close(int descriptor);
#pragma warning restore IDE1006, SYSLIB1054
}

/// <summary>Owner and group of a path, and whether it is a folder.</summary>
internal readonly record struct FileOwner(uint User, uint Group, bool IsFolder);
