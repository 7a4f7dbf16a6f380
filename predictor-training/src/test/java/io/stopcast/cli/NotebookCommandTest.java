package io.stopcast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Running and converting notebooks, and the completion script, from arguments to exit codes. */
class NotebookCommandTest {
  @TempDir private Path folder;

  private record Answer(int exit, String out, String err) {}

  private static Answer run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Stopcast.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(Stream.of(args).map(Object::toString).toArray(String[]::new));
    return new Answer(exit, out.toString().replace("\r\n", "\n"), err.toString().replace("\r\n", "\n"));
  }

  @Test
  void notebook_aCellFails_printsWhatCameBeforeAndEndsWith1() throws IOException {
    Path file = Files.writeString(folder.resolve("n.jsh"), "// # First\nsay(\"one\");\n//--- CELL ---\n// # Second\nsay(oops);\n//--- CELL ---\nsay(\"three\");\n");
    Answer answer = run("notebook", file, "--code");
    assertEquals(1, answer.exit);
    assertEquals("# First\n    say(\"one\");\none\n\n# Second\n    say(oops);\n", answer.out);
    assertTrue(answer.err.startsWith("stopcast: n.jsh, cell 2, line 5: cannot find symbol"), answer.err);
  }

  @Test
  void notebook_asJson_hasEachCellsOutput() throws IOException {
    Path file = Files.writeString(folder.resolve("n.jsh"), "say(\"one\");\n//--- CELL ---\n\nsay(\"%.1f\", 2.0);\n");
    Answer answer = run("notebook", file, "--json");
    assertEquals(0, answer.exit, answer.err);
    assertEquals(
        "[{\"cell\":1,\"line\":1,\"output\":\"one\\n\"},{\"cell\":2,\"line\":4,\"output\":\"2.0\\n\"}]",
        new ObjectMapper().readTree(answer.out).get("cells").toString());
  }

  @Test
  void notebook_toJupyter_writesAFileAndRunsNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("n.jsh"), "throw new Exception();\n");
    Path out = folder.resolve("n.ipynb");
    Answer answer = run("notebook", file, "--to-ipynb", out, "--kernel", "jjava");
    assertEquals(0, answer.exit, answer.err);
    assertEquals("jjava", new ObjectMapper().readTree(out.toFile()).at("/metadata/kernelspec/name").asText());
    assertFalse(Files.exists(folder.resolve("n.ipynb.draft")));
  }

  @Test
  void notebook_noSuchFile_saysSo() {
    Answer answer = run("notebook", folder.resolve("none.jsh"));
    assertEquals(1, answer.exit);
    assertEquals("stopcast: " + folder.resolve("none.jsh") + " does not exist\n", answer.err);
  }

  @Test
  void completion_bash_completesVerbsAndOptions() throws Exception {
    Answer answer = run("completion");
    assertEquals(0, answer.exit, answer.err);
    Path script = Files.writeString(folder.resolve("complete.bash"), answer.out);
    String asked =
        "source '%s'; COMP_WORDS=(stopcast expl); COMP_CWORD=1; _complete_stopcast; echo \"${COMPREPLY[@]}\"; COMP_WORDS=(stopcast explain --pri); COMP_CWORD=2;"
            .formatted(script)
            + " _complete_stopcast; echo \"${COMPREPLY[@]}\"";
    Process bash = new ProcessBuilder("bash", "-c", asked).redirectError(ProcessBuilder.Redirect.DISCARD).start(); // compopt misses a terminal
    assertEquals("explain\n--price\n", new String(bash.getInputStream().readAllBytes()));
  }
}
