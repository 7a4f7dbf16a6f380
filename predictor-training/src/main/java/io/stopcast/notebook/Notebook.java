package io.stopcast.notebook;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Java snippets in cells, read from a text file in which a line {@value #SPLIT} ends one cell and begins the next.
 *
 * @param name what to call it in messages: the file's name
 * @param cells at least one; cells without anything in them are left out
 */
public record Notebook(String name, List<Cell> cells) {
  /** The line between two cells; blanks around it do not matter. */
  public static final String SPLIT = "//--- CELL ---";

  private static final String COMMENT = "//";

  /**
   * One cell.
   *
   * @param number counted from 1
   * @param line the file's line, counted from 1, with which {@code source} begins
   * @param source snippets as a Java shell takes them, without blank lines at either end
   */
  public record Cell(int number, int line, String source) {
    /** The comment with which the cell begins, without its slashes: what it is about, in Markdown. Empty if it has none. */
    public String prose() {
      List<String> prose = new ArrayList<>();
      for (String text : source.lines().toList()) {
        if (!text.startsWith(COMMENT)) {
          break;
        }
        String said = text.substring(COMMENT.length());
        prose.add(said.startsWith(" ") ? said.substring(1) : said);
      }
      return String.join("\n", prose);
    }

    /** What comes behind the {@link #prose}. May be empty. */
    public String code() {
      return String.join("\n", source.lines().dropWhile(text -> text.startsWith(COMMENT)).toList()).strip();
    }
  }

  public Notebook {
    cells = List.copyOf(cells);
  }

  /**
   * Reads a notebook.
   *
   * @throws IOException if the file cannot be read, is not UTF-8 or has no cell
   */
  public static Notebook read(Path file) throws IOException {
    try {
      return parse(String.valueOf(file.getFileName()), Files.readString(file, StandardCharsets.UTF_8));
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is no notebook: it is not text in UTF-8", e);
    }
  }

  static Notebook parse(String name, String text) throws IOException {
    List<Cell> cells = new ArrayList<>();
    List<String> lines = text.lines().toList();
    int from = 0;
    for (int i = 0; i <= lines.size(); i++) {
      if (i == lines.size() || lines.get(i).strip().equals(SPLIT)) {
        add(lines, from, i, cells);
        from = i + 1;
      }
    }
    if (cells.isEmpty()) {
      throw new IOException("%s has no cell; a notebook is Java in cells, with lines '%s' between them".formatted(name, SPLIT));
    }
    return new Notebook(name, cells);
  }

  private static void add(List<String> lines, int from, int to, List<Cell> cells) {
    int first = from;
    int end = to;
    while (first < end && lines.get(first).isBlank()) {
      first++;
    }
    while (end > first && lines.get(end - 1).isBlank()) {
      end--;
    }
    if (first < end) {
      cells.add(new Cell(cells.size() + 1, first + 1, String.join("\n", lines.subList(first, end))));
    }
  }
}
