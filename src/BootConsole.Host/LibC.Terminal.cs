// libc's functions for terminals.
using System.Runtime.InteropServices;

namespace BootConsole.Host;

/// <summary>termios(3), ioctl_tty(2), poll(2), kill(2).</summary>
internal static unsafe partial class LibC
{
    internal const ulong TIOCGWINSZ = 0x5413;
    internal const int TCSANOW = 0, TCSADRAIN = 1, TCSAFLUSH = 2;
    internal const uint ICANON = 2, ECHO = 8;
    internal const short POLLIN = 1;
    internal const int EINTR = 4, EAGAIN = 11, SIGSTOP = 19;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int tcgetattr(SafeHandle fd, termios_mode* mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int tcsetattr(SafeHandle fd, int when, termios_mode* mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int tcgetpgrp(SafeHandle fd);

    [LibraryImport(Library)]
    internal static partial int getpgrp();

    [LibraryImport(Library)]
    internal static partial void cfmakeraw(termios_mode* mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int poll(poll_fd* descriptors, nuint count, int milliseconds);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint read(SafeHandle fd, byte* buffer, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint write(SafeHandle fd, byte* buffer, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int kill(int process, int signal);

    /// <summary>struct termios: 60 bytes with glibc on x86-64 and arm64.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    internal struct termios_mode
    {
        internal uint c_iflag, c_oflag, c_cflag, c_lflag;
        internal fixed byte rest[48];
    }

    /// <summary>struct winsize.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct win_size
    {
        internal ushort ws_row, ws_col, ws_xpixel, ws_ypixel;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct poll_fd
    {
        internal int fd;
        internal short events, revents;
    }
}
