// A PC that the server knows.
namespace BootConsole.Server.Catalogue;

/// <summary>A PC, as the catalogue has it.</summary>
internal sealed record Pc
{
    /// <summary>Its number; 0 for one that is not in the catalogue yet.</summary>
    internal long Id { get; init; }

    /// <summary>Its name: part of its images' names, of its folder and of its user.</summary>
    internal required string Name { get; init; }

    /// <summary>The user as whom it comes in.</summary>
    internal required string Account { get; init; }

    /// <summary>The name of its contract.</summary>
    internal required string Contract { get; init; }

    /// <summary>Its network cards, <c>aa:bb:cc:dd:ee:ff</c>, in order.</summary>
    internal IReadOnlyList<string> Cards { get; init; } = [];

    /// <summary><c>dhcp</c>, or its address with the prefix length, as settings write it.</summary>
    internal string Address { get; init; } = "dhcp";

    /// <summary>The way out of a fixed address's network; null for none.</summary>
    internal string? Gateway { get; init; }

    /// <summary>TOML that its boot images carry besides what the server adds; may be empty.</summary>
    internal string Settings { get; init; } = "";

    /// <summary>Since when it is known.</summary>
    internal DateTimeOffset Added { get; init; }
}
