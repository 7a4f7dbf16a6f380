package io.stopcast.registry;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stopcast.history.Digest;
import io.stopcast.model.ModelFile;
import io.stopcast.onnx.PipelineExport;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The one who may change a registry, until closed.
 *
 * <p>A version is written into a draft folder, every file and then the folder is synced, the folder gets its name, and {@code versions/} is
 * synced. A move touches several files, so it is first written down, in a file {@code .pending} that is synced and renamed into place; then the
 * history gets its line and each alias its new content, each by a rename, the folder is synced once, and the note goes. Whoever opens the registry
 * next finishes a move whose note he finds, and sweeps drafts. So a killed process or a power cut leaves what was before or what was to be; what a
 * method has returned from is there for good. Readers may see one alias before another.
 *
 * <p>Not for several threads.
 */
public final class RegistryWriter implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final ModelRegistry registry;
  private final Path root;
  private final Path versions;
  private final Disk disk;
  private final FolderLock lock;

  private RegistryWriter(ModelRegistry registry, Disk disk, FolderLock lock) {
    this.registry = registry;
    this.root = registry.root();
    this.versions = root.resolve(ModelRegistry.VERSIONS);
    this.disk = disk;
    this.lock = lock;
  }

  static RegistryWriter open(ModelRegistry registry, Disk disk) throws IOException {
    registry.make();
    FolderLock lock =
        FolderLock.take(registry.root().resolve(ModelRegistry.LOCK), registry.root() + " is being written by");
    RegistryWriter writer = new RegistryWriter(registry, disk, lock);
    boolean opened = false;
    try {
      createFolders(disk, writer.versions);
      disk.sync(writer.versions); // one that was killed may have left a version whose name is not on the disk yet
      writer.finishPending();
      writer.sweep();
      opened = true;
      return writer;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  Path root() {
    return root;
  }

  /**
   * Publishes a model as a new version, and makes it the challenger, unless the newest version has the very same model: then that one.
   *
   * @param card for people, in Markdown
   * @param metrics for programs
   * @param more further files by name, see {@link RunSet#FILE}
   * @param reason why it was made
   * @param figures what people may want to know of it in the history
   * @return the version's number
   */
  public String publish(
      ModelFile model, String card, Object metrics, Map<String, byte[]> more, String reason, Map<String, Object> figures)
      throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(ModelRegistry.MODEL, model.bytes());
    files.put(ModelRegistry.PIPELINE, PipelineExport.write(model));
    files.put(ModelRegistry.CARD, card.getBytes(StandardCharsets.UTF_8));
    files.put(ModelRegistry.METRICS, JSON.writeValueAsBytes(metrics));
    files.putAll(more);
    return publish(files, model.schema().sha256(), reason, figures);
  }

  /** @param files model and pipeline among them, under their names */
  String publish(Map<String, byte[]> files, String schemaSha256, String reason, Map<String, Object> figures) throws IOException {
    List<String> known = registry.versions();
    Optional<String> newest = known.isEmpty() ? Optional.empty() : Optional.of(known.get(known.size() - 1));
    String version;
    if (newest.isPresent() && registry.sha256(newest.get()).equals(Optional.of(Digest.hex(model(files))))) {
      version = newest.get();
    } else {
      version = "%04d".formatted(newest.map(Long::parseLong).orElse(0L) + 1);
      write(version, schemaSha256, files);
    }
    Aliases now = registry.aliases();
    if (!now.challenger().equals(Optional.of(version))) {
      move(Event.PUBLISH, version, reason, figures, now.withChallenger(version));
    }
    return version;
  }

  private static byte[] model(Map<String, byte[]> files) {
    return Objects.requireNonNull(files.get(ModelRegistry.MODEL), ModelRegistry.MODEL);
  }

  private void write(String version, String schemaSha256, Map<String, byte[]> files) throws IOException {
    Path draft = versions.resolve(ModelRegistry.DRAFT + version);
    try {
      disk.createFolder(draft);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        writeThrough(draft.resolve(file.getKey()), file.getValue());
      }
      writeThrough(draft.resolve(ModelRegistry.MANIFEST), Manifest.write(version, schemaSha256, files));
      disk.sync(draft);
      disk.move(draft, versions.resolve(version));
    } catch (IOException | RuntimeException e) {
      discard(draft, e);
      throw notWritten("version " + version, e);
    }
    try {
      disk.sync(versions);
    } catch (IOException e) {
      // Whether the name would outlive a power cut, nobody knows now: better none than one that may vanish.
      withdraw(versions.resolve(version), draft, e);
      throw notWritten("version " + version, e);
    }
  }

  /**
   * Makes a version the champion; the one that it replaces becomes the previous one. Nothing if it is the champion.
   *
   * @param reason why, in one line
   * @param figures what the reason rests on
   */
  public void promote(String version, String reason, Map<String, Object> figures) throws IOException {
    requireThere(version);
    Aliases now = registry.aliases();
    if (!now.champion().equals(Optional.of(version))) {
      move(Event.PROMOTE, version, reason, figures, now.withChampion(version, now.champion()));
    }
  }

  /**
   * Makes the previous champion the champion again; previous is then the one that was it when that one was champion, as far as the history
   * tells, so that going back twice goes back two.
   *
   * @return the champion now
   * @throws IOException if there is no previous champion
   */
  public String rollBack(String reason) throws IOException {
    Aliases now = registry.aliases();
    String target =
        now.previous()
            .orElseThrow(() -> new IOException("there is no champion before %s in %s to go back to".formatted(now.champion().orElse("none"), root)));
    requireThere(target);
    Optional<String> before = Optional.empty();
    for (Move move : registry.history()) {
      before = move.after().champion().equals(Optional.of(target)) ? move.after().previous() : before;
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("from", now.champion().orElse(null));
    move(Event.ROLLBACK, target, reason, figures, now.withChampion(target, before.filter(version -> !version.equals(target))));
    return target;
  }

  /** Writes down why a version did not become the champion. */
  public void refuse(String version, String reason, Map<String, Object> figures) throws IOException {
    requireThere(version);
    move(Event.REFUSE, version, reason, figures, registry.aliases());
  }

  private void requireThere(String version) throws IOException {
    if (!Files.isDirectory(registry.folder(version))) {
      throw new IOException("there is no version %s in %s; there are %s".formatted(version, root, registry.versions()));
    }
  }

  private void move(Event event, String version, String reason, Map<String, Object> figures, Aliases after) throws IOException {
    Move move = new Move(registry.history().size() + 1, event, version, reason, figures, after);
    if (after.equals(registry.aliases())) { // a single file changes, which needs no note
      try {
        carryOut(move);
        return;
      } catch (IOException e) {
        throw registry.history().size() < move.number() ? notWritten("the " + event.word() + " of " + version, e) : notFinished(move, e);
      }
    }
    Path pending = root.resolve(ModelRegistry.PENDING);
    try {
      replace(ModelRegistry.PENDING, ModelRegistry.sealed(move.line()));
      disk.sync(root);
    } catch (IOException | RuntimeException e) {
      discard(pending, e);
      throw Files.exists(pending) ? notFinished(move, e) : notWritten("the " + event.word() + " of " + version, e);
    }
    try {
      carryOut(move);
    } catch (IOException e) {
      throw notFinished(move, e);
    }
  }

  private IOException notFinished(Move move, Exception e) {
    return new IOException(
        "the %s of %s was begun in %s but could not be finished: %s. The next one who writes there finishes it; './stopcast models verify' tells"
            .formatted(move.event().word(), move.version(), root, e.getMessage()),
        e);
  }

  private void carryOut(Move move) throws IOException {
    List<Move> before = registry.history();
    if (before.size() < move.number()) {
      String lines = before.isEmpty() ? "" : ModelRegistry.text(root.resolve(ModelRegistry.HISTORY)).stripTrailing() + '\n';
      replace(ModelRegistry.HISTORY, lines + move.line() + '\n');
    }
    for (Map.Entry<String, Optional<String>> alias : move.after().byName().entrySet()) {
      if (alias.getValue().isEmpty()) {
        disk.delete(root.resolve(alias.getKey()));
      } else if (!alias.getValue().equals(registry.alias(alias.getKey()))) {
        replace(alias.getKey(), alias.getValue().get() + "\n");
      }
    }
    disk.sync(root);
    disk.delete(root.resolve(ModelRegistry.PENDING));
  }

  /** Finishes a move that was begun; one whose note is torn was not. */
  private void finishPending() throws IOException {
    Path pending = root.resolve(ModelRegistry.PENDING);
    String text;
    try {
      text = Files.readString(pending);
    } catch (NoSuchFileException e) {
      return;
    } catch (CharacterCodingException e) {
      text = "";
    }
    int space = text.indexOf(' ');
    String line = text.substring(space + 1).stripTrailing();
    if (space < 0 || !text.equals(ModelRegistry.sealed(line))) {
      disk.delete(pending);
      return;
    }
    disk.sync(root); // the note, before what it tells of
    carryOut(Move.parse(line, pending.toString()));
  }

  /** Gives a file of the registry new content, by a rename whose folder is still to be synced. */
  private void replace(String name, String content) throws IOException {
    Path draft = root.resolve(ModelRegistry.DRAFT + name);
    try {
      writeThrough(draft, content.getBytes(StandardCharsets.UTF_8));
      disk.move(draft, root.resolve(name));
    } catch (IOException e) {
      discard(draft, e);
      throw e;
    }
  }

  private void writeThrough(Path file, byte[] bytes) throws IOException {
    disk.write(file, bytes);
    disk.sync(file);
  }

  private void sweep() throws IOException {
    for (Path draft : registry.drafts()) {
      delete(draft);
    }
  }

  /** Removes what was not finished, if that is possible; the next writer sweeps the rest. */
  private void discard(Path path, Exception why) {
    try {
      delete(path);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private void withdraw(Path published, Path draft, Exception why) {
    try {
      disk.move(published, draft); // readers see it whole or not at all
      delete(draft);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private void delete(Path tree) throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(tree)) {
      walk.forEach(all::add);
    } catch (NoSuchFileException e) {
      return;
    }
    for (int i = all.size() - 1; i >= 0; i--) {
      disk.delete(all.get(i));
    }
  }

  static void createFolders(Disk disk, Path folder) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path path = folder.toAbsolutePath(); path != null && !Files.isDirectory(path); path = path.getParent()) {
      missing.push(path);
    }
    for (Path path : missing) {
      try {
        disk.createFolder(path);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(path)) { // and not by another writer that began at the same time
          throw e;
        }
      }
      disk.sync(Objects.requireNonNull(path.getParent()));
    }
  }

  private IOException notWritten(String what, Exception e) throws IOException {
    return new IOException(
        "%s could not be written in %s: %s. Nothing has changed: the champion is %s"
            .formatted(what, root, e.getMessage(), registry.alias(ModelRegistry.CHAMPION).orElse("none")),
        e);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
