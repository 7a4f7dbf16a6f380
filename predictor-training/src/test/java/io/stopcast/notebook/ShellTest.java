package io.stopcast.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cell prints, and what is told of one that fails; one virtual machine for all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShellTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private Path folder;
  private Shell shell;

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    shell = Shell.start(desk(), printed);
  }

  @AfterAll
  void close() {
    shell.close();
  }

  private Desk desk() {
    return new Desk(List.of(Path.of("..", "datasets", "grokking.jsonl.gz")), Path.of("..", "models"), folder.resolve("plots"));
  }

  private String run(String... cells) throws IOException {
    printed.reset();
    Notebook notebook = Notebook.parse("n.jsh", String.join("\n" + Notebook.SPLIT + "\n", cells) + "\n");
    for (int i = 0; i < cells.length; i++) {
      shell.run(notebook, i);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void run_laterCellsSeeEarlierOnes_inEveryAlphabet() throws IOException {
    assertEquals(
        "8 \u00e4\u4e2d\n",
        run("int twice(int x) {\n  return 2 * x;\n}", "// four\nsay(\"%d %s\", twice(4), \"\\u00e4\\u4e2d\");"));
  }

  @Test
  void run_aMethodMayUseWhatTheSameCellDeclaresLater() throws IOException {
    assertEquals("7\n", run("int first() { return second() + 1; }\nint second() { return 6; }\nsay(\"%d\", first());"));
  }

  @Test
  void run_historyModelTableAndPlot_areAtHand() throws IOException {
    String shown =
        run(
            "var some = some(scored(load()), 3, 4);\nsay(\"%d runs, %d trees\", some.size(), model(\"champion\").trees());\n"
                + "table(\"a\", \"n\").row(\"x\", 1.5).row(\"yy\", 3).print();\n"
                + "plot(\"curve\", Chart.of(\"t\", \"x\", \"y\").line(\"l\", new double[] {0, 1}, new double[] {1, 2}));");
    assertEquals("12 runs, 100 trees\na        n\nx   1.5000\nyy       3\nplot: " + folder.resolve("plots/curve.svg") + "\n", shown);
    assertTrue(Files.readString(folder.resolve("plots/curve.svg")).startsWith("<svg "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int x = \"a\";          | incompatible types: java.lang.String cannot be converted to int",
        "int y = 3 +* 4;         | illegal start of expression",
        "var a = new Object().foo();     | cannot find symbol",
        "int f() { return g(); } | what is declared here needs method g(), which nothing in this cell or before it declares",
        "for (int i = 0;         | a statement begins here and does not end within the cell",
        "if (true) throw new IllegalStateException(\"boom\"); | java.lang.IllegalStateException: boom",
        "plot(\"../up\", Chart.of(\"t\", \"x\", \"y\")); | java.lang.IllegalArgumentException: a plot's name has letters, digits,"
      })
  void run_aCellFails_namesCellLineAndWhatIsWrong(String code, String message) {
    NotebookException failure = assertThrows(NotebookException.class, () -> run("int one = 1;", "// text\n\n// more\n" + code + "\n"));
    assertTrue(failure.getMessage().startsWith("n.jsh, cell 2, line 6: " + message), failure.getMessage());
    assertTrue(failure.getMessage().endsWith("\n  6 | " + code), failure.getMessage());
  }

  @Test
  void run_anExceptionInAMethodOfAnEarlierLine_namesTheLineThatThrew() {
    String code = "int risky(int x) {\n  return 1 / x;\n}\n\nint after = risky(\n  0);";
    assertEquals(
        "n.jsh, cell 1, line 2: java.lang.ArithmeticException: / by zero\n  2 |   return 1 / x;",
        assertThrows(NotebookException.class, () -> run(code)).getMessage());
  }

  @Test
  void run_theMachineEnds_isAFailureToo() throws IOException {
    try (Shell other = Shell.start(desk(), new ByteArrayOutputStream())) {
      Notebook notebook = Notebook.parse("n.jsh", "int a = 1;\nSystem.exit(0);");
      assertEquals(
          "n.jsh, cell 1, line 2: the notebook's virtual machine ended here\n  2 | System.exit(0);",
          assertThrows(NotebookException.class, () -> other.run(notebook, 0)).getMessage());
    }
  }
}
