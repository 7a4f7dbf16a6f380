package io.stopcast.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every notebook of the project runs on the shipped histories, and prints what stands in {@code src/test/resources/notebooks}: each number.
 *
 * <p>{@link #main} writes those files anew, from the module's folder.
 */
class NotebooksTest {
  private static final Path EXPECTED = Path.of("src", "test", "resources", "notebooks");

  static Stream<String> notebooks() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("..", "notebooks"))) {
      return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".jsh")).sorted().toList().stream();
    }
  }

  /** What a notebook prints, without the folder of its plots. */
  private static String printed(String name, Path plots) throws IOException {
    Notebook notebook = Notebook.read(Path.of("..", "notebooks", name));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Shell shell = Shell.start(new Desk(List.of(Path.of("..", "datasets")), Path.of("..", "models"), plots), out)) {
      for (int i = 0; i < notebook.cells().size(); i++) {
        shell.run(notebook, i);
      }
    }
    return out.toString(StandardCharsets.UTF_8).replace(plots.toString(), "plots");
  }

  private static Path expected(String name) {
    return EXPECTED.resolve(name.replace(".jsh", ".txt"));
  }

  @ParameterizedTest
  @MethodSource("notebooks")
  void notebook_printsTheSameAsEver(String name, @TempDir Path plots) throws IOException {
    assertEquals(Files.readString(expected(name)), printed(name, plots));
    try (Stream<Path> drawn = Files.list(plots)) {
      List<Path> files = drawn.toList();
      assertTrue(!files.isEmpty(), name + " draws nothing");
      for (Path file : files) {
        assertTrue(Files.readString(file).endsWith("</svg>\n"), file.toString());
      }
    }
  }

  public static void main(String[] names) throws IOException {
    for (String name : names.length > 0 ? List.of(names) : notebooks().toList()) {
      Files.writeString(expected(name), printed(name, Files.createTempDirectory("plots")));
    }
  }
}
