// The faults of age files, each with the part it is about.
using BootConsole.Core;

namespace BootConsole.Codec;

/// <summary>Makes faults. None ever holds a key, a password, or text from the file.</summary>
internal static class AgeFault
{
    internal static CorruptFault Header(string how) => new("an encrypted file is damaged: " + how) { Part = EncryptedPart.Header };

    internal static CorruptFault HeaderMac() => new("an encrypted file is damaged: its header is not the one that was written") { Part = EncryptedPart.HeaderMac };

    internal static CorruptFault Payload(string how, long blockIndex) =>
        new("an encrypted file is damaged: " + how) { Part = EncryptedPart.Payload, Which = $"block {blockIndex}" };
}
