// A transform that may work harder or less hard from chunk to chunk.
namespace BootConsole.Codec;

/// <summary>A chunk transform with a level; what it gives is read without knowing it.</summary>
public interface ILeveledTransform : IChunkTransform
{
    /// <summary>The level of the next chunk; setting it is cheap.</summary>
    int Level { get; set; }
}
