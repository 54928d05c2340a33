// A text file of secret keys, as age-keygen writes it.
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>Reads identity files: one <c>AGE-SECRET-KEY-1…</c> a line, lines with <c>#</c> and empty lines aside.</summary>
public static class AgeIdentityFile
{
    private const int MaxIdentities = 1000;

    /// <summary>Reads all identities. The caller zeroes <paramref name="text"/> and disposes what is returned.</summary>
    /// <param name="text">The file's bytes; lines end with LF or CRLF.</param>
    /// <exception cref="KeyFault">A line is something else, or there is no identity. The message holds the line's number only.</exception>
    public static IReadOnlyList<X25519Identity> Parse(ReadOnlySpan<byte> text)
    {
        var identities = new List<X25519Identity>();
        var lineNumber = 0;
        try
        {
            foreach (var range in text.Split((byte)'\n'))
            {
                lineNumber++;
                var line = text[range];
                if (line.EndsWith("\r"u8)) line = line[..^1];
                if (line.IsEmpty || line[0] == (byte)'#') continue;
                if (identities.Count == MaxIdentities) throw new KeyFault("an identity file holds too many keys") { Expected = $"{MaxIdentities} at most" };
                identities.Add(X25519Identity.Parse(line));
            }
        }
        catch (KeyFault fault)
        {
            identities.ForEach(identity => identity.Dispose());
            throw new KeyFault("an identity file cannot be read: " + fault.Message, fault) { Which = $"line {lineNumber}", Expected = fault.Expected };
        }

        return identities.Count > 0 ? identities : throw new KeyFault("an identity file holds no key") { Expected = "a line that starts with AGE-SECRET-KEY-1" };
    }
}
