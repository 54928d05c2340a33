// bootconsole completion: a script that teaches the shell to complete commands and options.
using System.CommandLine;
using BootConsole.Appliance.Output;
using BootConsole.Core;

namespace BootConsole.Appliance.Commands;

/// <summary>Prints completion scripts; they ask the program itself, so they never go out of date.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _bootconsole() {
            local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" candidates
            # After a switch the program would offer the switch's values alone: options are asked for behind the command.
            if [[ $word == -* && $COMP_CWORD -gt 1 ]]; then line="bootconsole ${COMP_WORDS[1]} $word"; fi
            candidates="$(bootconsole "[suggest:${#line}]" "$line" 2>/dev/null)"
            mapfile -t COMPREPLY < <(compgen -W "$candidates" -- "$word")
            [ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- "$word")
        }
        complete -o filenames -F _bootconsole bootconsole
        """;

    private const string Zsh = """
        #compdef bootconsole
        _bootconsole() {
            local line="${BUFFER[1,CURSOR]}"
            local -a candidates
            # After a switch the program would offer the switch's values alone: options are asked for behind the command.
            if [[ $PREFIX == -* && $CURRENT -gt 2 ]]; then line="bootconsole $words[2] $PREFIX"; fi
            candidates=("${(@f)$(bootconsole "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -a candidates
            _files
        }
        compdef _bootconsole bootconsole
        """;

    private static readonly Argument<string> Shell = new("SHELL") { Description = "bash or zsh", Arity = ArgumentArity.ExactlyOne };

    internal static Command Make(Services services)
    {
        var command = new Command("completion", "Print a shell completion script.") { Shell };
        command.WithExamples("bootconsole completion bash > /etc/bash_completion.d/bootconsole");
        command.Runs(services, "Nothing was changed.", session =>
        {
            var shell = session.Arguments.GetValue(Shell)!;
            var script = shell switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => throw new UsageFault("unknown shell") { Expected = "bash or zsh", Found = shell },
            };
            session.Answer(new CompletionDocument(shell, script), Documents.Context.CompletionDocument);
            foreach (var line in script.Split('\n')) session.Say(line);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
