package io.stopcast.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the script by which a shell completes verbs and options. */
@Command(
    name = "completion",
    description = {
      "Prints a script by which bash and zsh complete verbs, options and files:",
      "  source <(./stopcast completion)                      # for this shell",
      "  ./stopcast completion > ~/.local/share/bash-completion/completions/stopcast     # for good, in bash",
      "It completes the command 'stopcast', with or without a path before it."
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash("stopcast", spec.root().commandLine()));
    out.flush();
    return Stopcast.OK;
  }
}
