package io.stopcast.notebook;

import io.stopcast.notebook.Notebook.Cell;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.UnresolvedReferenceException;
import jdk.jshell.execution.JdiExecutionControlProvider;

/**
 * A Java shell that runs a notebook's cells and fails where one of them does, as the JDK's own {@code jshell} does not: that one goes
 * on after a compile error or an exception and ends well.
 *
 * <p>Cells run in a virtual machine of their own, with this one's class path, and see what earlier cells declared. The {@link #prelude}
 * runs first. For one thread.
 */
public final class Shell implements AutoCloseable {
  private static final String PRELUDE = "prelude.jsh";

  /** How long the virtual machine may take to start; JShell's own 5 seconds are too few beside other work. */
  private static final String TIMEOUT_MILLIS = "120000";

  private final JShell shell;
  private final PrintStream out;
  private volatile boolean gone;

  private Shell(JShell shell, PrintStream out) {
    this.shell = shell;
    this.out = out;
    shell.onShutdown(s -> gone = true);
  }

  /**
   * Starts a shell in which the prelude has run.
   *
   * @param desk what the notebook works on
   * @param out where the cells' output goes, as UTF-8
   * @throws IOException if no virtual machine can be started, or the prelude fails
   */
  public static Shell start(Desk desk, OutputStream out) throws IOException {
    List<String> options = new ArrayList<>(List.of("-Xmx3g", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8", "-Djava.awt.headless=true"));
    desk.properties().forEach((name, value) -> options.add("-D" + name + "=" + value));
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    JShell shell;
    try {
      shell =
          JShell.builder()
              .out(print)
              .err(print)
              .remoteVMOptions(options.toArray(String[]::new))
              .executionEngine(new JdiExecutionControlProvider(), Map.of(JdiExecutionControlProvider.PARAM_TIMEOUT, TIMEOUT_MILLIS))
              .build();
    } catch (IllegalStateException e) {
      throw new IOException("the virtual machine for the notebook did not start: " + e.getMessage(), e);
    }
    for (String place : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!place.isEmpty()) {
        shell.addToClasspath(Path.of(place).toAbsolutePath().toString());
      }
    }
    Shell started = new Shell(shell, print);
    try {
      started.run(new Notebook(PRELUDE, List.of(new Cell(1, 1, prelude()))), 0);
    } catch (IOException | RuntimeException e) {
      started.close();
      throw e;
    }
    return started;
  }

  /** What runs before the first cell: imports, and the helpers of {@link Desk}. */
  public static String prelude() throws IOException {
    try (InputStream in = Shell.class.getResourceAsStream(PRELUDE)) {
      if (in == null) {
        throw new IOException(PRELUDE + " is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  /**
   * Runs a cell.
   *
   * @param cell its position within the notebook, from 0
   * @throws NotebookException if it does not compile, throws, ends in the middle of a statement, needs what nothing declares, or ends
   *     its virtual machine
   */
  public void run(Notebook notebook, int cell) throws NotebookException {
    try {
      new Evaluation(notebook, notebook.cells().get(cell)).run();
    } finally {
      out.flush();
    }
  }

  @Override
  public void close() {
    shell.close();
    out.flush();
  }

  /** One cell, snippet by snippet. */
  private final class Evaluation {
    private final Notebook notebook;
    private final Cell cell;
    /** Where each snippet begins, for stack traces of methods that it declares. */
    private final Map<String, Integer> begins = new TreeMap<>();
    private int line;

    Evaluation(Notebook notebook, Cell cell) {
      this.notebook = notebook;
      this.cell = cell;
      line = cell.line();
    }

    void run() throws NotebookException {
      SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
      String rest = cell.source();
      while (!rest.isBlank()) {
        CompletionInfo next = analysis.analyzeCompletion(rest);
        switch (next.completeness()) {
          case EMPTY -> {
            return; // comments
          }
          case CONSIDERED_INCOMPLETE, DEFINITELY_INCOMPLETE ->
              throw failure(line + firstCode(rest), "a statement begins here and does not end within the cell");
          default -> evaluate(next.source() == null ? rest : next.source());
        }
        String remaining = next.remaining() == null ? "" : next.remaining();
        line += newlines(rest.substring(0, rest.length() - remaining.length()));
        rest = remaining;
      }
      requireResolved();
    }

    private void evaluate(String source) throws NotebookException {
      for (SnippetEvent event : answered(source)) {
        Snippet snippet = event.snippet();
        if (event.causeSnippet() != null) {
          continue; // another snippet that this one has changed
        }
        begins.put(snippet.id(), line);
        if (event.status() == Snippet.Status.REJECTED) {
          Diag error = shell.diagnostics(snippet).filter(Diag::isError).findFirst().orElseThrow();
          int position = (int) Math.min(Math.max(0, error.getPosition()), source.length());
          throw failure(line + newlines(source.substring(0, position)), error.getMessage(null).strip());
        }
        if (event.exception() != null) {
          throw failure(event.exception());
        }
      }
    }

    private List<SnippetEvent> answered(String source) throws NotebookException {
      List<SnippetEvent> events = List.of();
      try {
        events = shell.eval(source);
      } catch (IllegalStateException e) { // how JShell says that its machine is gone, unless it just says nothing
        gone = true;
      }
      if (gone) {
        throw failure(line + firstCode(source), "the notebook's virtual machine ended here");
      }
      return events;
    }

    private NotebookException failure(JShellException exception) {
      int where = line;
      for (StackTraceElement frame : exception.getStackTrace()) {
        String file = String.valueOf(frame.getFileName());
        if (file.startsWith("#") && begins.containsKey(file.substring(1))) { // JShell's name for a snippet
          where = begins.get(file.substring(1)) + frame.getLineNumber() - 1;
          break;
        }
      }
      return failure(where, told(exception));
    }

    private static String told(JShellException exception) {
      if (exception instanceof UnresolvedReferenceException unresolved) {
        return "%s: it uses what is not declared"
            .formatted(unresolved.getSnippet().source().strip().lines().findFirst().orElse(""));
      }
      String text = exception.getMessage();
      if (exception instanceof EvalException thrown) {
        text = thrown.getExceptionClassName() + (text == null ? "" : ": " + text);
      }
      return exception.getCause() instanceof JShellException cause ? text + "; caused by " + told(cause) : text;
    }

    /** A method may use what a later snippet declares, but not what a later cell does. */
    private void requireResolved() throws NotebookException {
      for (Snippet snippet : shell.snippets().toList()) {
        Snippet.Status status = shell.status(snippet);
        if (snippet instanceof DeclarationSnippet declaration
            && begins.containsKey(snippet.id())
            && (status == Snippet.Status.RECOVERABLE_DEFINED || status == Snippet.Status.RECOVERABLE_NOT_DEFINED)) {
          String missing = shell.unresolvedDependencies(declaration).collect(Collectors.joining(", "));
          throw failure(
              begins.getOrDefault(snippet.id(), cell.line()) + firstCode(snippet.source()),
              "what is declared here needs %s, which nothing in this cell or before it declares".formatted(missing));
        }
      }
    }

    private NotebookException failure(int at, String what) {
      int inCell = at - cell.line();
      List<String> lines = cell.source().lines().toList();
      String shown = inCell >= 0 && inCell < lines.size() ? "\n  %d | %s".formatted(at, lines.get(inCell)) : "";
      return new NotebookException(at(at) + what + shown);
    }

    private String at(int at) {
      return "%s, cell %d, line %d: ".formatted(notebook.name(), cell.number(), at);
    }

    /** How many lines of comments and blanks come before the code. */
    private static int firstCode(String source) {
      int lines = 0;
      for (String text : source.lines().toList()) {
        if (!text.isBlank() && !text.strip().startsWith("//")) {
          return lines;
        }
        lines++;
      }
      return 0;
    }

    private static int newlines(String text) {
      return (int) text.chars().filter(c -> c == '\n').count();
    }
  }
}
