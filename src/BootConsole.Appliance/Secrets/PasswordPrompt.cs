// Asks for a password at the terminal, unseen.
using System.Security.Cryptography;
using System.Text;
using BootConsole.Appliance.Terminal;
using BootConsole.Codec;
using BootConsole.Core;
using BootConsole.Host;

namespace BootConsole.Appliance.Secrets;

/// <summary>Reads passwords from the keyboard into memory that is zeroed.</summary>
internal static class PasswordPrompt
{
    private const int MaxBytes = 1024;
    private static readonly TimeSpan KeyWait = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks once.</summary>
    /// <exception cref="OperationCanceledException">Escape was pressed, the terminal went away, or the program is to end.</exception>
    internal static SecretBytes Ask(string question, CancellationToken cancel)
    {
        using var device = Open(question);
        return Ask(device, question, cancel);
    }

    private static SecretBytes Ask(TerminalDevice device, string question, CancellationToken cancel)
    {
        Console.Error.Write($"{question}: ");
        using var typed = new SecretBytes(MaxBytes);
        try
        {
            var length = Read(device, typed.Span, cancel);
            var password = new SecretBytes(length);
            typed.Span[..length].CopyTo(password.Span);
            return password;
        }
        finally
        {
            Console.Error.WriteLine();
        }
    }

    /// <summary>Asks twice, until both are equal and not empty: a password with a slip of the finger is data loss.</summary>
    /// <exception cref="OperationCanceledException">Escape was pressed, the terminal went away, or the program is to end.</exception>
    internal static SecretBytes AskTwice(string question, CancellationToken cancel)
    {
        using var device = Open(question);
        while (true)
        {
            var first = Ask(device, question, cancel);
            using var second = Ask(device, "The same again", cancel);
            if (first.Span.Length > 0 && CryptographicOperations.FixedTimeEquals(first.Span, second.Span)) return first;
            Console.Error.WriteLine(first.Span.Length == 0 ? "A password cannot be empty." : "They are not the same.");
            first.Dispose();
        }
    }

    // Before the question is seen: whoever types at once must not be shown.
    private static TerminalDevice Open(string question)
    {
        var device = TerminalDevice.TryOpenKeyboard() ?? throw new UsageFault("there is no keyboard to ask at") { Which = question };
        device.EnterKeyMode();
        return device;
    }

    private static int Read(TerminalDevice device, Span<byte> typed, CancellationToken cancel)
    {
        var decoder = new KeyDecoder();
        Span<byte> buffer = stackalloc byte[256];
        var length = 0;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var count = device.Read(buffer, KeyWait);
            if (count < 0) throw new OperationCanceledException("the terminal is gone");
            foreach (var key in count > 0 ? decoder.Take(buffer[..count]) : decoder.Flush())
            {
                switch (key.Code)
                {
                    case KeyCode.Enter: return length;
                    case KeyCode.Escape: throw new OperationCanceledException("no password was given");
                    case KeyCode.Backspace: length = Shortened(typed[..length]); break;
                    case KeyCode.Character or KeyCode.Paste when Encoding.UTF8.GetByteCount(key.Text) <= typed.Length - length: length += Encoding.UTF8.GetBytes(key.Text, typed[length..]); break;
                }
            }

            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    // Without its last character: the bytes of UTF-8 that go on begin with the bits 10.
    private static int Shortened(ReadOnlySpan<byte> typed)
    {
        var length = typed.Length;
        while (length > 0 && (typed[--length] & 0xC0) == 0x80) { }
        return length;
    }
}
