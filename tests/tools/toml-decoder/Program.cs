// The decoder that toml-test (https://github.com/toml-lang/toml-test) runs: TOML on standard input, tagged JSON on standard output.
using BootConsole.Settings.Toml;
using BootConsole.TomlDecoder;

using var input = Console.OpenStandardInput();
using var text = new MemoryStream();
input.CopyTo(text);
try
{
    var document = TomlReader.Read(text.ToArray());
    using var output = Console.OpenStandardOutput();
    TaggedJson.Write(document.Root, output);
    return 0;
}
catch (TomlSyntaxException fault)
{
    // Exactly 1: the suite counts any other code as a crash.
    Console.Error.WriteLine(fault.Message);
    return 1;
}
