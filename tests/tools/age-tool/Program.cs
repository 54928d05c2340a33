// age-tool: encrypts and decrypts standard input with the product's own age code, for tests against published vectors and other programs.
using BootConsole.AgeTool;
using BootConsole.Codec;
using BootConsole.Core;

const string usage = """
    usage: age-tool decrypt (--identity FILE | --password-file FILE)...
           age-tool encrypt (--recipient age1... | --recipients-file FILE)...
           age-tool encrypt --password-file FILE [--work-factor N]

    From standard input to standard output. Armored input is recognised. Passwords may ask for a work factor of 2^22 at most.
    Exit codes: 0 success, 1 other failure, 2 usage, 3 header failure, 4 HMAC failure, 5 payload failure (what was written before is authentic),
    6 no match, 7 armor failure.
    """;

try
{
    using var input = Console.OpenStandardInput();
    using var output = Console.OpenStandardOutput();
    switch (args.FirstOrDefault())
    {
        case "decrypt":
            await Decryption.RunAsync(args[1..], input, output);
            break;
        case "encrypt":
            await Encryption.RunAsync(args[1..], input, output);
            break;
        default:
            throw new UsageFault("say decrypt or encrypt");
    }

    return (int)ExitCode.Success;
}
catch (Fault fault)
{
    Console.Error.WriteLine("age-tool: " + string.Join(" | ", new[] { fault.Message, fault.Which, Labelled("expected", fault.Expected), Labelled("found", fault.Found) }.Where(part => part.Length > 0)));
    if (fault is UsageFault) Console.Error.WriteLine(usage);
    return (int)ExitCodes.Of(fault);
}
catch (IOException problem)
{
    Console.Error.WriteLine("age-tool: " + problem.Message);
    return (int)ExitCode.OtherFailure;
}

static string Labelled(string label, string text) => text.Length > 0 ? $"{label}: {text}" : "";
