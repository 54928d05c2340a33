// Chooses the compression level by who holds up the job: harder while the wire does, less hard while the processor does. Pure.
using BootConsole.Codec;

namespace BootConsole.Jobs;

/// <summary>How busy the two rivals were of late.</summary>
/// <param name="Compress">Share of the workers' time spent compressing, 0 to 1.</param>
/// <param name="Wire">Share of the time that sending took, a bandwidth limit included, 0 to 1.</param>
public readonly record struct PaceSample(double Compress, double Wire);

/// <summary>A controller that is given a sample a second and moves by one level at a time. Where neither rival holds the job (the disk does), the level stays.</summary>
/// <param name="start">The level to begin with.</param>
/// <param name="highest">The highest level it may choose; see <see cref="HighestFor(int)"/>.</param>
public sealed class LevelControl(int start, int highest)
{
    /// <summary>The level that a job begins with.</summary>
    public const int Start = 3;

    /// <summary>The highest level that is ever chosen: those above take two to six times as long for one to three percent.</summary>
    public const int MostLevel = 12;

    // One level costs up to 1.7 times the work of the one below: at 0.55 of the processor there is room for it. The wire is never quite busy all the time.
    private const double WireHolds = 0.9, ProcessorHolds = 0.9, HasRoom = 0.55;

    // One strange second means nothing; two are a trend.
    private const int Agreeing = 2;

    // Where one level is too much for the processor and the one below too little for the wire, the higher one is tried again ever more seldom: seconds.
    private const int FirstPause = 30, LongestPause = 480;

    private int _wish, _agreed, _tooHigh, _pause, _pauseLeft;
    private bool _isSettling;

    /// <summary>The level now.</summary>
    public int Level { get; private set; } = Math.Min(start, highest);

    /// <summary>
    /// The highest level whose working memory leaves four workers (or as many as the machine and the chunks allow): a worker takes 1 MiB at level 3 and up to 49 at level 12,
    /// and how many there are is fixed before the first chunk is read.
    /// </summary>
    public static int HighestFor(int chunkBytes) => HighestFor(chunkBytes, Environment.ProcessorCount);

    internal static int HighestFor(int chunkBytes, int processors)
    {
        var workers = Math.Min(4, MemoryBudget.For(chunkBytes, ZstdTransform.MinLevel, processors).Workers);
        for (var level = MostLevel; level > Start; level--)
            if (MemoryBudget.For(chunkBytes, level, processors).Workers >= workers) return level;
        return Start;
    }

    /// <summary>Takes a sample and gives the level from here on.</summary>
    public int Next(PaceSample sample)
    {
        if (_pauseLeft > 0) _pauseLeft--;
        // The first second after a change still shows chunks of the level before.
        if (_isSettling)
        {
            _isSettling = false;
            return Level;
        }

        var wish = Wish(sample);
        _agreed = wish == _wish ? _agreed + 1 : 1;
        _wish = wish;
        if (wish == 0 || _agreed < Agreeing) return Level;
        if (wish > 0) Raise();
        else Lower();
        return Level;
    }

    private static int Wish(PaceSample sample) => sample switch
    {
        { Wire: >= WireHolds, Compress: <= HasRoom } => 1,
        { Compress: >= ProcessorHolds, Wire: < WireHolds } => -1,
        _ => 0,
    };

    private void Raise()
    {
        if (Level >= highest || (Level + 1 == _tooHigh && _pauseLeft > 0)) return;
        MoveTo(Level + 1);
    }

    private void Lower()
    {
        if (Level <= ZstdTransform.MinLevel) return;
        _pause = Level == _tooHigh ? Math.Min(_pause * 2, LongestPause) : FirstPause;
        (_tooHigh, _pauseLeft) = (Level, _pause);
        MoveTo(Level - 1);
    }

    private void MoveTo(int level) => (Level, _agreed, _isSettling) = (level, 0, true);
}
