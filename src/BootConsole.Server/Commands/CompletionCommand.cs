// bootserver completion: a script that teaches bash to complete commands and options.
using System.CommandLine;
using BootConsole.Core;
using BootConsole.Server.Output;

namespace BootConsole.Server.Commands;

/// <summary>Prints completion scripts; they ask the program itself, so they never go out of date.</summary>
internal static class CompletionCommand
{
    // Only words that are no options name the command; behind a switch the program would offer the switch's values alone.
    private const string Bash = """
        _bootserver() {
            local here="${COMP_WORDS[COMP_CWORD]}" line="bootserver" word
            for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [[ $word == -* ]] && break; line+=" $word"; done
            line+=" $here"
            mapfile -t COMPREPLY < <(compgen -W "$(bootserver "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$here")
            if [ "${#COMPREPLY[@]}" = 0 ]; then mapfile -t COMPREPLY < <(compgen -f -- "$here"); fi
        }
        complete -o filenames -F _bootserver bootserver
        """;

    private const string Zsh = """
        #compdef bootserver
        _bootserver() {
            local line="bootserver" word
            for word in "${(@)words[2,CURRENT-1]}"; do [[ $word == -* ]] && break; line+=" $word"; done
            line+=" $PREFIX"
            compadd -- "${(@f)$(bootserver "[suggest:${#line}]" "$line" 2>/dev/null)}"
            _files
        }
        compdef _bootserver bootserver
        # Where zsh has loaded this file by its name, as it does from a folder of completions, the file is the function that is to complete.
        if [ "${funcstack[1]}" = _bootserver ]; then _bootserver "$@"; fi
        """;

    private static readonly Argument<string> Shell = new("SHELL") { Description = "bash or zsh" };

    internal static Command Make(Services services)
    {
        var command = new Command("completion", "Print a shell completion script.") { Shell };
        ExampleHelp.Give(command, "bootserver completion bash > /etc/bash_completion.d/bootserver");
        command.Does(services, "Nothing was changed.", session =>
        {
            var shell = session.Line.GetValue(Shell)!;
            var script = shell == "bash" ? Bash : shell == "zsh" ? Zsh : throw new UsageFault("unknown shell") { Expected = "bash or zsh", Found = shell };
            session.Answer(script.Split('\n'), new ScriptDocument(shell, script), Documents.Default.ScriptDocument);
            return Task.CompletedTask;
        });
        return command;
    }
}
