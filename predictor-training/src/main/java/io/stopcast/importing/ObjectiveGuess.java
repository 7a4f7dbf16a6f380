package io.stopcast.importing;

import io.stopcast.run.Direction;
import io.stopcast.run.Objective;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Guesses by their names which of a task's metrics its runs are judged by.
 *
 * <p>First what was measured on held-out data, then what does not say on what, then test data, then training data; among those, what
 * most runs report, then shares of what is right before losses, then what is reported most often.
 */
final class ObjectiveGuess {
  private static final Pattern HELD_OUT = Pattern.compile("\\b(val|valid|validation|eval|evaluation|dev|heldout|metrics)\\b");
  private static final Pattern TEST = Pattern.compile("\\btest\\b");
  private static final Pattern TRAINING = Pattern.compile("\\b(train|training|learn|batch|minibatch)\\b");
  private static final Pattern UP =
      Pattern.compile(
          "acc\\b|acc ?\\d|accurac|auc|auroc|\\bm ?ap(?![a-z])|ndcg|\\bmrr\\b|precision|recall|\\bf1|f1\\b|bleu|rouge|exact"
              + "|\\bem\\b|ssim|psnr|io ?u\\b|dice|\\btop ?\\d|\\br2\\b|reward|return|score|success|kappa|\\bmcc\\b");
  private static final Pattern DOWN =
      Pattern.compile(
          "loss|entropy|\\bnll\\b|perplexity|\\bppl\\b|\\br?mse\\b|rmse|\\bmae\\b|mape|deviance|\\berr\\d*\\b|error|\\bl[12]$"
              + "|\\b[wc]er\\b|\\bfid\\b|\\bbp[bc]\\b");
  private static final Pattern NOT_QUALITY =
      Pattern.compile(
          "\\b(lr|pg\\d*|learning rate|time|runtime|seconds?|timestamp|grad|norm|gpu|cpu|memory|system"
              + "|samples per second|steps per second|flos|tokens|examples|stopcast|perf|speed|throughput|weight|momentum|scale|penalty)\\b");

  private ObjectiveGuess() {}

  /**
   * A metric of a task.
   *
   * @param runs how many runs report it
   * @param values how many values they report
   */
  record Candidate(String metric, long runs, long values) {
    String words() {
      return ObjectiveGuess.words(metric);
    }

    int role() {
      String words = words();
      if (TRAINING.matcher(words).find()) {
        return 3;
      }
      return TEST.matcher(words).find() ? 2 : HELD_OUT.matcher(words).find() ? 0 : 1;
    }
  }

  static Optional<Objective> among(List<Candidate> candidates) {
    return candidates.stream()
        .filter(c -> direction(c.metric).isPresent())
        .min(
            Comparator.comparingInt(Candidate::role)
                .thenComparing(Comparator.comparingLong(Candidate::runs).reversed())
                .thenComparing(c -> direction(c.metric).orElseThrow() == Direction.MAXIMIZE ? 0 : 1)
                .thenComparing(Comparator.comparingLong(Candidate::values).reversed())
                .thenComparing(Candidate::metric))
        .map(c -> new Objective(c.metric, direction(c.metric).orElseThrow()));
  }

  /** Which way a metric gets better, if it is one of quality and its name tells. */
  static Optional<Direction> direction(String metric) {
    String words = words(metric);
    if (NOT_QUALITY.matcher(words).find()) {
      return Optional.empty();
    }
    if (DOWN.matcher(words).find()) {
      return Optional.of(Direction.MINIMIZE);
    }
    return UP.matcher(words).find() ? Optional.of(Direction.MAXIMIZE) : Optional.empty();
  }

  /** Whether it was measured on test data, so that nobody may see it while the run goes on. */
  static boolean isTest(String metric) {
    return TEST.matcher(words(metric)).find();
  }

  /** In lower case, one space between words: {@code val/meanAP_50} is {@code val mean ap 50}. */
  private static String words(String metric) {
    return metric
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}]+", " ")
        .strip();
  }
}
