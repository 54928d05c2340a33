// Which images a list shows.
namespace BootConsole.Server.Catalogue;

/// <summary>A choice of images; deleted ones are never in it.</summary>
internal sealed record ImageChoice
{
    /// <summary>Only images of this PC, all of them; null for all PCs.</summary>
    internal string? Pc { get; init; }

    /// <summary>All images, and not only the newest of each PC and those that are not finished.</summary>
    internal bool All { get; init; }

    /// <summary>Only images in this state or, where several are named, one of these; empty for any.</summary>
    internal IReadOnlyList<string> States { get; init; } = [];
}
