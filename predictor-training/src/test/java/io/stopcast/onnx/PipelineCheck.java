package io.stopcast.onnx;

import io.stopcast.history.History;
import io.stopcast.model.ModelFile;
import io.stopcast.model.Priors;
import io.stopcast.run.Run;
import io.stopcast.train.OnnxExport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Compares the pipeline with Java on every prefix of many recorded runs: {@code PipelineCheck MODEL RUNS PATH...}.
 * Called by {@code checks/pipeline}.
 *
 * <p>The model judges them beside the other runs of their tasks. Of every two runs one has reports that are missing,
 * NaN or infinite, and another plan.
 */
public final class PipelineCheck {
  private static final int LONGEST = 400;
  private static final int MOST_EARLIER = 64;
  private static final double[] PRICES = {.03, .1, .3};

  private PipelineCheck() {}

  /** Prints what was found, and fails if anything differs. */
  public static void main(String[] args) throws Exception {
    ModelFile model = ModelFile.read(Path.of(args[0]));
    int count = Integer.parseInt(args[1]);
    List<Path> paths = Stream.of(args).skip(2).map(Path::of).filter(Files::exists).toList();
    if (paths.isEmpty()) {
      System.out.println("skipped: none of the histories is there");
      return;
    }
    List<Run> runs = new ArrayList<>(History.read(paths, History.Options.STRICT).runs());
    runs.removeIf(run -> run.steps().isEmpty() || run.steps().size() > LONGEST);
    runs.removeIf(run -> run.steps().stream().noneMatch(step -> Double.isFinite(run.context().objective().gain(step))));
    ModelFile refreshed = OnnxExport.withPriors(model, Priors.of(runs, MOST_EARLIER));
    Collections.shuffle(runs, new Random(7));
    OddRuns odd = new OddRuns(7);
    byte[] graph = PipelineExport.write(refreshed);
    try (Pipeline pipeline = new Pipeline(graph)) {
      Differences differences = new Differences(refreshed, pipeline);
      int done = 0;
      long start = System.nanoTime();
      for (Run run : runs.subList(0, Math.min(count, runs.size()))) {
        differences.compare(done % 2 == 0 ? run : odd.damaged(run), PRICES[done++ % PRICES.length]);
      }
      System.out.printf(
          "%d runs, %d prefixes, %.2f ms each; graph of %d bytes; %d stops; features differ by up to %.2g,"
              + " probabilities by %.2g%n",
          done,
          differences.prefixes(),
          (System.nanoTime() - start) / 1e6 / differences.prefixes(),
          graph.length,
          differences.stops(),
          differences.largestFeature(),
          differences.largestProbability());
      differences.differing().forEach((name, what) -> System.out.println(name + ": " + what));
      differences.examples().forEach(System.out::println);
      if (differences.failures() > 0) {
        System.out.println("FAILED: " + differences.failures());
        System.exit(1);
      }
    }
  }
}
