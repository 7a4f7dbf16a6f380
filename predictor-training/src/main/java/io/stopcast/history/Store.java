package io.stopcast.history;

import io.stopcast.run.Run;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;

/**
 * Runs that were imported: a folder of Parquet files that never change, one an import, written and read by embedded DuckDB.
 *
 * <p>A file appears whole, by a rename, or not at all; of a run that several hold, the newest counts. A row is a run: what is known
 * of it, its cost at each step, and one series of steps and values a metric. Any number of imports and readers may work at once,
 * in any number of processes.
 */
public final class Store {
  private static final Pattern FILE = Pattern.compile("import-(\\d{8})-[0-9a-f]{32}\\.parquet");

  /** Columns that imports by earlier versions lack, as the end of a query of all columns: of no row. */
  static final String LATER_COLUMNS = "UNION ALL BY NAME SELECT NULL::BIGINT AS exempt_step, NULL::DOUBLE AS exempt_propensity WHERE false";

  private static final Pattern PATTERN = Pattern.compile("[*?\\[;]");
  private static final String WORK = ".importing-";
  private static final String LOCK = "lock";
  /** Where this process is at work: to close a file of which it holds the lock, even through another channel, would let go of it. */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path folder;

  private Store(Path folder) {
    this.folder = folder;
  }

  /** The store in a folder, which need not exist yet. */
  public static Store in(Path folder) {
    return new Store(folder);
  }

  /** Whether the folder holds imports. */
  public static boolean isStore(Path folder) throws IOException {
    return Files.isDirectory(folder) && !new Store(folder).files().isEmpty();
  }

  public Path folder() {
    return folder;
  }

  /** The imports, oldest first; none where there is no folder. */
  public List<Path> files() throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.filter(p -> FILE.matcher(p.getFileName().toString()).matches()).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /**
   * Returns a folder of one's own inside the store, to write in, and sweeps what imports that were killed have left. Nobody reads in it.
   */
  public Workplace workplace() throws IOException {
    requirePlainName();
    Files.createDirectories(folder);
    sweep();
    while (true) {
      Path path = folder.resolve(WORK + UUID.randomUUID()).toAbsolutePath();
      OURS.add(path);
      Optional<FileChannel> lock = Optional.empty();
      try {
        lock = claim(Files.createDirectory(path).resolve(LOCK));
        if (lock.isPresent()) {
          return new Workplace(path, lock.get());
        }
      } finally {
        if (lock.isEmpty()) {
          OURS.remove(path);
        }
      }
    }
  }

  /** Makes a lock and takes it; nothing if another process that was sweeping has taken it for one that was left. */
  private static Optional<FileChannel> claim(Path lock) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(lock, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (channel.tryLock() != null && Files.exists(lock)) {
      return Optional.of(channel);
    }
    channel.close();
    return Optional.empty();
  }

  private void requirePlainName() throws ImportException {
    if (PATTERN.matcher(folder.toString()).find()) {
      throw new ImportException(
          "%s cannot be a store: its database takes * ? [ and ; in a path for patterns; choose another folder".formatted(folder));
    }
  }

