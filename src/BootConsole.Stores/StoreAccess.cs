// What a store is opened for, and what happens when its folder is not there.
namespace BootConsole.Stores;

/// <summary>What a store is opened for. A store opened for writing is asked first whether it takes anything, so that a job fails before its work and not after.</summary>
public enum StoreAccess
{
    /// <summary>Listing and reading.</summary>
    Read,

    /// <summary>Also creating, publishing and, where the caller holds an <see cref="IDeleteStore"/>, removing.</summary>
    Write,
}

/// <summary>What to do when the store's own folder is not there.</summary>
public enum IfMissing
{
    /// <summary>Refuse: a mistyped path must not become a new, empty store.</summary>
    Refuse,

    /// <summary>Make it inside a folder that is there.</summary>
    Create,
}
