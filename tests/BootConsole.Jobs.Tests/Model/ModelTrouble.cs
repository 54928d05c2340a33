// What goes wrong during one step of a model run: drawn before the step, so that threads cannot change the sequence.
using BootConsole.TestKit.Memory;

namespace BootConsole.Jobs.Tests.Model;

/// <summary>Trouble of one step. Operations count from 1; one that a step never comes to does no harm.</summary>
internal sealed record ModelTrouble
{
    /// <summary>The operation of the store at which the line is cut; 0 for none.</summary>
    internal int CutAt { get; init; }

    /// <summary>Whether that operation still takes effect.</summary>
    internal FaultMoment Moment { get; init; }

    /// <summary>The store loses its power with the line.</summary>
    internal bool IsPowerCut { get; init; }

    /// <summary>What a power cut leaves.</summary>
    internal int CrashSeed { get; init; }

    /// <summary>The job connects again; otherwise it dies with the line.</summary>
    internal bool LineComesBack { get; init; }

    /// <summary>The job ran on another machine: nobody here knows that it is gone.</summary>
    internal bool IsElsewhere { get; init; }

    /// <summary>The operation of the job before which somebody else deletes or prunes; 0 for none.</summary>
    internal int StepInAt { get; init; }

    /// <summary>Which image he means, or by which rule he prunes.</summary>
    internal int StepInChoice { get; init; }

    /// <summary>Nothing goes wrong.</summary>
    internal static ModelTrouble None { get; } = new();

    internal bool IsAny => CutAt > 0 || StepInAt > 0;

    /// <summary>Draws trouble.</summary>
    /// <param name="random">The run's.</param>
    /// <param name="operations">About how many operations the step has.</param>
    /// <param name="isBackup">Whether somebody may step in, and the line come back.</param>
    internal static ModelTrouble Draw(Random random, int operations, bool isBackup)
    {
        var (cuts, stepsIn) = (random.Next(100) < 55, isBackup && random.Next(100) < 30);
        return new ModelTrouble
        {
            CutAt = cuts ? random.Next(1, operations) : 0,
            Moment = random.Next(2) == 0 ? FaultMoment.Before : FaultMoment.After,
            IsPowerCut = random.Next(3) == 0,
            CrashSeed = random.Next(),
            LineComesBack = isBackup && random.Next(4) == 0,
            IsElsewhere = random.Next(5) == 0,
            StepInAt = stepsIn ? random.Next(1, operations) : 0,
            StepInChoice = random.Next(1000),
        };
    }

    public override string ToString() =>
        (CutAt > 0 ? $", cut {(Moment == FaultMoment.Before ? "before" : "after")} operation {CutAt}{(IsPowerCut ? " with the power" : "")}{(LineComesBack ? ", back again" : IsElsewhere ? ", job of another machine" : "")}" : "")
        + (StepInAt > 0 ? $", somebody steps in at {StepInAt} ({StepInChoice})" : "");
}
