// How thorough fault sweeps are: a part of them in `make test`, the whole in `make faults`.
using System.Globalization;

namespace BootConsole.TestKit;

/// <summary>Set by BOOTCONSOLE_FAULT_ROUNDS: how many random rounds each test makes; sweeps then leave no operation out.</summary>
public static class FaultRounds
{
    /// <summary>Name and value of the trait by which `make faults` finds its tests.</summary>
    public const string Sweep = "Sweep", Faults = "Faults";

    private static readonly int? Asked = Read("BOOTCONSOLE_FAULT_ROUNDS"), FirstSeed = Read("BOOTCONSOLE_FAULT_SEED");

    /// <summary>True under `make faults`.</summary>
    public static bool AreWhole => Asked is not null;

    /// <summary>How many random rounds to make.</summary>
    /// <param name="usual">In `make test`.</param>
    /// <param name="share">What a round costs, where it is more than the cheapest ones: of so many rounds one is made.</param>
    public static int Of(int usual, int share = 1) => Asked is { } rounds ? Math.Max(usual, rounds / share) : usual;

    /// <summary>Seeds of random rounds: the same in every ordinary run, others each time where there is time for them, or from BOOTCONSOLE_FAULT_SEED on, to see one again.</summary>
    /// <param name="usual">How many in `make test`.</param>
    /// <param name="share">As of <see cref="Of"/>.</param>
    public static IReadOnlyList<int> Seeds(int usual, int share = 1) => [.. Enumerable.Range(FirstSeed ?? (AreWhole ? Random.Shared.Next(1 << 30) : 1), Of(usual, share))];

    /// <summary>From one operation of a sweep to the next one that is tried.</summary>
    /// <param name="usual">In `make test`.</param>
    public static int Stride(int usual) => AreWhole ? 1 : usual;

    private static int? Read(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
