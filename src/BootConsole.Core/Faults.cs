// Every way a job can fail, as a handful of types; each says what, which, what was expected and what was found.
namespace BootConsole.Core;

/// <summary>A named failure. One place (the programs' fault report) turns it into what happened, what is safe and what to do.</summary>
public abstract class Fault : Exception
{
    private protected Fault(string what, Exception? cause) : base(what, cause) { }

    /// <summary>The thing it happened to: a device path, a store file, a settings key. Empty when the message names it.</summary>
    public string Which { get; init; } = "";

    /// <summary>What was expected; empty when the message says it.</summary>
    public string Expected { get; init; } = "";

    /// <summary>What was found instead; empty when the message says it.</summary>
    public string Found { get; init; } = "";

    /// <summary>What the person can do now, as a sentence; empty when there is nothing special.</summary>
    public string Remedy { get; init; } = "";
}

/// <summary>What kind of trouble a disk has.</summary>
public enum DiskProblem
{
    /// <summary>Anything else the system said.</summary>
    Other,

    /// <summary>These sectors could not be read or written; others of the disk may work.</summary>
    BadSectors,

    /// <summary>The disk is no longer there: unplugged, medium removed, connection lost. Trying again will not help.</summary>
    Gone,
}

/// <summary>A disk could not be read or written, or vanished.</summary>
public sealed class DiskFault(string what, Exception? cause = null) : Fault(what, cause)
{
    /// <summary>The kind of trouble, for callers that can go on after one of them.</summary>
    public DiskProblem Problem { get; init; }

    /// <summary>The bytes it happened at, where known.</summary>
    public ByteRange? Range { get; init; }
}

/// <summary>The way to a store is closed: connection lost, login or host key refused, the server does not answer.</summary>
public sealed class TransportFault(string what, Exception? cause = null) : Fault(what, cause)
{
    /// <summary>True when trying again later may help (a cut), false when it will not (a wrong key).</summary>
    public bool MayPass { get; init; }
}

/// <summary>Why a store refused an operation on a file.</summary>
public enum StoreProblem
{
    /// <summary>The file or folder is not there.</summary>
    Missing,

    /// <summary>A file of that name is there already.</summary>
    Exists,

    /// <summary>No space, or the quota is reached.</summary>
    Full,

    /// <summary>Permission denied, or the store is read-only.</summary>
    Denied,

    /// <summary>Anything else the store said.</summary>
    Other,
}

/// <summary>The store answered, and the answer was no.</summary>
public sealed class StoreFault(StoreProblem problem, string what, Exception? cause = null) : Fault(what, cause)
{
    /// <summary>The kind of refusal, for callers that can go on after one of them.</summary>
    public StoreProblem Problem { get; } = problem;
}

/// <summary>Which part of an encrypted file is damaged.</summary>
public enum EncryptedPart
{
    /// <summary>The damage is not in an encrypted file.</summary>
    None,

    /// <summary>The ASCII armor around the file.</summary>
    Armor,

    /// <summary>The header: its text breaks the format.</summary>
    Header,

    /// <summary>The header's MAC: the text is well formed, but not what the writer wrote.</summary>
    HeaderMac,

    /// <summary>The content: altered, cut short, or with bytes behind it.</summary>
    Payload,
}

/// <summary>Stored bytes are not what they should be: a hash, a length, a structure, an unknown version.</summary>
public sealed class CorruptFault(string what, Exception? cause = null) : Fault(what, cause)
{
    /// <summary>The part of an encrypted file it happened in, for callers that tell them apart.</summary>
    public EncryptedPart Part { get; init; }

    /// <summary>The damaged file of a store, as its path below the store's top; empty when it is none, or nobody knows.</summary>
    public string StoreFile { get; init; } = "";
}

/// <summary>A password or key is missing, wrong, or damaged.</summary>
public sealed class KeyFault(string what, Exception? cause = null) : Fault(what, cause);

/// <summary>The program refuses on purpose; nothing was written.</summary>
public sealed class RefusedFault(string what, Exception? cause = null) : Fault(what, cause);

/// <summary>The command line or a settings file is wrong; nothing was started.</summary>
public sealed class UsageFault(string what, Exception? cause = null) : Fault(what, cause);

/// <summary>A program, library or facility of this machine is missing or misbehaves.</summary>
public sealed class HostFault(string what, Exception? cause = null) : Fault(what, cause);
