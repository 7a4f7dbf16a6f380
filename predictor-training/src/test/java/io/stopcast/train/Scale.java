package io.stopcast.train;

import com.sun.management.OperatingSystemMXBean;
import io.stopcast.history.History;
import io.stopcast.model.ModelFile;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What training costs at a million steps and at a tenth of them: processor time by stage, and memory. {@code checks/scale} runs
 * {@link #main}.
 *
 * <p>All times are of the processor, of all threads together, as the machine may have other work to do. A stage is what the thread
 * was found in that spent the time: a hundred looks a second or, where there is other work, fewer.
 */
final class Scale {
  /** As many steps as there should be, where no history is at hand and the shipped runs stand in for one. */
  private static final int STEPS = 1_000_000;

  /** Of how many runs one is taken for the smaller training. */
  private static final int TENTH = 10;

  /** How much processor time lies between two looks at the heap, of which each is a full collection. */
  private static final double SECONDS_BETWEEN_COLLECTIONS = 2;

  private static final double[] PRICES = Protocol.standard().prices().stream().mapToDouble(Double::doubleValue).toArray();
  private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** What training does, in the order in which a stack of calls is asked for it. */
  private enum Stage {
    TREES("xgboost: trees", "ml.dmlc.xgboost4j.java.XGBoost"),
    MATRIX("xgboost: its matrix, its text", "ml.dmlc.xgboost4j"),
    HISTORIES("earlier runs drawn", "io.stopcast.train.Histories", "io.stopcast.feature.TaskHistory", "io.stopcast.feature.EarlierRun"),
    ROWS("rows and their features", "io.stopcast.train.TrainingRows"),
    TARGETS("labels", "io.stopcast.train.Targets"),
    THRESHOLDS("thresholds", "io.stopcast.train.ThresholdTuning"),
    OUTLOOKS("outlooks", "io.stopcast.train.ScoreMeaning"),
    EXPORT("export, and reading it", "io.stopcast.train.OnnxExport", "io.stopcast.train.BoosterDump", "org.tribuo"),
    SCORING_TREES("out of fold: trees asked", "io.stopcast.model"),
    SCORING("out of fold: features", "io.stopcast.train.OutOfFold"),
    OTHER("other Java");

    private final String words;
    private final String[] classes;

    Stage(String words, String... classes) {
      this.words = words;
      this.classes = classes;
    }

    static Stage of(StackTraceElement[] stack) {
      for (Stage stage : values()) {
        for (String name : stage.classes) {
          if (Arrays.stream(stack).anyMatch(frame -> isOf(frame.getClassName(), name))) {
            return stage;
          }
        }
      }
      return OTHER;
    }

    /** Whether a class is the named one, lies within it, or within the package of that name. */
    private static boolean isOf(String className, String name) {
      return className.startsWith(name)
          && (className.length() == name.length() || className.charAt(name.length()) == '.' || className.charAt(name.length()) == '$');
    }
  }

  private Scale() {}

  /**
   * @param args a history; the shipped runs; {@code time} or {@code heap}; {@code tenth}, {@code all} or {@code both}
   */
  public static void main(String[] args) throws Exception {
    boolean heap = args[2].equals("heap");
    double start = processorSeconds();
    List<Run> read = runs(Path.of(args[0]), Path.of(args[1]));
    double reading = processorSeconds() - start;
    long steps = read.stream().mapToLong(run -> run.steps().size()).sum();
    System.out.printf("%,d runs, %,d steps; read in %.1f s of processor time%n", read.size(), steps, reading);
    if (heap) {
      System.out.printf("heap, bytes a step: %.0f read", collected() / (double) steps);
    }
    start = processorSeconds();
    List<ScoredRun> all = ScoredRun.of(read);
    System.out.printf(heap ? ", %3$.0f with curves%n" : "%d can be scored; curves and what stops cost: %.1f s%n",
        all.size(), processorSeconds() - start, heap ? collected() / (double) steps : 0);
    double[] seconds = new double[2];
    if (!args[3].equals("all")) {
      seconds[0] = train("a tenth of the runs", IntStream.range(0, all.size()).filter(r -> r % TENTH == 0).mapToObj(all::get).toList(), heap);
    }
    if (!args[3].equals("tenth")) {
      seconds[1] = train("all runs", all, heap);
    }
    if (seconds[0] > 0 && seconds[1] > 0) {
      System.out.printf("all runs take %.1f times as long as a tenth%n", seconds[1] / seconds[0]);
    }
    System.out.printf("largest resident set so far: %s%n", residentPeak());
  }

  /** Those at the path or, if there is nothing, the shipped ones again and again under other names until they are enough. */
  private static List<Run> runs(Path history, Path shipped) throws IOException {
    if (Files.exists(history)) {
      return History.read(List.of(history), History.Options.STRICT).runs();
    }
    List<Run> once = History.read(List.of(shipped), History.Options.STRICT).runs();
    List<Run> runs = new ArrayList<>(once);
    long steps = once.stream().mapToLong(run -> run.steps().size()).sum();
    for (int copy = 1; copy * steps < STEPS; copy++) {
      for (Run run : once) {
        RunContext context = run.context();
        RunContext renamed =
            new RunContext(
                context.source(), copy + " " + context.task(), context.run(), context.objective(), context.horizon(), context.costUnit(),
                context.parameters());
        // Steps of its own, as other runs have: what is shared takes no memory.
        runs.add(new Run(renamed, run.steps().stream().map(step -> step.withCost(step.cost())).toList(), run.labels(), run.end()));
      }
    }
    System.out.printf("no history at %s: the shipped runs, again and again under other names, so that they are alike%n", history);
    return runs;
  }

  private static double train(String what, List<ScoredRun> runs, boolean heap) throws Exception {
    long points = runs.stream().mapToLong(ScoredRun::length).sum();
    long steps = runs.stream().mapToLong(run -> run.run().steps().size()).sum();
    LearnedRecipe recipe = new LearnedRecipe(Recipe.standard(runs.size()));
    System.out.printf("%n%s: %,d runs, %,d steps, %,d points, at most %d rows a run%n",
        what, runs.size(), steps, points, Recipe.standard(runs.size()).rowsPerRun());
    double start = processorSeconds();
    Watching watching = new Watching(heap);
    Thread watcher = new Thread(watching, "scale");
    watcher.setDaemon(true);
    watcher.start();
    long began = System.nanoTime();
    ModelFile file = recipe.train(runs, PRICES, Map.of());
    double wall = (System.nanoTime() - began) / 1e9;
    watching.done = true;
    watcher.join();
    double seconds = processorSeconds() - start - watching.ownSeconds;
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file.bytes()));
    double java = watching.seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    double trees = watching.seconds.get(Stage.TREES);
    watching.seconds.forEach((stage, s) -> System.out.printf("  %-32s %7.1f s %5.1f %%%n", stage.words, s, 100 * s / java));
    System.out.printf("  %-32s %7.1f s, %.2f times xgboost's trees; %d looks%n", "all Java threads", java, java / trees, watching.looks);
    if (heap) {
      System.out.printf("  most live heap: %,d bytes, %.0f a step, in: %s (%d collections)%n",
          watching.most, watching.most / (double) steps, watching.mostIn, watching.collections);
    } else {
      System.out.printf("  %-32s %7.1f s, %.2f times xgboost's trees%n", "with compiler and collector", seconds, seconds / trees);
      System.out.printf("  %-32s %7.1f s, %.2f times xgboost's trees, one after the other%n", "by the clock", wall, wall / trees);
    }
    System.out.printf("  model %s%n", digest);
    return seconds;
  }

  /** Looks at all threads until it is done, and adds what each has spent to the stage that it is in. */
  private static final class Watching implements Runnable {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Map<Stage, Double> seconds = new EnumMap<>(Stage.class);
    private final Map<Long, Long> spent = new HashMap<>();
    private final boolean heap;
    private volatile boolean done;
    private double ownSeconds;
    private int looks;
    private int collections;
    private long most;
    private String mostIn;

    Watching(boolean heap) {
      this.heap = heap;
      for (Stage stage : Stage.values()) {
        seconds.put(stage, 0.0);
      }
      for (long id : threads.getAllThreadIds()) {
        spent.put(id, threads.getThreadCpuTime(id));
      }
    }

    @Override
    public void run() {
      double collectedAt = 0;
      try {
        while (!done) {
          Thread.sleep(10);
          look();
          if (heap && processorSeconds() - collectedAt > SECONDS_BETWEEN_COLLECTIONS) {
            String stages =
                Thread.getAllStackTraces().values().stream()
                    .map(Stage::of)
                    .filter(stage -> stage != Stage.OTHER)
                    .map(stage -> stage.words)
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(", "));
            long live = collected();
            collections++;
            mostIn = live > most ? stages : mostIn;
            most = Math.max(most, live);
            collectedAt = processorSeconds();
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      look();
      ownSeconds = threads.getCurrentThreadCpuTime() / 1e9;
    }

    private void look() {
      looks++;
      Thread.getAllStackTraces().forEach(
          (thread, stack) -> {
            long now = threads.getThreadCpuTime(thread.getId());
            long before = spent.getOrDefault(thread.getId(), 0L);
            spent.put(thread.getId(), now);
            if (thread != Thread.currentThread() && now > before) {
              seconds.merge(Stage.of(stack), (now - before) / 1e9, Double::sum);
            }
          });
    }
  }

  private static long collected() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static double processorSeconds() {
    return SYSTEM.getProcessCpuTime() / 1e9;
  }

  /** Of heap, classes and what native code holds; as Linux tells it. */
  private static String residentPeak() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        ? Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM")).findFirst().orElse("unknown").replaceAll("\\s+", " ")
        : "unknown";
  }
}
