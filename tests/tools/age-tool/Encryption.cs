// age-tool encrypt.
using System.Globalization;
using BootConsole.Codec;
using BootConsole.Core;

namespace BootConsole.AgeTool;

internal static class Encryption
{
    internal static async Task RunAsync(string[] arguments, Stream input, Stream output)
    {
        var options = Options.Read(arguments, "--recipient", "--recipients-file", "--password-file", "--work-factor");
        var logN = options.Where(option => option.Name == "--work-factor").Select(option => ReadWorkFactor(option.Value)).LastOrDefault(ScryptLimits.WrittenLogN);
        var recipients = options.Where(option => option.Name != "--work-factor").SelectMany(option => Read(option.Name, option.Value, logN)).ToList();
        if (recipients.Count == 0) throw new UsageFault("name a recipient or a password");
        if (recipients.Count > 1 && recipients.Any(recipient => recipient is PasswordRecipient)) throw new UsageFault("a password must be the only recipient");
        await AgeFile.EncryptAsync(input, output, recipients, CancellationToken.None);
    }

    private static IEnumerable<AgeRecipient> Read(string option, string value, int logN) => option switch
    {
        "--recipient" => [KeyFiles.ReadRecipient(value)],
        "--recipients-file" => KeyFiles.ReadRecipients(value),
        _ => [KeyFiles.UsePassword(value, password => new PasswordRecipient(password, logN))],
    };

    private static int ReadWorkFactor(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var logN) && logN is >= 1 and <= 22
        ? logN
        : throw new UsageFault("not a work factor") { Which = text, Expected = "1 to 22" };
}
