// Asks for a password at the terminal, unseen.
using System.Security.Cryptography;
using System.Text;
using BootConsole.Codec;
using BootConsole.Core;

namespace BootConsole.Appliance.Secrets;

/// <summary>Reads passwords from the keyboard into memory that is zeroed.</summary>
internal static class PasswordPrompt
{
    private const int MaxCharacters = 256;

    /// <summary>Asks once.</summary>
    /// <exception cref="OperationCanceledException">Escape was pressed.</exception>
    internal static SecretBytes Ask(string question)
    {
        Console.Error.Write($"{question}: ");
        var characters = GC.AllocateArray<char>(MaxCharacters, pinned: true);
        var count = 0;
        try
        {
            while (true)
            {
                var key = Console.ReadKey(intercept: true);
                if (key.Key == ConsoleKey.Enter) break;
                if (key.Key == ConsoleKey.Escape) throw new OperationCanceledException("no password was given");
                if (key.Key == ConsoleKey.Backspace) count = Math.Max(0, count - 1);
                else if (!char.IsControl(key.KeyChar) && count < MaxCharacters) characters[count++] = key.KeyChar;
            }

            var bytes = new SecretBytes(Encoding.UTF8.GetByteCount(characters.AsSpan(0, count)));
            Encoding.UTF8.GetBytes(characters.AsSpan(0, count), bytes.Span);
            return bytes;
        }
        finally
        {
            Console.Error.WriteLine();
            CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(characters.AsSpan()));
        }
    }

    /// <summary>Asks twice, until both are equal and not empty: a password with a slip of the finger is data loss.</summary>
    internal static SecretBytes AskTwice(string question)
    {
        while (true)
        {
            var first = Ask(question);
            using var second = Ask("The same again");
            if (first.Span.Length > 0 && CryptographicOperations.FixedTimeEquals(first.Span, second.Span)) return first;
            Console.Error.WriteLine(first.Span.Length == 0 ? "A password cannot be empty." : "They are not the same.");
            first.Dispose();
        }
    }
}
