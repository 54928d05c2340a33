// A file that the settings name and the boot medium carries.
namespace BootConsole.Media.Contents;

/// <summary>What somebody who has a file can do with it.</summary>
public enum Secrecy
{
    /// <summary>Nothing: a certificate.</summary>
    Public,

    /// <summary>Pass for the PC: log in, make images. Reads no backup by itself.</summary>
    PassesForThePc,

    /// <summary>Read backups, or what else the password protects: never on a medium unless that was asked for.</summary>
    Opens,
}

/// <summary>A file that the settings name.</summary>
/// <param name="Path">Where the booted PC has it: an absolute path below <see cref="PcFiles.Folder"/>.</param>
/// <param name="NamedBy">The place in the settings: <c>[server] identity</c>.</param>
/// <param name="Secrecy">What it gives away.</param>
/// <param name="Content">Its bytes.</param>
public sealed record PcFile(string Path, string NamedBy, Secrecy Secrecy, ReadOnlyMemory<byte> Content);