  private void sweep() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, WORK + "*")) {
      for (Path path : left) {
        if (OURS.contains(path.toAbsolutePath())) {
          continue;
        }
        try (FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.WRITE)) {
          if (channel.tryLock() != null) {
            delete(path);
          }
        } catch (OverlappingFileLockException | NoSuchFileException e) {
          continue; // locked in this process by others than imports; or just being made, or gone meanwhile
        }
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Where one import is at work; gone when closed. */
  public final class Workplace implements AutoCloseable {
    private final Path path;
    private final FileChannel lock;

    private Workplace(Path path, FileChannel lock) {
      this.path = path;
      this.lock = lock;
    }

    public Path path() {
      return path;
    }

    /** Makes a finished file the newest import. */
    public Path publish(Path finished) throws IOException {
      force(finished);
      long next = 1;
      for (Path file : files()) {
        Matcher name = FILE.matcher(file.getFileName().toString());
        if (name.matches()) {
          next = Math.max(next, Long.parseLong(name.group(1)) + 1);
        }
      }
      // Of two imports at once both may take the same number; the rest of the name decides then, for every reader alike.
      Path file = folder.resolve("import-%08d-%s.parquet".formatted(next, UUID.randomUUID().toString().replace("-", "")));
      Files.move(finished, file, StandardCopyOption.ATOMIC_MOVE);
      force(folder);
      return file;
    }

    @Override
    public void close() throws IOException {
      try (lock) {
        delete(path);
      } finally {
        OURS.remove(path);
      }
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Hands over every run, the newest version of each, sorted by source, task and name within the import that it stands in. Holds one run
   * at a time.
   *
   * @return a digest of all that was read
   */
  public String read(Consumer<Run> to) throws IOException {
    requirePlainName();
    try (Connection database = connect();
        Statement statement = database.createStatement()) {
      // One thread unnests lists twice as fast as two, and keeps rows in their order.
      statement.execute("SET threads = 1");
      return new StoredRuns(database.unwrap(DuckDBConnection.class), files()).read(to);
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  /** Digest of each newest run as it was imported, by {@link #key}. */
  public Map<String, String> digests() throws IOException {
    Map<String, String> digests = new HashMap<>();
    query(
        "SELECT source, task, run, digest FROM runs",
        row -> digests.put(key(row.getString(1), row.getString(2), row.getString(3)), row.getString(4)));
    return digests;
  }

  /** The files and folders that runs came from, with their size in bytes and when they were changed, in milliseconds since 1970. */
  public Map<String, List<Long>> origins() throws IOException {
    Map<String, List<Long>> origins = new HashMap<>();
    query(
        "SELECT origin, max_by(origin_bytes, origin_millis), max(origin_millis) FROM runs GROUP BY origin",
        row -> origins.put(row.getString(1), List.of(row.getLong(2), row.getLong(3))));
    return origins;
  }

  /** A name for a run that no other has, whatever characters the parts are made of. */
  public static String key(String source, String task, String run) {
    return source.length() + " " + task.length() + " " + source + task + run;
  }

  private interface Row {
    void take(ResultSet row) throws SQLException;
  }

  private void query(String sql, Row each) throws IOException {
    if (files().isEmpty()) {
      return;
    }
    try (Connection database = views();
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        each.take(rows);
      }
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  /**
   * Opens a database that shows the store as the views {@code runs} (a row a run) and {@code points} (a row a value), and can do nothing
   * else: no other file, no other setting.
   */
  public Connection views() throws IOException {
    requirePlainName();
    List<Path> files = files();
    if (files.isEmpty()) {
      throw new ImportException("%s holds no imports; make some with './stopcast import PATH --into %s'".formatted(folder, folder));
    }
    try {
      Connection database = connect();
      try (Statement statement = database.createStatement()) {
        statement.execute("CREATE VIEW runs AS " + newest(files));
        statement.execute(
            """
            CREATE VIEW points AS
            SELECT source, task, run, name AS metric, unnest(step) AS step, unnest("value") AS "value"
            FROM (SELECT source, task, run, unnest(series, recursive := true) FROM runs)
            """);
        statement.execute("SET allowed_paths = [" + list(files) + "]");
        statement.execute("SET enable_external_access = false");
        statement.execute("SET lock_configuration = true");
      } catch (SQLException e) {
        database.close();
        throw e;
      }
      return database;
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  /** The rows of a store of which no newer version exists. */
  private static String newest(List<Path> files) {
    String all = "read_parquet([" + list(files) + "], filename = true, file_row_number = true, union_by_name = true)";
    return """
        SELECT * EXCLUDE (filename, file_row_number) FROM %s SEMI JOIN (
          SELECT unnest(max({f: filename, n: file_row_number}), recursive := true) FROM %s GROUP BY source, task, run
        ) AS last ON filename = last.f AND file_row_number = last.n
        %s
        """
        .formatted(all, all, LATER_COLUMNS);
  }

  static String list(List<Path> files) {
    return String.join(", ", files.stream().map(Store::literal).toList());
  }

  /** A text as SQL writes it. */
  public static String literal(Object text) {
    return "'" + text.toString().replace("'", "''") + "'";
  }

  /** Opens a database in memory that stays within two gigabytes and fetches nothing. */
  private static Connection connect() throws SQLException {
    Properties settings = new Properties();
    settings.put("memory_limit", "2GB");
    settings.put("threads", Integer.toString(Math.max(1, Runtime.getRuntime().availableProcessors())));
    settings.put("autoinstall_known_extensions", "false");
    settings.put("autoload_known_extensions", "false");
    settings.put("jdbc_stream_results", "true");
    return DriverManager.getConnection("jdbc:duckdb:", settings);
  }

  /** Names the file that is to blame, which the database does not always tell. */
  private ImportException fault(SQLException e) throws IOException {
    for (Path file : files()) {
      try (Connection database = connect();
          Statement statement = database.createStatement()) {
        statement.execute("SELECT count(*) FROM parquet_schema(%s)".formatted(literal(file)));
      } catch (SQLException damaged) {
        return StoredRuns.unreadable(file, damaged);
      }
    }
    String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown");
    return new ImportException(
        "%s cannot be read as a store: %s. Files that were damaged can be taken out of the folder, and imported again".formatted(folder, why),
        e);
  }
}
