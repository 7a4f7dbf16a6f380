package io.stopcast.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.importing.Importer;
import io.stopcast.run.Exemption;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreTest {
  @TempDir Path temp;
  private Path folder;
  private Store store;

  @BeforeEach
  void store() {
    // A name that needs care in SQL.
    folder = temp.resolve("it's a \"store\" {1} ä");
    store = Store.in(folder);
  }

  /** A run of two steps in our own form; JSON escapes in names are left to the caller. */
  private static String run(String task, String run, double first) {
    return ("{\"source\":\"s\",\"task\":\"%s\",\"run\":\"%s\",\"context\":{},\"objective\":{\"name\":\"m\",\"goal\":\"max\"},"
            + "\"end\":\"completed\",\"cost_unit\":\"epochs\",\"steps\":[{\"step\":1,\"cost\":1,\"values\":{\"m\":%s}},"
            + "{\"step\":2,\"cost\":2,\"values\":{\"m\":2,\"n\":3}}]}")
        .formatted(task, run, first);
  }

  private void add(String... runs) throws IOException {
    Path file = temp.resolve("runs.jsonl");
    Files.write(file, Arrays.asList(runs));
    assertFalse(new Importer(store, Importer.Wishes.NONE).run(List.of(file.toString()), true).isIncomplete());
  }

  private List<String> firsts() throws IOException {
    List<String> found = new ArrayList<>();
    store.read(run -> found.add(run.context().task() + "/" + run.context().run() + "=" + run.steps().get(0).value("m")));
    return found;
  }

  private List<String> answers(String sql) throws IOException, SQLException {
    List<String> answers = new ArrayList<>();
    try (Connection views = store.views();
        Statement statement = views.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        answers.add(row.getString(1));
      }
    }
    return answers;
  }

  @Test
  void read_severalImports_theNewestOfEachRunCounts() throws Exception {
    add(run("t", "a", 1), run("t", "b", 1), run("t", "c", 1));
    add(run("t", "a", 2), run("u", "b", 1));
    add(run("t", "a", 1), run("t", "b", 5));
    assertEquals(List.of("t/c=1.0", "u/b=1.0", "t/a=1.0", "t/b=5.0"), firsts());
    assertEquals(List.of("t/a 1.0", "t/b 5.0", "t/c 1.0", "u/b 1.0"), answers(
        "SELECT task || '/' || run || ' ' || \"value\" FROM points WHERE metric = 'm' AND step = 1 ORDER BY ALL"));
    assertEquals(4, store.digests().size());
  }

  /** Imports by versions that knew no exempt runs lack two columns. */
  @Test
  void read_exemptRunBesideAnEarlierImport_tellsBoth() throws Exception {
    add(run("t", "a", 1));
    Path earlier = store.files().get(0);
    Path whole = Files.move(earlier, temp.resolve("whole.parquet"));
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement()) {
      statement.execute(
          "COPY (SELECT * EXCLUDE (exempt_step, exempt_propensity) FROM %s) TO %s (FORMAT parquet)"
              .formatted(Store.literal(whole), Store.literal(earlier)));
    }
    assertEquals(List.of("0"), answers("SELECT count(exempt_step) FROM runs"));
    add(run("t", "b", 1).replace("\"context\"", "\"exempt\":{\"step\":1,\"propensity\":0.03},\"context\""));
    List<String> found = new ArrayList<>();
    store.read(run -> found.add(run.context().run() + " " + run.exemption().map(Exemption::toString).orElse("none")));
    assertEquals(List.of("a none", "b Exemption[step=1, propensity=0.03]"), found);
    assertEquals(List.of("b 1 0.03"), answers("SELECT run || ' ' || exempt_step || ' ' || exempt_propensity FROM runs WHERE exempt_step IS NOT NULL"));
    add(run("t", "b", 1));
    found.clear();
    store.read(run -> found.add(run.context().run() + " " + run.exemption().isPresent()));
    assertEquals(List.of("a false", "b false"), found, "a run that is exempt is another than one that is not");
  }

  @Test
  void read_twoImportsOfOneNumber_allReadersTakeTheSame() throws Exception {
    add(run("t", "a", 1));
    Path one = store.files().get(0);
    Path kept = Files.move(one, temp.resolve("import-00000001-" + "f".repeat(32) + ".parquet"));
    add(run("t", "a", 2));
    Files.move(store.files().get(0), folder.resolve("import-00000001-" + "0".repeat(32) + ".parquet"));
    Files.move(kept, folder.resolve(kept.getFileName()));
    assertEquals(List.of("t/a=1.0"), firsts());
    assertEquals(List.of("1.0"), answers("SELECT \"value\" FROM points WHERE metric = 'm' AND step = 1"));
  }

  @Test
  void read_digest_tellsTheContentAndNothingElse() throws IOException {
    add(run("t", "b", 1), run("t", "a", 1));
    String digest = store.read(run -> {});
    assertEquals(digest, store.read(run -> {}));
    Store other = Store.in(temp.resolve("other"));
    new Importer(other, Importer.Wishes.NONE).run(List.of(temp.resolve("runs.jsonl").toString()), true);
    assertEquals(digest, other.read(run -> {}));
    add(run("t", "a", 1.5));
    assertNotEquals(digest, store.read(run -> {}));
    assertNotEquals(
        History.read(List.of(folder), History.Options.STRICT).sha256(),
        History.read(List.of(other.folder()), History.Options.STRICT).sha256());
  }

  @Test
  void read_truncatedFile_isRefusedByName() throws IOException {
    add(run("t", "a", 1));
    add(run("t", "b", 1));
    Path second = store.files().get(1);
    byte[] whole = Files.readAllBytes(second);
    for (int length : new int[] {0, 3, whole.length / 2, whole.length - 1}) {
      Files.write(second, Arrays.copyOf(whole, length));
      ImportException e = assertThrows(ImportException.class, () -> store.read(run -> {}));
      assertTrue(e.getMessage().startsWith(second + " cannot be read as part of a store: "), e.getMessage());
      ImportException asked = assertThrows(ImportException.class, store::digests);
      assertTrue(asked.getMessage().contains(second.getFileName().toString()), asked.getMessage());
    }
  }

  @Test
  void read_anyByteChanged_isReadOrRefused() throws IOException {
    add(run("t", "a", 1), run("t", "b", 1));
    Path file = store.files().get(0);
    byte[] whole = Files.readAllBytes(file);
    int refused = 0;
    for (int at = 0; at < whole.length; at += 1 + whole.length / 150) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x55;
      Files.write(file, changed);
      try {
        store.read(run -> {});
      } catch (ImportException e) {
        refused++;
      }
    }
    assertTrue(refused > 10, "only " + refused + " were refused");
  }

  @Test
  void read_fileOfOtherColumns_isRefusedByName() throws Exception {
    add(run("t", "a", 1));
    Path file = folder.resolve("import-00000002-" + "a".repeat(32) + ".parquet");
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement()) {
      statement.execute("COPY (SELECT 1 AS source) TO " + Store.literal(file) + " (FORMAT parquet)");
    }
    ImportException e = assertThrows(ImportException.class, () -> store.read(run -> {}));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
  }

  @Test
  void read_hostileNames_survive() throws IOException {
    String name = "'\\\"; DROP TABLE x; --\\n\\r\\t\\u0001\\u202e%s$1{}[],|\\\\" + "\u00e9\ud83d\ude00";
    String longest = "x".repeat(60_000);
    add(
        run(name, name, 1),
        run(name, name + "2", 1).replace("\"m\"", "\"" + name + "\""),
        run(longest, "r", 1).replace("\"n\"", "\"test_" + name + "\""),
        run("a\\u0000b", "c\\u0000d", 1).replace("\"n\"", "\"test_\\u0000\"").replace("\"m\"", "\"m\\u0000\""));
    List<Run> runs = History.read(List.of(folder), History.Options.STRICT).runs();
    List<Run> expected = History.read(List.of(temp.resolve("runs.jsonl")), History.Options.STRICT).runs();
    assertEquals(4, runs.size());
    for (Run run : expected) {
      Run found = runs.stream().filter(r -> r.context().equals(run.context())).findFirst().orElseThrow();
      assertEquals(run.labels().keySet(), found.labels().keySet());
      assertEquals(run.steps().toString(), found.steps().toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM read_text('%s')",
        "SELECT * FROM read_csv('%s')",
        "SELECT * FROM '%s'",
        "SELECT * FROM glob('%s')",
        "COPY (SELECT 1) TO '%s.out'",
        "COPY (SELECT 1) TO '%3$s'",
        "ATTACH '%s.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "RESET enable_external_access",
        "SET allowed_paths = ['%s']",
        "SET memory_limit = '100GB'",
        "SET threads = 64",
        "INSERT INTO runs SELECT * FROM runs",
        "DELETE FROM runs",
        "EXPORT DATABASE '%2$s'",
        "SELECT getenv('HOME')",
      })
  void views_anythingElse_isRefused(String sql) throws Exception {
    add(run("t", "a", 1));
    Path secret = Files.writeString(temp.resolve("secret.csv"), "a,b\n1,2\n");
    Path file = store.files().get(0);
    byte[] before = Files.readAllBytes(file);
    try (Connection views = store.views();
        Statement statement = views.createStatement()) {
      String full = sql.formatted(secret, temp.resolve("dump"), file.toString().replace("'", "''"));
      assertThrows(SQLException.class, () -> statement.execute(full));
    }
    assertTrue(Arrays.equals(before, Files.readAllBytes(file)));
    assertFalse(Files.exists(temp.resolve("dump")));
    assertFalse(Files.exists(temp.resolve("secret.csv.out")));
  }

  @Test
  void views_noImports_saysHowToMakeSome() {
    ImportException e = assertThrows(ImportException.class, store::views);
    assertTrue(e.getMessage().contains("holds no imports"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a*", "a?", "a[1]", "a;threads=1"})
  void workplace_folderThatIsAPattern_isRefused(String name) throws IOException {
    Store odd = Store.in(temp.resolve(name));
    ImportException e = assertThrows(ImportException.class, odd::workplace);
    assertTrue(e.getMessage().contains("choose another folder"), e.getMessage());
    assertFalse(Files.exists(odd.folder()));
  }

  @Test
  void isStore_onlyWhereThereAreImports() throws IOException {
    assertFalse(Store.isStore(folder));
    Files.createDirectories(folder.resolve(".importing-x"));
    Files.createFile(folder.resolve("import-1.parquet"));
    assertFalse(Store.isStore(folder));
    add(run("t", "a", 1));
    assertTrue(Store.isStore(folder));
    assertFalse(Store.isStore(store.files().get(0)));
  }

  @Test
  void read_ofTheHistory_takesTheUsersObjectiveAndFindsDoubles() throws IOException {
    add(run("t", "a", 1));
    Path file = temp.resolve("runs.jsonl");
    History.Options options = new History.Options(true, Optional.of(Objective.minimize("n")), bytes -> {});
    for (List<Path> paths : List.of(List.of(folder, file), List.of(file, folder))) {
      assertThrows(ImportException.class, () -> History.read(paths, History.Options.STRICT));
      History lenient = History.read(paths, options);
      assertEquals(1, lenient.skipped().size());
      assertEquals(Objective.minimize("n"), lenient.runs().get(0).context().objective());
    }
  }
}
