// Where the store of one contract test lives, and how to open it.
namespace BootConsole.Stores.Tests.Contract;

/// <summary>A fresh, empty store of one kind.</summary>
/// <param name="OpenAsync">Opens one more connection to it.</param>
/// <param name="Folder">The folder behind it on this machine; empty for a store without one.</param>
/// <param name="DisposeAsync">Cleans up.</param>
public sealed record StorePlace(Func<Task<IDeleteStore>> OpenAsync, string Folder, Func<ValueTask> DisposeAsync);
