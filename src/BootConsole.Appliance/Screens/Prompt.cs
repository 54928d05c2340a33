// What a screen asks for, for those who cannot see it: one question after another.
using BootConsole.Appliance.Output;
using BootConsole.Appliance.Terminal;

namespace BootConsole.Appliance.Screens;

/// <summary>The question of a screen.</summary>
internal abstract record Prompt;

/// <summary>One row of several, or several where that makes sense.</summary>
/// <param name="Question">The question.</param>
/// <param name="Rows">The rows; each with everything that a person needs to choose it.</param>
/// <param name="MayMark">True when several may be chosen at once.</param>
internal sealed record PickPrompt(string Question, IReadOnlyList<string> Rows, bool MayMark = false) : Prompt;

/// <summary>The fields of a form, one after another.</summary>
internal sealed record FormPrompt(Form Form) : Prompt;

/// <summary>A line of text.</summary>
/// <param name="Question">The question.</param>
/// <param name="IsSecret">True when it must not be seen.</param>
/// <param name="HasPage">True when the question cannot be answered without what the page says.</param>
internal sealed record LinePrompt(string Question, bool IsSecret = false, bool HasPage = false) : Prompt;

/// <summary>One of the keys that the screen names.</summary>
internal sealed record KeyPrompt : Prompt;

/// <summary>Nothing now: something is under way, which a key may stop.</summary>
/// <param name="What">What it is at; changes are said.</param>
internal sealed record WaitPrompt(string What) : Prompt;
