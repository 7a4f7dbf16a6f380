package io.stopcast.cli;

import io.stopcast.history.ImportException;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.train.NothingToLearnException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ServiceLoader;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line: verbs, and what their failures answer. */
@Command(
    name = "stopcast",
    description = "Learns from past training runs when a run stops paying.",
    mixinStandardHelpOptions = true,
    version = "stopcast " + Stopcast.VERSION,
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      ImportCommand.class,
      HistoryCommand.class,
      RetrainCommand.class,
      EvaluateCommand.class,
      ReportCommand.class,
      PoliciesCommand.class,
      ReplayCommand.class,
      WatchCommand.class,
      VerifyCommand.class,
      ModelsCommand.class,
      ExplainCommand.class,
      NotebookCommand.class,
      CompletionCommand.class,
      NightlyCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:ok", "1:failure", "2:wrong usage", "3:gate failed", "4:bad data"})
public final class Stopcast {
  static final String VERSION = "0.1.0";

  static final int OK = 0;
  static final int FAILURE = 1;
  static final int USAGE = 2;
  static final int GATE_FAILED = 3;
  static final int BAD_DATA = 4;

  @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
  private boolean debug;

  private Stopcast() {}

  public static void main(String[] args) {
    // Libraries that log below warnings would mix into what verbs print.
    Logger.getLogger("").setLevel(Level.WARNING);
    System.exit(commandLine().execute(args));
  }

  /** The command line as {@link #main} runs it; streams can be set for tests. */
  static CommandLine commandLine() {
    Stopcast root = new Stopcast();
    CommandLine line = new CommandLine(root);
    ServiceLoader.load(VerbProvider.class).forEach(provider -> provider.verbs().forEach(line::addSubcommand));
    return line.setExecutionExceptionHandler((e, at, parsed) -> root.explain(e, at.getErr()));
  }

  private int explain(Exception e, PrintWriter err) {
    if (debug) {
      e.printStackTrace(err);
    }
    err.println("stopcast: " + describe(e));
    if (e instanceof ImportException || e instanceof ModelRejectedException || e instanceof NothingToLearnException) {
      return BAD_DATA;
    }
    return e instanceof WrongUsageException ? USAGE : FAILURE;
  }

  /** What went wrong, in one line for people. */
  static String describe(Exception e) {
    // The JDK's file exceptions have the path alone as their message.
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + " does not exist";
    }
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + " may not be read or written by this user";
    }
    if (e instanceof FileAlreadyExistsException exists) {
      return exists.getFile() + " exists already";
    }
    if (e instanceof IOException
        || e instanceof ModelRejectedException
        || e instanceof NothingToLearnException
        || e instanceof WrongUsageException) {
      return e.getMessage();
    }
    return e + " (run again with --debug for the stack trace, and report it)";
  }
}
