// Which operation of a memory store fails, how, and whether it took effect.
using BootConsole.Core;

namespace BootConsole.TestKit.Memory;

/// <summary>When a planned fault strikes.</summary>
public enum FaultMoment
{
    /// <summary>Nothing has happened yet.</summary>
    Before,

    /// <summary>It has happened, and the answer is lost.</summary>
    After,
}

/// <summary>A fault at one operation of a <see cref="MemoryMedium"/>, counted from 1 since the plan was set.</summary>
/// <param name="Operation">Which one.</param>
/// <param name="Fault">Makes the fault.</param>
public sealed record FaultPlan(int Operation, Func<Fault> Fault)
{
    /// <summary>Before or after it took effect.</summary>
    public FaultMoment Moment { get; init; } = FaultMoment.Before;

    /// <summary>True: every later operation fails before it takes effect, until the plan is taken away.</summary>
    public bool StaysBroken { get; init; }

    /// <summary>The line is cut at an operation, and stays cut.</summary>
    public static FaultPlan Cut(int operation, FaultMoment moment = FaultMoment.Before) =>
        new(operation, () => new TransportFault("the line is cut") { MayPass = true }) { Moment = moment, StaysBroken = true };

    /// <summary>The store says no once.</summary>
    public static FaultPlan Refuse(int operation, StoreProblem problem) => new(operation, () => new StoreFault(problem, "planned"));
}
