// Becoming another program: the process stays, so that whoever started it goes on watching and signalling the same one.
using System.Runtime.InteropServices;

namespace BootConsole.Host;

/// <summary>execv(3).</summary>
public static unsafe class ProgramReplacement
{
    /// <summary>Replaces this program by another. Does not return.</summary>
    /// <param name="path">The program's absolute path.</param>
    /// <param name="arguments">Its arguments, without its name.</param>
    /// <exception cref="SystemCallException">The system refuses; this program goes on.</exception>
    public static void Become(string path, IReadOnlyList<string> arguments)
    {
        nint[] words = [.. arguments.Prepend(path).Select(Marshal.StringToCoTaskMemUTF8), 0];
        try
        {
            fixed (nint* first = words)
                if (LibC.execv(path, first) != 0) throw SystemCallException.Last("exec", path);
        }
        finally
        {
            foreach (var word in words) Marshal.FreeCoTaskMem(word);
        }
    }
}
