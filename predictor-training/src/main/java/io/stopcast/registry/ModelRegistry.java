package io.stopcast.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stopcast.history.Digest;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder of published models, as its readers see it: {@code versions/NNNN/} with model, pipeline, card, metrics and a manifest that vouches for
 * them, aliases, each a file that holds a version's number, and {@code history.jsonl} with every {@link Move}. The pipeline is the model with
 * all that comes before and after its trees, for trainers in other languages.
 *
 * <p>A version appears whole, by rename, and is never changed afterwards; so does an alias, and the history with one line more. A reader takes no
 * lock and needs no right to write. {@link #writer()} is for those who change something: one at a time.
 */
public final class ModelRegistry {
  /** The model in use. */
  public static final String CHAMPION = "champion";
  /** The last one that was trained, promoted or not. */
  public static final String CHALLENGER = "challenger";
  /** The champion before this one. */
  public static final String PREVIOUS = "previous";

  /** Metrics, for programs. */
  public static final String METRICS = "metrics.json";
  /** The card, for people. */
  public static final String CARD = "card.md";
  /** How it was judged, as a page for people; none of a model that was only given other earlier runs. */
  public static final String REPORT = "report.html";

  static final String MODEL = "model.onnx";
  static final String PIPELINE = "pipeline.onnx";
  static final String MANIFEST = "manifest.json";
  static final String VERSIONS = "versions";
  static final String HISTORY = "history.jsonl";
  static final String DRAFT = ".draft-";
  static final String LOCK = ".lock";
  /** A move that was begun: whoever writes next finishes it. */
  static final String PENDING = ".pending";

  private static final Pattern VERSION = Pattern.compile("\\d{4,18}");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final Disk disk;

  public ModelRegistry(Path root) {
    this(root, Disk.REAL);
  }

  ModelRegistry(Path root, Disk disk) {
    this.root = root;
    this.disk = disk;
  }

  static boolean isVersion(String text) {
    return VERSION.matcher(text).matches();
  }

  public Path root() {
    return root;
  }

  /**
   * Takes the right to change the registry, until closed; makes its folder if need be, sweeps what killed writers have left, and finishes the
   * move that one of them had begun.
   *
   * @throws FolderLock.LockedException if somebody else has it
   */
  public RegistryWriter writer() throws IOException {
    return RegistryWriter.open(this, disk);
  }

  /** Makes its folder if there is none, so that it is there for good: a power cut must not take what is published in it. */
  public void make() throws IOException {
    RegistryWriter.createFolders(disk, root);
  }

  /** Returns the version that an alias names, if it names one. */
  public Optional<String> alias(String alias) throws IOException {
    try {
      String version = text(root.resolve(alias)).strip();
      if (!isVersion(version)) {
        throw new IOException(
            "%s should hold a version's number such as 0001, but holds '%.40s'".formatted(root.resolve(alias), version));
      }
      return Optional.of(version);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  public Aliases aliases() throws IOException {
    return new Aliases(alias(CHAMPION), alias(CHALLENGER), alias(PREVIOUS));
  }

  /** The numbers of all versions, ascending. */
  public List<String> versions() throws IOException {
    try (Stream<Path> inside = Files.list(root.resolve(VERSIONS))) {
      return inside
          .map(p -> p.getFileName().toString())
          .filter(ModelRegistry::isVersion)
          .sorted((a, b) -> Long.compare(Long.parseLong(a), Long.parseLong(b)))
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** Every move, oldest first; none in a registry from before there was a history. */
  public List<Move> history() throws IOException {
    Path path = root.resolve(HISTORY);
    List<String> lines;
    try {
      lines = text(path).lines().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
    List<Move> moves = new ArrayList<>();
    for (String line : lines) {
      String where = path + " line " + (moves.size() + 1);
      Move move = Move.parse(line, where);
      if (move.number() != moves.size() + 1) {
        throw new IOException("%s is move %d; lines were lost or added: %s".formatted(where, move.number(), Move.MEND));
      }
      moves.add(move);
    }
    return moves;
  }

  /** Whether a writer was killed in the middle of a move, which the next one will finish. */
  public boolean isMovePending() {
    return Files.exists(root.resolve(PENDING));
  }

  /** The folder of a version. */
  public Path folder(String version) {
    return root.resolve(VERSIONS).resolve(version);
  }

  /** The version that a person means by an alias or a number, if there is one of that name. */
  public Optional<String> named(String name) throws IOException {
    return Aliases.NAMES.contains(name) ? alias(name) : Optional.of(name).filter(v -> isVersion(v) && Files.isDirectory(folder(v)));
  }

  /**
   * The version that a person means by an alias or a number.
   *
   * @throws IOException if there is none of that name, naming those that there are
   */
  public String version(String name) throws IOException {
    Optional<String> version = named(name);
    if (version.isEmpty()) {
      throw new IOException(
          Aliases.NAMES.contains(name)
              ? noAlias(name, root)
              : "there is no version '%.40s' in %s; there are %s, and aliases %s".formatted(name, root, versions(), Aliases.NAMES));
    }
    return version.get();
  }

  /** Returns the model of a version, checked against its manifest. */
  public ModelFile model(String version) throws IOException, ModelRejectedException {
    return open(folder(version));
  }

  /** What a version says of itself to programs; empty if its metrics are missing. */
  public JsonNode metrics(String version) throws IOException {
    Path path = folder(version).resolve(METRICS);
    try {
      return JSON.readTree(Files.readAllBytes(path));
    } catch (NoSuchFileException e) {
      return JSON.createObjectNode();
    } catch (JsonProcessingException e) {
      throw new IOException("%s is not JSON: %s".formatted(path, e.getOriginalMessage()), e);
    }
  }

  /**
   * Which runs a version has seen; nothing if it was published before versions told.
   *
   * @throws IOException if the list is not the one that was published: with half of it, runs that were learned from would pass for new
   */
  public Optional<RunSet> runs(String version) throws IOException {
    Optional<byte[]> bytes = file(version, RunSet.FILE);
    return bytes.isEmpty() ? Optional.empty() : Optional.of(RunSet.parse(bytes.get(), folder(version).resolve(RunSet.FILE).toString()));
  }

  /**
   * A file of a version; nothing if it was published without one of that name.
   *
   * @throws IOException if it is missing or other than its manifest says; of what is in no manifest nobody knows
   */
  public Optional<byte[]> file(String version, String name) throws IOException {
    Optional<byte[]> bytes;
    try {
      bytes = Optional.of(Files.readAllBytes(folder(version).resolve(name)));
    } catch (NoSuchFileException e) {
      bytes = Optional.empty();
    }
    Manifest.Vouched wanted = Manifest.read(folder(version)).files().get(name);
    if (wanted != null && !bytes.map(Manifest.Vouched::of).equals(Optional.of(wanted))) {
      throw new IOException(
          "%s is not what was published: %s. Restore it, or go back to another version by './stopcast models rollback' or 'promote'"
              .formatted(
                  folder(version).resolve(name),
                  bytes.isEmpty() ? "it is missing" : Manifest.Vouched.of(bytes.get()).difference(wanted)));
    }
    return bytes;
  }

  /** The names of the files of a version that its manifest vouches for. */
  public Set<String> vouchedFor(String version) throws IOException {
    return Manifest.read(folder(version)).files().keySet();
  }

  /**
   * Returns what is wrong with a version, one line each: files that are missing or not what the manifest says, files that it does not know, a
   * model that no reader would take. Empty if all is well. Reads every byte.
   */
  public List<String> faults(String version) throws IOException {
    Path folder = folder(version);
    List<String> faults = new ArrayList<>();
    Manifest manifest;
    try {
      manifest = Manifest.read(folder);
    } catch (NoSuchFileException e) {
      return List.of(version + " has no " + MANIFEST);
    } catch (IOException e) {
      return List.of(version + ": " + e.getMessage());
    }
    for (Map.Entry<String, Manifest.Vouched> file : manifest.files().entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        faults.add("%s/%s is missing or no regular file".formatted(version, file.getKey()));
        continue;
      }
      Manifest.Vouched found = Manifest.Vouched.of(Files.readAllBytes(path));
      if (!found.equals(file.getValue())) {
        faults.add("%s/%s has %s".formatted(version, file.getKey(), found.difference(file.getValue())));
      }
    }
    Set<String> known = new TreeSet<>(manifest.files().keySet());
    known.addAll(Set.of(MANIFEST, CARD, METRICS)); // the last two are not vouched for by old manifests
    try (Stream<Path> inside = Files.list(folder)) {
      inside
          .map(p -> p.getFileName().toString())
          .filter(name -> !known.contains(name))
          .sorted()
          .forEach(name -> faults.add("%s/%s is in no manifest".formatted(version, name)));
    }
    if (faults.isEmpty()) {
      try {
        open(folder);
      } catch (ModelRejectedException e) {
        faults.add(e.getMessage());
      }
    }
    return faults;
  }

  /** Returns what is wrong with the registry beside its versions: aliases that name none, a history that cannot be read or tells otherwise. */
  public List<String> faults() throws IOException {
    List<String> faults = new ArrayList<>();
    Set<String> versions = Set.copyOf(versions());
    for (String name : Aliases.NAMES) {
      try {
        alias(name).filter(version -> !versions.contains(version)).ifPresent(v -> faults.add("%s names %s, which is not there".formatted(name, v)));
      } catch (IOException e) {
        faults.add(String.valueOf(e.getMessage()));
      }
    }
    try {
      List<Move> moves = history();
      if (faults.isEmpty() && !moves.isEmpty()) {
        Aliases told = moves.get(moves.size() - 1).after();
        Aliases found = aliases();
        // Not if a writer moved them meanwhile, or is about to.
        if (!told.equals(found) && !isMovePending() && moves.equals(history())) {
          faults.add(
              "the last line of %s says %s, but the aliases are %s; they were changed by hand".formatted(HISTORY, told.byName(), found.byName()));
        }
      }
    } catch (IOException e) {
      faults.add(String.valueOf(e.getMessage()));
    }
    return faults;
  }

  /**
   * Returns the model that a person means: an alias of the registry, a version's number or folder, or an .onnx file.
   *
   * @param registry the folder in which aliases and numbers are looked up
   */
  public static ModelFile find(String model, Path registry) throws IOException, ModelRejectedException {
    ModelRegistry known = new ModelRegistry(registry);
    if (Aliases.NAMES.contains(model)) {
      return known.model(known.alias(model).orElseThrow(() -> new IOException(noAlias(model, registry))));
    }
    if (isVersion(model) && Files.isDirectory(known.folder(model))) {
      return known.model(model);
    }
    Path path = Path.of(model);
    if (Files.isDirectory(path)) {
      return open(path);
    }
    if (!Files.exists(path)) {
      throw new IOException(
          "there is no model '%s'; name an alias %s, a version folder such as models/versions/0001, or an .onnx file"
              .formatted(model, Aliases.NAMES));
    }
    return ModelFile.read(path);
  }

  private static String noAlias(String alias, Path registry) {
    return "there is no %s in %s yet; run './stopcast retrain', or name a version folder or an .onnx file".formatted(alias, registry);
  }

  private static ModelFile open(Path folder) throws IOException, ModelRejectedException {
    Path path = folder.resolve(MODEL);
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("%s holds no %s; is it a version folder?".formatted(folder, MODEL));
    }
    ModelFile model = ModelFile.read(path);
    model.requireSha256(Manifest.read(folder).sha256());
    return model;
  }

  /** The names in the registry that belong to drafts. */
  Set<Path> drafts() throws IOException {
    Set<Path> drafts = new TreeSet<>();
    for (Path folder : List.of(root, root.resolve(VERSIONS))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> inside = Files.list(folder)) {
          drafts.addAll(inside.filter(p -> p.getFileName().toString().startsWith(DRAFT)).collect(Collectors.toSet()));
        }
      }
    }
    return drafts;
  }

  /** The digest of the newest version's model. */
  Optional<String> sha256(String version) throws IOException {
    try {
      return Optional.of(Manifest.read(folder(version)).sha256());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  static String text(Path path) throws IOException {
    try {
      return Files.readString(path);
    } catch (CharacterCodingException e) {
      throw new IOException("%s is no UTF-8 text; restore it".formatted(path), e);
    }
  }

  /** What a pending move says, with its digest before it, so that a torn one is known. */
  static String sealed(String line) {
    return Digest.hex(line.getBytes(StandardCharsets.UTF_8)) + ' ' + line + '\n';
  }
}
