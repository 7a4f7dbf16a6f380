package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.ImportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlFactsTest {
  @TempDir Path folder;
  private final CollectedLogs logs = new CollectedLogs();

  private Map<String, Object> read(String text) throws IOException {
    return YamlFacts.read(Files.writeString(folder.resolve("a.yaml"), text), logs);
  }

  @Test
  void read_scalars_byTheirPaths() throws IOException {
    assertEquals(
        Map.of("lr", 0.001, "n", 3L, "amp", true, "word", "no", "quoted", "1", "inf", 1 / 0.0),
        read("lr: 1.0e-3\nn: 3\namp: true\nword: no\nquoted: '1'\nnothing: null\ninf: .inf\n"));
    assertEquals(
        Map.of("opt.name", "adam", "opt.deep.eps", 1e-8), read("opt:\n  name: adam\n  deep: {eps: 1e-8}\n"));
    assertTrue(logs.skipped.isEmpty(), logs.skipped.toString());
  }

  @Test
  void read_objectsListsAndAliases_areLeftOutAndCounted() throws IOException {
    assertEquals(
        Map.of("a", 1L, "base.c", 3L, "z", 2L),
        read("a: 1\nobj: !!python/object:os.system {x: 1}\nlist: [1, {b: 2}]\nbase: &b {c: 3}\nagain: *b\nnone: []\nz: 2\n"));
    assertTrue(logs.skipped.get(0).endsWith(": 3 aliases, lists and objects with tags of their own"), logs.skipped.toString());
  }

  @Test
  void read_namesThatAreNoScalars_goWithTheirValues() throws IOException {
    assertEquals(Map.of("z", 2L), read("? [k]\n: v\n? {a: b}\n: {c: d}\nz: 2\n"));
  }

  @Test
  void read_billionLaughs_isOverAtOnce() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertEquals(Map.of(), read(bomb.toString()));
  }

  @Test
  void read_tooDeepTooLargeOrTwice_isRefused() {
    assertTrue(refusal("a: " + "[".repeat(1000)).contains("nested deeper than 64"));
    assertTrue(refusal("a: \"" + "x".repeat(YamlFacts.LARGEST) + "\"").contains("at most 1048576 are read"));
    assertTrue(refusal("a: 1\na: 2\n").contains("line 2: 'a' is there twice"));
    assertTrue(refusal("a: [1\nb").contains("is not YAML"));
  }

  private String refusal(String text) {
    return assertThrows(ImportException.class, () -> read(text)).getMessage();
  }
}
