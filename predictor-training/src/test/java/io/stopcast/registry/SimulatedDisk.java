package io.stopcast.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A real folder, and beside it what of it would be left after a power cut: of each file what was synced, or all, or half of what was written
 * since; of each folder the names that were synced, and any of the changes since, in any combination. Losing a folder's name loses what is in it.
 */
final class SimulatedDisk implements Disk {
  /** Of more changes to a folder that were never synced not every combination is tried. */
  private static final int MOST_PENDING = 9;

  /** Told before each operation; throws to make it fail. */
  interface Fault {
    void before(int operation, String what) throws IOException;
  }

  private sealed interface Node {}

  private static final class Data implements Node {
    byte[] synced = new byte[0];
    byte[] now = new byte[0];
  }

  /** Of a name: null if it goes. */
  private record Change(String name, Node node) {}

  private static final class Folder implements Node {
    final Map<String, Node> synced = new TreeMap<>();
    final Map<String, Node> now = new TreeMap<>();
    /** Since the last sync; what belongs to one operation is one. */
    final List<List<Change>> since = new ArrayList<>();

    void change(Change... changes) {
      since.add(List.of(changes));
      apply(now, List.of(changes));
    }

    static void apply(Map<String, Node> names, List<Change> changes) {
      for (Change change : changes) {
        if (change.node == null) {
          names.remove(change.name);
        } else {
          names.put(change.name, change.node);
        }
      }
    }
  }

  static final Fault NEVER = (operation, what) -> {};

  /** Which syncs do nothing. */
  interface Ignored {
    /**
     * @param ordinal counted from 0
     * @param by the method of the writer that asks for it
     */
    boolean sync(int ordinal, String by);
  }

  private final Path top;
  private final Folder root = new Folder();
  private final Ignored ignored;
  private Fault fault = NEVER;
  private int operations;
  private int syncs;
  private final List<String> asked = new ArrayList<>();

  /** @param top a folder that exists and is empty; the world ends there */
  SimulatedDisk(Path top, Ignored ignored) {
    this.top = top;
    this.ignored = ignored;
  }

  void fails(Fault next) {
    fault = next;
    operations = 0;
  }

  Path top() {
    return top;
  }

  int operations() {
    return operations;
  }

  /** Which methods of the writer asked for each sync, in order. */
  List<String> syncs() {
    return List.copyOf(asked);
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    fault.before(operations++, "createFolder " + folder.getFileName());
    REAL.createFolder(folder);
    parent(folder).change(new Change(name(folder), new Folder()));
  }

  @Override
  public void write(Path file, byte[] bytes) throws IOException {
    int operation = operations++;
    try {
      fault.before(operation, "write " + file.getFileName());
    } catch (IOException e) {
      put(file, Arrays.copyOf(bytes, bytes.length / 2)); // the disk was full half way
      throw e;
    }
    put(file, bytes);
  }

  private void put(Path file, byte[] bytes) throws IOException {
    REAL.write(file, bytes);
    Folder folder = parent(file);
    if (!(folder.now.get(name(file)) instanceof Data)) {
      folder.change(new Change(name(file), new Data()));
    }
    ((Data) folder.now.get(name(file))).now = bytes.clone();
  }

  @Override
  public void sync(Path path) throws IOException {
    fault.before(operations++, "sync " + path.getFileName());
    String by =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
            .walk(frames -> frames.filter(f -> f.getDeclaringClass() == RegistryWriter.class).findFirst())
            .map(StackWalker.StackFrame::getMethodName)
            .orElseThrow();
    asked.add(by);
    if (ignored.sync(syncs++, by)) {
      return;
    }
    Node node = node(path);
    if (node instanceof Data data) {
      data.synced = data.now;
    } else if (node instanceof Folder folder) {
      folder.synced.clear();
      folder.synced.putAll(folder.now);
      folder.since.clear();
    }
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    fault.before(operations++, "move " + from.getFileName());
    REAL.move(from, to);
    if (!from.getParent().equals(to.getParent())) {
      throw new IllegalStateException("renames across folders are not simulated");
    }
    Folder folder = parent(from);
    folder.change(new Change(name(to), folder.now.get(name(from))), new Change(name(from), null));
  }

  @Override
  public void delete(Path path) throws IOException {
    fault.before(operations++, "delete " + path.getFileName());
    boolean there = Files.exists(path);
    REAL.delete(path);
    if (there) {
      parent(path).change(new Change(name(path), null));
    }
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private Folder parent(Path path) {
    return (Folder) node(path.getParent());
  }

  private Node node(Path path) {
    Node node = root;
    for (Path part : top.relativize(path)) {
      if (!part.toString().isEmpty()) {
        node = ((Folder) node).now.get(part.toString());
      }
    }
    return node;
  }

  /** Everything that a power cut may leave now, each as files by their path, folders with a slash at the end. */
  Set<Map<String, String>> afterPowerCut() {
    return new HashSet<>(variants(root, ""));
  }

  private static List<Map<String, String>> variants(Folder folder, String path) {
    int pending = Math.min(folder.since.size(), MOST_PENDING);
    List<Map<String, String>> all = new ArrayList<>();
    for (int kept = 0; kept < 1 << pending; kept++) {
      Map<String, Node> names = new TreeMap<>(folder.synced);
      for (int i = 0; i < folder.since.size(); i++) {
        if (i >= pending || (kept & 1 << i) != 0) {
          Folder.apply(names, folder.since.get(i));
        }
      }
      List<Map<String, String>> these = new ArrayList<>(List.of(Map.of()));
      for (Map.Entry<String, Node> entry : names.entrySet()) {
        List<Map<String, String>> of = variantsOf(entry.getValue(), path + entry.getKey());
        List<Map<String, String>> both = new ArrayList<>();
        for (Map<String, String> left : these) {
          for (Map<String, String> right : of) {
            Map<String, String> merged = new TreeMap<>(left);
            merged.putAll(right);
            both.add(merged);
          }
        }
        these = both;
      }
      all.addAll(these);
    }
    return all;
  }

  private static List<Map<String, String>> variantsOf(Node node, String path) {
    if (node instanceof Data data) {
      Set<String> contents = new HashSet<>();
      contents.add(text(data.synced));
      contents.add(text(data.now));
      if (!Arrays.equals(data.synced, data.now)) {
        contents.add(text(Arrays.copyOf(data.now, data.now.length / 2)));
      }
      return contents.stream().map(content -> Map.of(path, content)).toList();
    }
    // What lies in a draft nobody reads; one of its variants stands for all.
    List<Map<String, String>> inside = variants((Folder) node, path + "/");
    if (name(Path.of(path)).startsWith(ModelRegistry.DRAFT)) {
      inside = List.of(inside.get(inside.size() - 1));
    }
    return inside.stream()
        .<Map<String, String>>map(
            files -> {
              Map<String, String> withFolder = new TreeMap<>(files);
              withFolder.put(path + "/", "");
              return withFolder;
            })
        .toList();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Makes a folder hold these files and nothing else. */
  static void materialize(Map<String, String> files, Path into) throws IOException {
    if (Files.exists(into)) {
      try (Stream<Path> walk = Files.walk(into)) {
        for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Files.createDirectories(into);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = into.resolve(file.getKey());
      if (file.getKey().endsWith("/")) {
        Files.createDirectories(path);
      } else {
        Files.createDirectories(path.getParent());
        Files.write(path, file.getValue().getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }
}
