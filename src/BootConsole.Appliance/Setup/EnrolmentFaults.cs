// Why a PC did not get its key, each with what can be done by whoever stands in front of it.
using BootConsole.Core;

namespace BootConsole.Appliance.Setup;

/// <summary>The faults of an enrolment. None has the code in it.</summary>
/// <param name="place">The server.</param>
internal sealed class EnrolmentFaults(EnrolmentPlace place)
{
    private const string SeeServer = "Check the cable and the address (Tools, Network), and on the server that 'bootserver serve' runs.";

    /// <summary>The server does not take the code. It tells nobody why: whoever asks would learn which PCs there are, and which are waited for.</summary>
    internal RefusedFault Refused() => new("the server does not take this code for this PC")
    {
        Which = place.Pc,
        Expected = "a code that was made for this PC, is not used yet, had fewer than five wrong tries, and whose time (24 hours, unless the administrator chose another) is not over; and a contract that runs",
        Remedy = $"See whether the code is typed as it was shown; else ask for a new one: 'bootserver pc enrol {place.Pc}' on the server.",
    };

    /// <summary>There is no way to the server.</summary>
    internal TransportFault Unreachable(HttpRequestException failure) => new("the server cannot be reached", failure) { Which = place.Address.ToString(), Found = PlainText.Of(failure.Message), Remedy = $"{SeeServer} The code still counts.", MayPass = true };

    /// <summary>Nothing came back in time: what was sent may have arrived.</summary>
    internal TransportFault Silent(Exception silence) => new("the server does not answer", silence) { Which = place.Address.ToString(), Remedy = $"{SeeServer} If the code is not taken any more, it arrived there: ask for a new one.", MayPass = true };

    /// <summary>The server met trouble of its own.</summary>
    internal TransportFault Unable() => new("the server could not do it") { Which = place.Address.ToString(), Remedy = "What 'bootserver serve' says on the server has the reason. If the code is not taken any more, ask for a new one.", MayPass = true };

    /// <summary>Somebody answered who does not know what an enrolment is.</summary>
    internal TransportFault NoServer(string found, Exception? cause) => new("this is no server for enrolments", cause)
    {
        Which = place.Address.ToString(),
        Found = found,
        Remedy = "The server's administrator should hold [server] enrol of this PC's settings against the address that 'bootserver serve' shows.",
    };

    /// <summary>Somebody answered who does not know the code.</summary>
    internal RefusedFault Impostor() => new("whatever answered is not the server that knows the code")
    {
        Which = place.Address.ToString(),
        Remedy = "Somebody in this network may pass for the server: tell its administrator. The key was thrown away.",
    };

    /// <summary>The server that knows the code is another than that of the settings.</summary>
    internal static RefusedFault OtherSettings() => new("the settings that this PC was booted with are not those of its server")
    {
        Which = "[server] host_keys",
        Remedy = "Somebody in this network may have changed them: switch this PC off, and tell the server's administrator. The key was thrown away.",
    };
}
