// The medium behind memory stores: it outlives their connections, and can crash.
using BootConsole.Core;
using BootConsole.Stores;

namespace BootConsole.TestKit.Memory;

/// <summary>
/// Files in memory. Stores opened on it are its connections; <see cref="Crash"/> ends them all and leaves what a power cut would leave: flushed bytes and flushed
/// names for certain, anything else up to a random point. All members may be called concurrently.
/// </summary>
public sealed class MemoryMedium
{
    private readonly Lock _lock = new();
    private readonly MemoryFolder _top = new();
    private FaultPlan? _plan;
    private int _connection;

    /// <summary>Space for all files together; a write beyond it finds the store full.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>False: a server without fsync, whose files are safe only by luck.</summary>
    public bool Flushes { get; init; } = true;

    /// <summary>The store's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Operations since the plan was set, or since the start.</summary>
    public int Operations { get; private set; }

    /// <summary>The planned fault; setting it counts operations from zero again.</summary>
    public FaultPlan? Plan
    {
        get => _plan;
        set => (_plan, Operations) = (value, 0);
    }

    /// <summary>Opens a connection.</summary>
    public MemoryStore Open() => new(this, _connection);

    /// <summary>Cuts all connections; nothing is lost.</summary>
    public void Cut()
    {
        lock (_lock) _connection++;
    }

    /// <summary>Cuts all connections and the power. Of what was not flushed chance decides.</summary>
    public void Crash(int seed) => Crash(new Random(seed));

    /// <summary>Cuts all connections and the power. Nothing is left that was not flushed.</summary>
    public void LoseUnflushed() => Crash(new Least());

    /// <summary>The bytes of a file, past all faults.</summary>
    public byte[] ReadAll(StorePath path)
    {
        lock (_lock) return ((MemoryFile)Require(path)).Bytes.ToArray();
    }

    /// <summary>Puts other bytes in a file's place, as a bad medium or a hostile server would.</summary>
    public void Damage(StorePath path, Func<byte[], byte[]> change)
    {
        lock (_lock)
        {
            var file = (MemoryFile)Require(path);
            file.Damage(change(file.Bytes.ToArray()));
        }
    }

    /// <summary>All files, past all faults.</summary>
    public IReadOnlyList<StorePath> Files()
    {
        lock (_lock) return [.. Below(_top, StorePath.Top)];
    }

    /// <summary>Does one operation of a connection: counted, and hit by the plan.</summary>
    internal T Do<T>(int connection, Func<T> work)
    {
        lock (_lock)
        {
            if (connection != _connection) throw new TransportFault("the connection was cut") { MayPass = true };
            Operations++;
            var strikes = Plan is { } plan && (Operations == plan.Operation || (plan.StaysBroken && Operations > plan.Operation));
            var isLate = strikes && Plan!.Moment == FaultMoment.After && Operations == Plan.Operation;
            if (strikes && !isLate) throw Plan!.Fault();
            var result = work();
            return isLate ? throw Plan!.Fault() : result;
        }
    }

    internal MemoryNode? Find(StorePath path)
    {
        MemoryNode? node = _top;
        foreach (var part in path.Text.Split('/', StringSplitOptions.RemoveEmptyEntries)) node = (node as MemoryFolder)?.Names.GetValueOrDefault(part);
        return node;
    }

    internal MemoryNode Require(StorePath path) => Find(path) ?? throw new StoreFault(StoreProblem.Missing, "no such file or folder") { Which = path.Text };

    internal MemoryFolder RequireFolder(StorePath path) =>
        Find(path) as MemoryFolder ?? throw new StoreFault(StoreProblem.Missing, "no such folder") { Which = path.Text };

    internal MemoryFile RequireFile(StorePath path) => Find(path) as MemoryFile ?? throw new StoreFault(StoreProblem.Missing, "no such file") { Which = path.Text };

    internal DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(Clock.GetUtcNow().ToUnixTimeSeconds());

    internal long Free() => CapacityBytes - _top.TotalBytes();

    internal void RequireSpace(long bytes, StorePath path)
    {
        // Adding everything up for each append would be slow where nobody asked for a limit.
        if (CapacityBytes == long.MaxValue || bytes <= Free()) return;
        throw new StoreFault(StoreProblem.Full, "the store is full") { Which = path.Text, Found = $"{ByteSize.Format(Free())} free" };
    }

    private static IEnumerable<StorePath> Below(MemoryFolder folder, StorePath path) =>
        folder.Names.SelectMany(entry => entry.Value is MemoryFolder below ? Below(below, path / entry.Key) : [path / entry.Key]);

    private void Crash(Random random)
    {
        lock (_lock)
        {
            _connection++;
            _top.Crash(random);
        }
    }

    // The least of everything is what a crash leaves of what was not flushed: nothing.
    private sealed class Least : Random
    {
        public override int Next(int maxValue) => 0;

        public override int Next(int minValue, int maxValue) => minValue;
    }
}
