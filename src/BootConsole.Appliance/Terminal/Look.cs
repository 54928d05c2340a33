// What a terminal can show: signs and colours.
namespace BootConsole.Appliance.Terminal;

/// <summary>Signs and colours of one kind of terminal.</summary>
internal sealed record Look
{
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>A cell of a bar that is done.</summary>
    public required string Full { get; init; }

    /// <summary>A cell of every second part of a bar.</summary>
    public required string Other { get; init; }

    /// <summary>A cell of a bar that is not.</summary>
    public required string Rest { get; init; }

    /// <summary>Heights of a curve, lowest first.</summary>
    public required string Curve { get; init; }

    /// <summary>Marks the row that takes the keys.</summary>
    public required string Pointer { get; init; }

    /// <summary>Stands for text that was cut.</summary>
    public required string Cut { get; init; }

    /// <summary>A line across.</summary>
    public required string Rule { get; init; }

    /// <summary>Stands for a character of a password.</summary>
    public required string Dot { get; init; }

    /// <summary>True where nothing but ASCII may be sent: bytes from 0x80 on are other signs there, or control characters of an 8-bit terminal.</summary>
    public bool IsAscii { get; init; }

    /// <summary>True where roles are told apart by colour.</summary>
    public bool HasColour { get; init; } = true;

    /// <summary>Everything, for terminals that speak UTF-8.</summary>
    internal static Look Unicode { get; } = new() { Full = "█", Other = "▓", Rest = "░", Curve = "▁▂▃▄▅▆▇█", Pointer = "▶", Cut = "…", Rule = "─", Dot = "•" };

    /// <summary>The Linux console: its font has 256 or 512 signs. These are in the kernel's own (code page 437) and in the boot environment's (Uni2-Terminus); what a font lacks is a lozenge.</summary>
    internal static Look LinuxConsole { get; } = Unicode with { Other = "▒", Curve = "_■█", Pointer = "→", Cut = "»" };

    /// <summary>ASCII alone.</summary>
    internal static Look Ascii { get; } = new() { Full = "#", Other = "=", Rest = ".", Curve = "_.-=#", Pointer = ">", Cut = "~", Rule = "-", Dot = "*", IsAscii = true };

    /// <summary>The look for a terminal.</summary>
    /// <param name="environment">Reads a variable: TERM, LC_ALL, LC_CTYPE, LANG, NO_COLOR.</param>
    internal static Look For(Func<string, string?> environment)
    {
        var term = environment("TERM") ?? "";
        var locale = LocaleVariables.Select(environment).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        var isUtf8 = locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("utf8", StringComparison.OrdinalIgnoreCase);
        var isOld = term.StartsWith("vt", StringComparison.Ordinal) || term is "dumb" or "ansi" or "";
        var look = !isUtf8 || isOld ? Ascii : term == "linux" ? LinuxConsole : Unicode;
        return look with { HasColour = !isOld && string.IsNullOrEmpty(environment("NO_COLOR")) };
    }

    /// <summary>The control sequence that selects a role (SGR, ECMA-48 8.3.117). Without colours: bold and reverse, which a vt100 has.</summary>
    internal string Select(Role role) => (role, HasColour) switch
    {
        (Role.Chosen, _) => "\e[0;7m",
        (Role.Title, true) => "\e[0;1;37;44m",
        (Role.Title, false) => "\e[0;7m",
        (Role.Strong or Role.Key, _) => "\e[0;1m",
        (Role.Good, true) => "\e[0;32m",
        (Role.Warning, true) => "\e[0;33m",
        (Role.Bad, true) => "\e[0;1;31m",
        (Role.Dim, true) => "\e[0;36m",
        (Role.Bad or Role.Warning, false) => "\e[0;1m",
        _ => "\e[0m",
    };
}
