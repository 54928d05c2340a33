// What is done to bring a network up, as values: a test reads them, the set-up does them.
using System.Net;

namespace BootConsole.Appliance.Setup;

/// <summary>One step.</summary>
internal abstract record NetworkStep;

/// <summary>Runs <c>ip</c> with arguments that iproute2 and busybox both know.</summary>
/// <param name="Failure">What it means when it fails.</param>
/// <param name="Arguments">The arguments.</param>
internal sealed record RunIp(string Failure, params IReadOnlyList<string> Arguments) : NetworkStep
{
    public override string ToString() => $"ip {string.Join(' ', Arguments)}";
}

/// <summary>Goes no further when somebody else has the address already: both would lose.</summary>
internal sealed record CheckUnused(string Card, IPAddress Address) : NetworkStep
{
    public override string ToString() => $"is {Address} unused on {Card}?";
}

/// <summary>Asks for an address, and keeps asking in the background.</summary>
/// <param name="Card">Where.</param>
/// <param name="IsAwaited">False where nobody can answer now: there is no link.</param>
internal sealed record AskForLease(string Card, bool IsAwaited) : NetworkStep
{
    public override string ToString() => $"ask for an address on {Card}{(IsAwaited ? "" : ", later")}";
}
