// A store whose connection can be made anew after it was lost.
namespace BootConsole.Stores;

/// <summary>Implemented by stores that can connect again.</summary>
public interface IRenewable
{
    /// <summary>Closes what is left of the connection and makes a new one. Writers of the old one are lost.</summary>
    /// <exception cref="Core.TransportFault">The store is still out of reach.</exception>
    Task ReconnectAsync(CancellationToken cancel);
}
