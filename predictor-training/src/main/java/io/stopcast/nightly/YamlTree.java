package io.stopcast.nightly;

import io.stopcast.history.ImportException;
import io.stopcast.history.Quoted;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A small YAML file as mappings, lists and texts, each with its line. Made from the parser's events: no objects are built, nothing is taken for
 * a number or a truth value, and anchors, aliases, tags and names that come twice are refused. At most {@value #LARGEST} bytes and {@value #DEEPEST}
 * levels.
 */
final class YamlTree {
  static final int LARGEST = 1 << 16;
  private static final int DEEPEST = 8;

  /** Something in the file. */
  sealed interface Node {
    int line();
  }

  record Text(int line, String value) implements Node {}

  record Items(int line, List<Node> items) implements Node {}

  /** @param lines of the names */
  record Mapping(int line, Map<String, Node> entries, Map<String, Integer> lines) implements Node {
    /** That says nothing. */
    static Mapping none(int line) {
      return new Mapping(line, Map.of(), Map.of());
    }
  }

  private static final String NO_NAME = "";

  private final Path file;
  private final Deque<Node> open = new ArrayDeque<>();
  private final Deque<String> names = new ArrayDeque<>();
  private Node root;

  private YamlTree(Path file) {
    this.file = file;
  }

  /** Reads a file that is one mapping; empty if it holds nothing. */
  static Mapping read(Path file) throws IOException {
    if (!Files.exists(file) || Files.isDirectory(file)) {
      throw new ImportException("%s is no file; a plan is one, such as docs/nightly.md shows".formatted(file));
    }
    long size = Files.size(file);
    if (size > LARGEST) { // before parsing, which takes seconds to refuse a large one
      throw new ImportException("%s has %d bytes; a plan has at most %d".formatted(file, size, LARGEST));
    }
    YamlTree tree = new YamlTree(file);
    LoadSettings settings =
        LoadSettings.builder().setLabel("YAML").setCodePointLimit(LARGEST).setMaxAliasesForCollections(0).build();
    try {
      for (Event event : new Parse(settings).parseInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
        tree.take(event);
      }
    } catch (YamlEngineException e) {
      String found = e.getMessage() == null ? e.toString() : e.getMessage().replaceAll("\\s+", " ");
      throw new ImportException("%s is not YAML: %s".formatted(file, Quoted.of(found)), e);
    }
    if (tree.root == null) {
      return Mapping.none(1);
    }
    if (tree.root instanceof Mapping mapping) {
      return mapping;
    }
    throw new ImportException("%s line %d: a plan is a mapping such as 'store: history'".formatted(file, tree.root.line()));
  }

  private void take(Event event) throws ImportException {
    switch (event.getEventId()) {
      case Scalar -> {
        ScalarEvent scalar = (ScalarEvent) event;
        int line = plain(scalar, scalar.getTag().isPresent());
        if (open.peek() instanceof Mapping mapping && names.peek().equals(NO_NAME)) {
          name(mapping, scalar.getValue(), line);
        } else {
          put(new Text(line, scalar.getValue()));
        }
      }
      case MappingStart -> start(new Mapping(plain((NodeEvent) event, tagged(event)), new LinkedHashMap<>(), new LinkedHashMap<>()), true);
      case SequenceStart -> start(new Items(plain((NodeEvent) event, tagged(event)), new ArrayList<>()), false);
      case MappingEnd -> {
        names.pop();
        put(open.pop());
      }
      case SequenceEnd -> put(open.pop());
      case Alias -> throw new ImportException("%s line %d: aliases are not read; write it out".formatted(file, line((NodeEvent) event)));
      case DocumentStart -> {
        if (root != null) {
          throw new ImportException("%s holds more than one document; a plan is one".formatted(file));
        }
      }
      default -> {} // the end of a document, the ends of the stream
    }
  }

  private static boolean tagged(Event event) {
    return ((CollectionStartEvent) event).getTag().isPresent();
  }

  private int plain(NodeEvent event, boolean tagged) throws ImportException {
    if (tagged || event.getAnchor().isPresent()) {
      throw new ImportException("%s line %d: tags and anchors are not read; write it plainly".formatted(file, line(event)));
    }
    return line(event);
  }

  private static int line(NodeEvent event) {
    return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  private void start(Node node, boolean isMapping) throws ImportException {
    if (open.size() == DEEPEST) {
      throw new ImportException("%s line %d: nested deeper than %d".formatted(file, node.line(), DEEPEST));
    }
    if (open.peek() instanceof Mapping && names.peek().equals(NO_NAME)) {
      throw new ImportException("%s line %d: a name must be a text".formatted(file, node.line()));
    }
    open.push(node);
    if (isMapping) {
      names.push(NO_NAME);
    }
  }

  private void name(Mapping mapping, String name, int line) throws ImportException {
    if (name.isEmpty() || mapping.entries.containsKey(name)) {
      throw new ImportException(
          "%s line %d: %s".formatted(file, line, name.isEmpty() ? "a name must not be empty" : Quoted.of(name) + " is there twice"));
    }
    names.pop();
    names.push(name);
    mapping.lines.put(name, line);
  }

  private void put(Node node) {
    Node outer = open.peek();
    if (outer instanceof Mapping mapping) {
      mapping.entries.put(names.pop(), node);
      names.push(NO_NAME);
    } else if (outer instanceof Items items) {
      items.items.add(node);
    } else {
      root = node;
    }
  }
}
