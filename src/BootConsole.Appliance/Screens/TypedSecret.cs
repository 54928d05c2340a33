// A password while it is typed: in pinned memory, zeroed when the screen is left.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using BootConsole.Codec;

namespace BootConsole.Appliance.Screens;

/// <summary>Typed characters that must not outlive their use. The one thing of the screens that changes in place: a copy for every key would leave copies behind.</summary>
internal sealed class TypedSecret
{
    private const int MaxCharacters = 256;

    private readonly char[] _characters = GC.AllocateArray<char>(MaxCharacters, pinned: true);

    /// <summary>Characters typed.</summary>
    internal int Length { get; private set; }

    /// <summary>True when nothing more fits.</summary>
    internal bool IsFull => Length == MaxCharacters;

    /// <summary>What was typed, for a person who wants to see it.</summary>
    internal ReadOnlySpan<char> Text => _characters.AsSpan(0, Length);

    /// <summary>Takes characters; those that no longer fit are left out.</summary>
    internal void Append(string text)
    {
        foreach (var character in text.Take(MaxCharacters - Length)) _characters[Length++] = character;
        // Half a character is none.
        if (IsFull && char.IsHighSurrogate(_characters[^1])) _characters[--Length] = '\0';
    }

    /// <summary>Takes the last character away.</summary>
    internal void RemoveLast()
    {
        if (Length > 0) _characters[--Length] = '\0';
        // The other half of a pair.
        if (Length > 0 && char.IsHighSurrogate(_characters[Length - 1])) _characters[--Length] = '\0';
    }

    /// <summary>Zeroes everything.</summary>
    internal void Clear()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_characters.AsSpan()));
        Length = 0;
    }

    /// <summary>True for the same characters.</summary>
    internal bool IsSameAs(TypedSecret other) => CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(Text), MemoryMarshal.AsBytes(other.Text));

    /// <summary>The password as UTF-8, for the caller to dispose.</summary>
    internal SecretBytes ToBytes()
    {
        var bytes = new SecretBytes(Encoding.UTF8.GetByteCount(Text));
        Encoding.UTF8.GetBytes(Text, bytes.Span);
        return bytes;
    }

    public override string ToString() => "(secret)";
}
