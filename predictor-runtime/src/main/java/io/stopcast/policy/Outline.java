package io.stopcast.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the part of YAML that an outline needs: keys with texts, indented maps, lists whose items are maps, and comments.
 *
 * <p>Every text that it reads is YAML and means the same there; what it does not know (anchors, tags, flow style, blocks of text, several
 * documents) it refuses, with the line. A mistake is an {@link IllegalArgumentException} that begins with the line.
 *
 * <p>Source: YAML Ain't Markup Language 1.2.2, chapters 7.3 and 8.2.
 */
final class Outline {
  private static final String SPECIAL = "[]{}&*!|>%@`#,?\"'";

  /** A text, a map or a list, and the line where it begins, counted from 1. */
  sealed interface Node {
    int line();
  }

  record Scalar(int line, String text) implements Node {}

  record Mapping(int line, Map<String, Node> entries) implements Node {}

  record Items(int line, List<Mapping> maps) implements Node {}

  private record Line(int number, int indent, String text) {}

  private final List<Line> lines = new ArrayList<>();
  private int next;

  private Outline(String text) {
    int number = 0;
    for (String line : text.split("\r\n|\n", -1)) {
      number++;
      String content = withoutComment(line).stripTrailing();
      int indent = 0;
      while (indent < content.length() && content.charAt(indent) == ' ') {
        indent++;
      }
      if (indent < content.length()) {
        if (content.charAt(indent) == '\t') {
          throw wrong(number, "lines are indented by spaces, not by tabs");
        }
        lines.add(new Line(number, indent, content.substring(indent)));
      }
    }
  }

  /** Reads a map. */
  static Mapping read(String text) {
    Outline outline = new Outline(text.startsWith("\ufeff") ? text.substring(1) : text);
    if (outline.lines.isEmpty()) {
      throw wrong(1, "there is nothing but comments and empty lines");
    }
    Mapping mapping = outline.mapping(outline.lines.get(0).indent());
    if (outline.next < outline.lines.size()) {
      Line line = outline.lines.get(outline.next);
      throw wrong(line.number(), "'" + line.text() + "' is indented less than what it belongs to");
    }
    return mapping;
  }

  static IllegalArgumentException wrong(int line, String why) {
    return new IllegalArgumentException("line " + line + ": " + why);
  }

