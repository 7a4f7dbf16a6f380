package io.stopcast.cli;

import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.registry.Contest;
import io.stopcast.registry.Finding;
import io.stopcast.registry.Gate;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.replay.ScoredRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which sources are at fault when a challenger was refused. Two ways to be: the challenger is worse than never stopping on the source itself, whose
 * runs then go as nobody can foresee; or the other sources are better served by a model that was trained without it. The second takes one
 * training for each suspect, at most {@value #MOST_SUSPECTS}, those with the most new runs first.
 */
final class Quarantine {
  private static final int MOST_SUSPECTS = 8;

  private final Retraining retraining;
  private final ModelRegistry registry;

  Quarantine(Retraining retraining, ModelRegistry registry) {
    this.retraining = retraining;
    this.registry = registry;
  }

  /**
   * Returns the sources at fault and why.
   *
   * @param runs all, those that are held out among them
   * @param fresh those that brought the training about
   */
  Map<String, String> atFault(Retraining.Outcome refused, List<ScoredRun> runs, List<ScoredRun> fresh)
      throws IOException, ModelRejectedException {
    Map<String, String> atFault = new TreeMap<>();
    for (Finding finding : refused.findings()) {
      if (finding.check().equals(Gate.SOURCES) && finding.figures().get("harmed") instanceof Map<?, ?> harmed) {
        harmed.forEach(
            (source, by) ->
                atFault.put(
                    source.toString(),
                    String.format(Locale.ROOT, "on it the challenger is worse than never stopping, by %.4f", (Double) by)));
      }
    }
    Map<String, Long> counts = fresh.stream().collect(Collectors.groupingBy(run -> run.task().source(), Collectors.counting()));
    List<String> suspects =
        counts.keySet().stream()
            .filter(source -> !atFault.containsKey(source))
            .sorted(Comparator.comparing((String source) -> -counts.get(source)).thenComparing(source -> source))
            .limit(MOST_SUSPECTS)
            .toList();
    for (String suspect : suspects) {
      double[] worst = harmToOthers(refused.model(), suspect, runs);
      if (worst.length > 0) {
        atFault.put(
            suspect,
            String.format(
                Locale.ROOT,
                "without it the loss on held-out runs of other sources is %.4f at price %s, and with it %.4f",
                worst[1],
                worst[0],
                worst[2]));
      }
    }
    return atFault;
  }

  /** The price at which the others are harmed most, their loss without and with the suspect; empty if within the margin. */
  private double[] harmToOthers(ModelFile challenger, String suspect, List<ScoredRun> runs)
      throws IOException, ModelRejectedException {
    List<ScoredRun> others = without(runs, Set.of(suspect));
    List<ScoredRun> learnable = retraining.learnable(others);
    List<ScoredRun> judged = new ArrayList<>(ScoredRun.complete(others));
    judged.removeAll(Set.copyOf(learnable));
    if (learnable.isEmpty() || judged.size() < Contest.ENOUGH_RUNS) {
      return new double[0];
    }
    double[] prices = retraining.prices();
    ModelFile without = retraining.recipe(learnable, registry).train(learnable, prices, Map.of());
    Contest contest =
        Contest.of(
            "beside one trained without it",
            judged,
            prices,
            Contest.losses(challenger, judged, prices),
            Contest.losses(without, judged, prices));
    return contest.overall().stream()
        .filter(row -> row.difference() > retraining.gate().margins().overall() * row.price())
        .max(Comparator.comparingDouble(row -> row.difference() / row.price()))
        .map(row -> new double[] {row.price(), row.champion(), row.challenger()})
        .orElse(new double[0]);
  }

  static List<ScoredRun> without(List<ScoredRun> runs, Set<String> sources) {
    return runs.stream().filter(run -> !sources.contains(run.task().source())).toList();
  }
}
