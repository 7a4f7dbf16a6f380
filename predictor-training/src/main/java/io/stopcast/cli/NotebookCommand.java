package io.stopcast.cli;

import io.stopcast.notebook.Desk;
import io.stopcast.notebook.Jupyter;
import io.stopcast.notebook.Notebook;
import io.stopcast.notebook.Shell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a notebook. */
@Command(
    name = "notebook",
    description = {
      "Runs a notebook: Java in cells, split by lines '" + Notebook.SPLIT + "'.",
      "Prints each cell's text and what it prints; plots are SVG files, whose paths are printed. Stops with exit code 1 at the first cell"
          + " that does not compile or throws, naming cell and line. notebooks/ holds some to begin with."
    },
    mixinStandardHelpOptions = true)
final class NotebookCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The notebook, such as notebooks/01-history.jsh.")
  private Path file;

  @Option(
      names = "--history",
      arity = "1..*",
      paramLabel = "PATH",
      description = "What load() reads: runs as JSON lines, plain or gzip: files, or folders of them; or stores. Default: the project's datasets/.")
  private List<Path> history = List.of(Home.datasets());

  @Option(names = "--models", paramLabel = "DIR", description = "Where model() looks for aliases. Default: the project's models/.")
  private Path models = Home.models();

  @Option(names = "--plots", paramLabel = "DIR", description = "Where plot() writes. Default: ${DEFAULT-VALUE}.", defaultValue = "plots")
  private Path plots;

  @Option(names = "--code", description = "Also print each cell's code.")
  private boolean withCode;

  @Option(
      names = "--to-ipynb",
      paramLabel = "OUT",
      description = "Do not run it, write it as a notebook for Jupyter with a Java kernel (JJava, IJava).")
  private Path ipynb;

  @Option(
      names = "--kernel",
      paramLabel = "NAME",
      description = "The name under which Jupyter knows that kernel. Default: ${DEFAULT-VALUE}.",
      defaultValue = "java")
  private String kernel;

  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Notebook notebook = Notebook.read(file);
    PrintWriter out = spec.commandLine().getOut();
    if (ipynb != null) {
      WholeFile.write(ipynb, Jupyter.of(notebook, kernel).getBytes(StandardCharsets.UTF_8));
      if (json.isOn()) {
        JsonOption.print(out, Map.of("notebook", notebook.name(), "cells", notebook.cells().size(), "ipynb", ipynb.toString()));
      } else {
        out.printf("wrote %s; the kernel needs the class path in target/launcher/classpath (for JJava: JJAVA_CLASSPATH)%n", ipynb);
      }
      return Stopcast.OK;
    }
    List<Map<String, Object>> cells = json.isOn() ? run(notebook) : run(notebook, out);
    if (json.isOn()) {
      JsonOption.print(out, Map.of("notebook", notebook.name(), "cells", cells));
    }
    return Stopcast.OK;
  }

  private Desk desk() {
    return new Desk(history, models, plots);
  }

  /** Runs it for people: text and output as they come. */
  private List<Map<String, Object>> run(Notebook notebook, PrintWriter out) throws IOException {
    try (Shell shell = Shell.start(desk(), new Forwarding(out))) {
      for (int i = 0; i < notebook.cells().size(); i++) {
        Notebook.Cell cell = notebook.cells().get(i);
        out.print(i == 0 ? "" : System.lineSeparator());
        cell.prose().lines().forEach(out::println);
        if (withCode) {
          cell.code().lines().forEach(line -> out.println("    " + line));
        }
        out.flush();
        shell.run(notebook, i);
      }
    }
    return List.of();
  }

  /** Runs it for programs. */
  private List<Map<String, Object>> run(Notebook notebook) throws IOException {
    List<Map<String, Object>> cells = new ArrayList<>();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (Shell shell = Shell.start(desk(), printed)) {
      for (int i = 0; i < notebook.cells().size(); i++) {
        printed.reset();
        shell.run(notebook, i);
        Map<String, Object> cell = new LinkedHashMap<>();
        cell.put("cell", notebook.cells().get(i).number());
        cell.put("line", notebook.cells().get(i).line());
        cell.put("output", printed.toString(StandardCharsets.UTF_8));
        cells.add(cell);
      }
    }
    return cells;
  }

  /** Cells print bytes, a verb prints characters: whole lines are handed on. */
  private static final class Forwarding extends OutputStream {
    private final PrintWriter out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Forwarding(PrintWriter out) {
      this.out = out;
    }

    @Override
    public synchronized void write(int b) {
      line.write(b);
      if (b == '\n') {
        handOn();
      }
    }

    private void handOn() {
      out.print(line.toString(StandardCharsets.UTF_8));
      out.flush();
      line.reset();
    }

    @Override
    public synchronized void close() {
      handOn();
    }
  }
}