  /** A '#' begins one where nothing or a blank stands before it, outside of quotes. */
  private static String withoutComment(String line) {
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean afterBlank = i == 0 || line.charAt(i - 1) == ' ' || line.charAt(i - 1) == '\t';
      if (quote == 0 && c == '#' && afterBlank) {
        return line.substring(0, i);
      }
      if (quote == '"' && c == '\\') {
        i++;
      } else if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'') && afterBlank) {
        quote = c; // within a word it is a letter like any other
      }
    }
    return line;
  }

  private Mapping mapping(int indent) {
    Map<String, Node> entries = new LinkedHashMap<>();
    int first = lines.get(next).number();
    while (next < lines.size() && lines.get(next).indent() == indent && !isItem(lines.get(next))) {
      Line line = lines.get(next++);
      int colon = colon(line);
      String key = scalar(line.number(), line.text().substring(0, colon).strip());
      String rest = line.text().substring(colon + 1).strip();
      Node value = rest.isEmpty() ? nested(line, indent) : new Scalar(line.number(), scalar(line.number(), rest));
      Node before = entries.put(key, value);
      if (before != null) {
        throw wrong(line.number(), "'" + key + "' stands in line " + before.line() + " already");
      }
    }
    if (next < lines.size() && lines.get(next).indent() > indent) {
      throw wrong(lines.get(next).number(), "'" + lines.get(next).text() + "' is indented more than the line before it, or continues it");
    }
    return new Mapping(first, entries);
  }

  /** What stands below a key that has nothing beside it. */
  private Node nested(Line key, int indent) {
    if (next < lines.size()) {
      Line line = lines.get(next);
      if (isItem(line) && line.indent() >= indent) {
        return items(line.indent());
      }
      if (line.indent() > indent) {
        return mapping(line.indent());
      }
    }
    throw wrong(key.number(), "'" + key.text() + "' has no value");
  }

  private Items items(int indent) {
    int first = lines.get(next).number();
    List<Mapping> maps = new ArrayList<>();
    while (next < lines.size() && lines.get(next).indent() == indent && isItem(lines.get(next))) {
      Line line = lines.get(next);
      String rest = line.text().substring(1);
      String item = rest.stripLeading();
      if (item.isEmpty()) {
        throw wrong(line.number(), "'-' is followed by the first key of its item, on the same line");
      }
      int inner = indent + 1 + rest.length() - item.length();
      lines.set(next, new Line(line.number(), inner, item)); // the item's first key, which others may stand below
      maps.add(mapping(inner));
    }
    return new Items(first, maps);
  }

  private static boolean isItem(Line line) {
    return line.text().equals("-") || line.text().startsWith("- ");
  }

  /** Where the key of a line ends. */
  private static int colon(Line line) {
    String text = line.text();
    char quote = text.charAt(0) == '"' || text.charAt(0) == '\'' ? text.charAt(0) : 0;
    int i = quote == 0 ? 0 : closing(line.number(), text, quote) + 1;
    while (i < text.length() && !(text.charAt(i) == ':' && (i + 1 == text.length() || text.charAt(i + 1) == ' '))) {
      i++;
    }
    if (i == text.length()) {
      throw wrong(line.number(), "'" + text + "' is no 'key: value'");
    }
    return i;
  }

  private static int closing(int line, String text, char quote) {
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote == '"' && c == '\\') {
        i++;
      } else if (c == quote && quote == '\'' && i + 1 < text.length() && text.charAt(i + 1) == quote) {
        i++;
      } else if (c == quote) {
        return i;
      }
    }
    throw wrong(line, text + " lacks its closing quote");
  }

  private static String scalar(int line, String text) {
    char first = text.isEmpty() ? ' ' : text.charAt(0);
    if (first == '"' || first == '\'') {
      if (closing(line, text, first) != text.length() - 1) {
        throw wrong(line, "something follows the closing quote of " + text);
      }
      String inner = text.substring(1, text.length() - 1);
      return first == '\'' ? inner.replace("''", "'") : unescaped(line, inner);
    }
    if (SPECIAL.indexOf(first) >= 0 || text.startsWith("- ") || text.equals("-") || text.startsWith(": ")) {
      throw wrong(line, "YAML takes a text that begins with '" + first + "' for something else: put quotes around " + text);
    }
    if (text.contains(": ") || text.endsWith(":")) {
      throw wrong(line, "YAML takes ': ' for the end of a key: put quotes around " + text);
    }
    return text;
  }

  private static String unescaped(int line, String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      i++;
      char escape = text.charAt(i);
      switch (escape) {
        case '"', '\\' -> plain.append(escape);
        case 'n' -> plain.append('\n');
        case 't' -> plain.append('\t');
        case 'u' -> {
          if (!text.substring(i + 1).matches("(?s)[0-9a-fA-F]{4}.*")) {
            throw wrong(line, "\\u is followed by four hexadecimal digits");
          }
          plain.append((char) Integer.parseInt(text.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> throw wrong(line, "'\\" + escape + "' is no escape that is known here; there are \\\" \\\\ \\n \\t \\u");
      }
    }
    return plain.toString();
  }

  /** A text as it is read again, quoted where it must be. */
  static String written(String text) {
    if (text.matches("[A-Za-z0-9_./(\\\\][ -~&&[^:#]]*") && !text.endsWith(" ") && !text.contains("--")) {
      return text;
    }
    if (text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      return "'" + text.replace("'", "''") + "'";
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c >= ' ' && c <= '~') {
        quoted.append(c);
      } else {
        quoted.append("\\u%04x".formatted((int) c));
      }
    }
    return quoted.append('"').toString();
  }
}
