// Why a connection ended, kept so that every operation under way can be told the same.
using BootConsole.Core;

namespace BootConsole.Stores.Sftp;

/// <summary>The end of a channel or of a whole connection.</summary>
/// <param name="What">What happened, as a sentence.</param>
/// <param name="MayPass">True when trying again later may help.</param>
internal sealed record SftpEnd(string What, bool MayPass)
{
    /// <summary>The store.</summary>
    internal string Which { get; init; } = "";

    /// <summary>What ssh or the server said; cleaned of control characters.</summary>
    internal string Found { get; init; } = "";

    /// <summary>What a person can do.</summary>
    internal string Remedy { get; init; } = "";

    /// <summary>The end for a server that breaks the protocol.</summary>
    internal static SftpEnd Broken(SftpBrokenException cause) => new("the server does not keep to the SFTP protocol", MayPass: false) { Found = cause.Message };

    /// <summary>The end that this program itself brings about. Who still uses the connection then hears that another one may do: it is closed early only to be made anew.</summary>
    internal static SftpEnd Closed { get; } = new("the connection was closed by this program", MayPass: true);

    /// <summary>A fresh exception: several operations may throw it at once.</summary>
    internal TransportFault ToFault() => new(What) { MayPass = MayPass, Which = Which, Found = Found, Remedy = Remedy };
}
