package io.stopcast.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stopcast.notebook.Notebook.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotebookTest {
  private static final String TEXT =
      """

      // # A title
      //   indented
      int a = 1;

      // not at the top
      //--- CELL ---

        //--- CELL ---\s
      // only words
      //--- CELL ---
      int b = 2;
      """;

  @Test
  void parse_cellsWithTheirLines_emptyOnesAreLeftOut() throws IOException {
    assertEquals(
        List.of(
            new Cell(1, 2, "// # A title\n//   indented\nint a = 1;\n\n// not at the top"),
            new Cell(2, 10, "// only words"),
            new Cell(3, 12, "int b = 2;")),
        Notebook.parse("n", TEXT).cells());
  }

  @Test
  void cell_proseIsTheCommentAtItsTop_codeTheRest() throws IOException {
    Cell cell = Notebook.parse("n", TEXT).cells().get(0);
    assertEquals("# A title\n  indented", cell.prose());
    assertEquals("int a = 1;\n\n// not at the top", cell.code());
  }

  @Test
  void read_nothingInIt_saysWhatANotebookIs(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("empty.jsh"), "\n//--- CELL ---\n\n");
    assertEquals(
        "empty.jsh has no cell; a notebook is Java in cells, with lines '//--- CELL ---' between them",
        assertThrows(IOException.class, () -> Notebook.read(file)).getMessage());
  }

  @Test
  void read_noText_isRefused(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("bytes.jsh"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertEquals(
        file + " is no notebook: it is not text in UTF-8",
        assertThrows(IOException.class, () -> Notebook.read(file)).getMessage());
  }

  @Test
  void jupyter_hasAllThatANotebookNeeds_andTheSameCodeInTheSameOrder() throws IOException {
    JsonNode root = new ObjectMapper().readTree(Jupyter.of(Notebook.parse("n", TEXT), "jjava"));
    assertEquals(4, root.get("nbformat").asInt());
    assertEquals(5, root.get("nbformat_minor").asInt());
    assertEquals("jjava", root.at("/metadata/kernelspec/name").asText());
    List<String> shown = new ArrayList<>();
    for (JsonNode cell : root.get("cells")) {
      String source = String.join("", StreamSupport.stream(cell.get("source").spliterator(), false).map(JsonNode::asText).toList());
      shown.add(cell.get("cell_type").asText() + " " + cell.get("id").asText() + " " + source);
      assertEquals(cell.get("cell_type").asText().equals("code"), cell.has("outputs"));
      assertEquals(cell.get("cell_type").asText().equals("code"), cell.has("execution_count"));
    }
    assertEquals(
        List.of(
            "code prelude " + Shell.prelude(),
            "markdown text-1 # A title\n  indented",
            "code code-1 int a = 1;\n\n// not at the top",
            "markdown text-2 only words",
            "code code-3 int b = 2;"),
        shown);
  }
}
