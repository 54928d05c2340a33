// The seam between screens and everything else.
namespace BootConsole.Appliance.Screens;

/// <summary>Does what screens ask for. What is running when it is disposed of is cancelled, and what an unfinished backup has sent is kept.</summary>
internal interface IWorkbench : IAsyncDisposable
{
    /// <summary>Begins an effect; returns at once.</summary>
    /// <param name="effect">What to do.</param>
    /// <param name="post">Takes the answers, from any thread.</param>
    void Begin(Effect effect, Action<Message> post);
}
