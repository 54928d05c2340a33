// age-tool decrypt.
using BootConsole.Codec;
using BootConsole.Core;

namespace BootConsole.AgeTool;

internal static class Decryption
{
    private const int PeekedBytes = 1200;

    internal static async Task RunAsync(string[] arguments, Stream input, Stream output)
    {
        var limits = new ScryptLimits { MaxLogN = 22 };
        var identities = Options.Read(arguments, "--identity", "--password-file").SelectMany(option => option.Name == "--identity"
            ? KeyFiles.ReadIdentities(option.Value)
            : [KeyFiles.UsePassword(option.Value, password => new PasswordIdentity(password, limits))]).ToList();
        if (identities.Count == 0) throw new UsageFault("name an identity or a password");
        try
        {
            var start = new byte[PeekedBytes];
            var count = await input.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false);
            Stream stored = new PeekedStream(start.AsMemory(0, count), input);
            if (IsArmored(start.AsSpan(0, count))) stored = new AgeArmorStream(stored);
            await AgeFile.DecryptAsync(stored, output, identities, CancellationToken.None);
        }
        finally
        {
            identities.ForEach(identity => identity.Dispose());
        }
    }

    // Whatever has dashes where an age file would have its version line is meant to be armored, be it well or badly.
    private static bool IsArmored(ReadOnlySpan<byte> start) => !start.StartsWith("age-encryption.org/"u8) && start.IndexOf("-----"u8) >= 0;
}
