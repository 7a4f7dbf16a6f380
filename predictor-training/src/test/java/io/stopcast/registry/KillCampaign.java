package io.stopcast.registry;

import io.stopcast.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Kills publishing processes at random moments, without a warning, while a reader asks for the champion all the time; after each kill the registry
 * must be whole, hold all that was said to be done, and go on.
 */
final class KillCampaign {
  /** After so many kills a new registry is begun, as versions pile up. */
  private static final int KILLS_A_REGISTRY = 20;

  private static final int LATEST_KILL_MILLIS = 400;

  private final Path folder;
  private final List<Path> models;
  private final Random random;

  /**
   * What was seen.
   *
   * @param published versions that a process said were published
   * @param leftovers kills that left drafts or a move that was begun
   * @param pending kills that left a move that was begun
   * @param reads how often the reader met a whole champion
   */
  record Outcome(int kills, int published, int leftovers, int pending, long reads) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d kills, %d versions published, %d left something behind (%d of them a move that was begun), the reader met a whole champion %,d times;"
              + " 0 torn, 0 lost, 0 backwards",
          kills, published, leftovers, pending, reads);
    }
  }

  /** @param models that processes publish in turn */
  KillCampaign(Path folder, List<ModelFile> models, long seed) throws IOException {
    this.folder = folder;
    this.models = new ArrayList<>();
    this.random = new Random(seed);
    for (ModelFile model : models) {
      this.models.add(Files.write(folder.resolve("model" + this.models.size() + ".onnx"), model.bytes()));
    }
  }

  /**
   * @param afterEach told how many kills were survived
   * @throws IllegalStateException at the first registry that is not whole
   */
  Outcome run(int kills, Runnable afterEach) throws IOException, InterruptedException {
    int published = 0;
    int leftovers = 0;
    int pending = 0;
    long reads = 0;
    Path root = folder.resolve("models");
    for (int kill = 0; kill < kills; kill++) {
      if (kill % KILLS_A_REGISTRY == 0) {
        deleteAll(root);
      }
      ModelRegistry registry = new ModelRegistry(root);
      List<Move> before = Files.exists(root) ? registry.history() : List.of();
      try (Reader reader = new Reader(registry)) {
        Said said = publishAndKill(root);
        published += said.published;
        reads += reader.stop();
        List<Move> after = registry.history();
        require(after.size() >= before.size() && after.subList(0, before.size()).equals(before), kill, "the history went backwards");
        boolean isPending = registry.isMovePending();
        leftovers += isPending || !registry.drafts().isEmpty() ? 1 : 0;
        pending += isPending ? 1 : 0;
        registry.writer().close();
        require(registry.drafts().isEmpty() && !registry.isMovePending(), kill, "the next writer swept not all");
        List<String> faults = new ArrayList<>(registry.faults());
        for (String version : registry.versions()) {
          faults.addAll(registry.faults(version));
        }
        require(faults.isEmpty(), kill, faults.toString());
        require(said.promoted == null || atLeast(registry, said.promoted), kill, "the promotion of " + said.promoted + " was lost");
        require(said.last == null || registry.versions().contains(said.last), kill, said.last + " was lost");
      }
      afterEach.run();
    }
    return new Outcome(kills, published, leftovers, pending, reads);
  }

  private static boolean atLeast(ModelRegistry registry, String promoted) throws IOException {
    return registry.alias(ModelRegistry.CHAMPION).orElse("").compareTo(promoted) >= 0;
  }

  private static void require(boolean holds, int kill, String what) {
    if (!holds) {
      throw new IllegalStateException("after kill " + kill + ": " + what);
    }
  }

  /** What a process said before it was killed. */
  private static final class Said {
    String last;
    String promoted;
    int published;
  }

  private Said publishAndKill(Path root) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Publisher.class.getName(),
                root.toString()));
    models.forEach(model -> command.add(model.toString()));
    Path lines = folder.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectOutput(lines.toFile()).redirectError(folder.resolve("error").toFile()).start();
    while (process.isAlive() && Files.size(lines) == 0) {
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
    // Nothing to wait for: the moment is what is tried.
    boolean ended = process.waitFor(random.nextInt(LATEST_KILL_MILLIS), TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    require(!ended, 0, "the publisher failed: " + Files.readString(folder.resolve("error")));
    Said said = new Said();
    Files.readAllLines(lines).forEach(line -> take(line, said));
    return said;
  }

  private static void take(String line, Said said) {
    if (!line.matches("(published|promoted) \\d{4}")) {
      return; // the last line may be cut off
    }
    said.last = line.substring(line.indexOf(' ') + 1);
    if (line.startsWith("promoted")) {
      said.promoted = said.last;
    } else {
      said.published++;
    }
  }

  /** Asks for the champion until stopped. */
  private static final class Reader implements AutoCloseable {
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long reads;
    private volatile Exception failure;

    Reader(ModelRegistry registry) {
      thread =
          new Thread(
              () -> {
                try {
                  while (!stopped) {
                    String champion = registry.alias(ModelRegistry.CHAMPION).orElse(null);
                    if (champion != null) {
                      registry.model(champion);
                      reads++;
                    }
                    Thread.sleep(10);
                  }
                } catch (Exception e) {
                  failure = e;
                }
              });
      thread.start();
    }

    long stop() throws InterruptedException {
      stopped = true;
      thread.join();
      if (failure != null) {
        throw new IllegalStateException("a reader met something that is not whole", failure);
      }
      return reads;
    }

    @Override
    public void close() {
      stopped = true;
    }
  }

  static void deleteAll(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (Stream<Path> walk = Files.walk(tree)) {
        for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** @param args how many kills; see checks/crash */
  public static void main(String[] args) throws Exception {
    int kills = Integer.parseInt(args[0]);
    Path folder = Files.createTempDirectory("stopcast-kills");
    long start = System.nanoTime();
    int[] done = new int[1];
    try {
      Outcome outcome =
          new KillCampaign(folder, PublishingKillTest.models(), 20_260_101)
              .run(
                  kills,
                  () -> {
                    if (++done[0] % 50 == 0) {
                      System.out.println(done[0] + " kills survived");
                    }
                  });
      System.out.printf(Locale.ROOT, "%s; %d s%n", outcome, (System.nanoTime() - start) / 1_000_000_000);
    } finally {
      deleteAll(folder);
    }
  }
}
