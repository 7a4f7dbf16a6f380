package io.stopcast.notebook;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * A notebook in Jupyter's own format (nbformat 4.5), for a kernel that takes what a Java shell takes, such as JJava or IJava.
 *
 * <p>The prelude is its first cell of code; the comment with which a cell begins becomes a cell of text. Nothing has been run. The
 * same notebook gives the same bytes.
 */
public final class Jupyter {
  private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Jupyter() {}

  /**
   * Returns the notebook as JSON with a line break at its end.
   *
   * @param kernel the name under which Jupyter knows the kernel, such as {@code java}
   */
  public static String of(Notebook notebook, String kernel) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode cells = root.putArray("cells");
    add(cells, "code", "prelude", Shell.prelude());
    for (Notebook.Cell cell : notebook.cells()) {
      if (!cell.prose().isBlank()) {
        add(cells, "markdown", "text-" + cell.number(), cell.prose());
      }
      if (!cell.code().isEmpty()) {
        add(cells, "code", "code-" + cell.number(), cell.code());
      }
    }
    ObjectNode metadata = root.putObject("metadata");
    metadata.putObject("kernelspec").put("display_name", "Java").put("language", "java").put("name", kernel);
    metadata.putObject("language_info").put("name", "java").put("file_extension", ".jshell").put("mimetype", "text/x-java-source");
    root.put("nbformat", 4);
    root.put("nbformat_minor", 5);
    return JSON.writeValueAsString(root) + "\n";
  }

  private static void add(ArrayNode cells, String type, String id, String source) {
    ObjectNode cell = cells.addObject();
    cell.put("cell_type", type).put("id", id);
    cell.putObject("metadata");
    if (type.equals("code")) {
      cell.putNull("execution_count");
      cell.putArray("outputs");
    }
    ArrayNode lines = cell.putArray("source"); // each with its line break but the last
    String[] all = source.split("(?<=\n)", -1);
    for (String line : all) {
      lines.add(line);
    }
  }
}
