package io.stopcast.importing;

import io.stopcast.history.ImportException;
import io.stopcast.history.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The scalars of a YAML file by their names, {@code optimizer.lr} for one within a mapping.
 *
 * <p>Reads the parser's events and builds no objects: aliases are not followed, so that they cannot multiply, and what carries
 * a tag of its own, as Python objects do, is left out with all that is in it. Lists are left out too. A file of at most {@value
 * #LARGEST} bytes.
 */
final class YamlFacts {
  static final int LARGEST = 1 << 20;
  private static final int DEEPEST = 64;
  private static final int MOST = 10_000;

  private final String file;
  private final LogSink sink;
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final Deque<Level> levels = new ArrayDeque<>();
  private int leftOut;

  private YamlFacts(String file, LogSink sink) {
    this.file = file;
    this.sink = sink;
  }

  /** A collection that was opened. */
  private static final class Level {
    final String prefix;
    final boolean isRead;
    /** The name of the value that comes; null before a name, and for a name that is no scalar. */
    String key;
    boolean atValue;
    boolean isEmpty = true;

    Level(String prefix, boolean isRead) {
      this.prefix = prefix;
      this.isRead = isRead;
    }
  }

  /**
   * Reads a file; strings, booleans, {@link Long} and {@link Double}, in the file's order. Null is left out silently.
   *
   * @throws ImportException if it is too large or no YAML
   */
  static Map<String, Object> read(Path path, LogSink sink) throws IOException {
    // Before parsing: the parser takes seconds to refuse a large file.
    if (Files.size(path) > LARGEST) {
      throw new ImportException("%s has %d bytes; at most %d are read of a YAML file".formatted(path, Files.size(path), LARGEST));
    }
    YamlFacts reading = new YamlFacts(path.toString(), sink);
    LoadSettings settings =
        LoadSettings.builder().setLabel("YAML").setCodePointLimit(LARGEST).setMaxAliasesForCollections(0).build();
    try (InputStream in = Files.newInputStream(path)) {
      for (Event event : new Parse(settings).parseInputStream(in)) {
        reading.take(event);
      }
    } catch (YamlEngineException e) {
      String found = e.getMessage() == null ? e.toString() : e.getMessage().lines().findFirst().orElse("");
      throw new ImportException("%s is not YAML: %s; mend or remove it".formatted(path, Quoted.of(found)), e);
    }
    if (reading.leftOut > 0) {
      sink.skipped(path.toString(), "%d aliases, lists and objects with tags of their own".formatted(reading.leftOut));
    }
    return Collections.unmodifiableMap(reading.facts);
  }

  private void take(Event event) throws ImportException {
    switch (event.getEventId()) {
      case Scalar -> scalar((ScalarEvent) event);
      case MappingStart -> open((CollectionStartEvent) event, isOurs(((CollectionStartEvent) event).getTag().orElse(null)));
      case SequenceStart -> open((CollectionStartEvent) event, false);
      case Alias -> leave();
      case MappingEnd, SequenceEnd -> close();
      default -> {} // documents and streams begin and end
    }
  }

  private void open(CollectionStartEvent event, boolean read) throws ImportException {
    if (levels.size() == DEEPEST) {
      throw new ImportException("%s%s: nested deeper than %d; not read".formatted(file, at(event), DEEPEST));
    }
    Level outer = levels.peek();
    if (outer == null) {
      levels.push(new Level("", read));
      return;
    }
    boolean isValue = outer.atValue && outer.key != null;
    levels.push(new Level(isValue ? outer.prefix + outer.key + '.' : "", read && isValue));
  }

  private void close() {
    Level closed = levels.pop();
    Level outer = levels.peek();
    if (!closed.isRead && !closed.isEmpty && outer != null && outer.isRead) {
      leftOut++;
    }
    valueRead();
  }

  private void scalar(ScalarEvent event) throws ImportException {
    Level level = levels.peek();
    if (level == null || !level.isRead) {
      valueRead();
      return;
    }
    if (!level.atValue) {
      level.key = event.getValue();
      level.atValue = true;
      return;
    }
    if (level.key == null || !isOurs(event.getTag().orElse(null))) {
      leave();
      return;
    }
    if (facts.size() == MOST) {
      throw new ImportException("%s%s: more than %d values; not read".formatted(file, at(event), MOST));
    }
    String text = event.getValue();
    boolean isNull = event.isPlain() && (text.isEmpty() || text.equals("null") || text.equals("~") || text.equals("Null"));
    if (!isNull) {
      // Only true and false: that "no" means false is a trap of old YAML.
      Object before = facts.putIfAbsent(level.prefix + level.key, event.isPlain() ? LoggedNumber.scalar(text) : text);
      if (before != null) {
        throw new ImportException("%s%s: %s is there twice".formatted(file, at(event), Quoted.of(level.key)));
      }
    }
    valueRead();
  }

  private void leave() {
    leftOut++;
    valueRead();
  }

  /** A value is through, or a name that is no scalar. */
  private void valueRead() {
    Level level = levels.peek();
    if (level != null) {
      level.atValue = !level.atValue;
      level.isEmpty = false;
      level.key = null;
    }
  }

  private static boolean isOurs(String tag) {
    return tag == null || tag.startsWith("tag:yaml.org,2002:") && !tag.startsWith("tag:yaml.org,2002:python");
  }

  private static String at(NodeEvent event) {
    return event.getStartMark().map(mark -> " line " + (mark.getLine() + 1)).orElse("");
  }
}
