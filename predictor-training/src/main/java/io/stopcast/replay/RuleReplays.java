package io.stopcast.replay;

import io.stopcast.policy.StopPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Where every setting of every rule stops every run: replayed once, whatever is asked of it later. Immutable. */
public final class RuleReplays {
  private final List<Family> families;
  private final List<ScoredRun> runs;
  private final ShownHorizon shown;
  /** [setting over all families][run]: the point at which it stopped. */
  private final int[][] stops;

  private RuleReplays(List<Family> families, List<ScoredRun> runs, ShownHorizon shown, int[][] stops) {
    this.families = List.copyOf(families);
    this.runs = List.copyOf(runs);
    this.shown = shown;
    this.stops = stops;
  }

  /**
   * Replays them all, on all processors.
   *
   * @param shown what the rules are shown, when they are tuned as when they are judged
   * @param afterEachRun told, by any thread, when a run is done
   */
  public static RuleReplays of(
      List<Family> families, List<ScoredRun> runs, ShownHorizon shown, Runnable afterEachRun) {
    List<StopPolicy> settings = families.stream().flatMap(f -> f.settings().stream()).toList();
    int[][] stops = new int[settings.size()][runs.size()];
    IntStream.range(0, runs.size())
        .parallel()
        .forEach(
            r -> {
              for (int s = 0; s < settings.size(); s++) {
                stops[s][r] = Replay.of(settings.get(s), shown.show(runs.get(r).run())).point();
              }
              afterEachRun.run();
            });
    return new RuleReplays(families, runs, shown, stops);
  }

  List<Family> families() {
    return families;
  }

  List<ScoredRun> runs() {
    return runs;
  }

  ShownHorizon shown() {
    return shown;
  }

  int settings() {
    return stops.length;
  }

  /** A setting, counted over all families, as it names itself. */
  String name(int setting) {
    return families.stream().flatMap(family -> family.settings().stream()).skip(setting).findFirst().orElseThrow().toString();
  }

  /** The point at which a setting, counted over all families, stops a run. */
  int stop(int setting, int run) {
    return stops[setting][run];
  }

  /** The mean loss of each setting over those of the chosen runs that are not stopped, every task weighing the same. */
  double[] losses(int[] all, double price) {
    int[] chosen = Arrays.stream(all).filter(r -> !runs.get(r).isStopped()).toArray();
    double[] weights = TaskWeights.of(runs, chosen);
    double[] losses = new double[stops.length];
    for (int s = 0; s < losses.length; s++) {
      for (int k = 0; k < chosen.length; k++) {
        losses[s] += weights[k] * runs.get(chosen[k]).hindsight().loss(stops[s][chosen[k]], price);
      }
    }
    return losses;
  }

  /** For each family its setting with the smallest loss, counted over all families; the first of several. */
  int[] best(double[] losses) {
    int[] best = new int[families.size()];
    int setting = 0;
    for (int f = 0; f < best.length; f++) {
      best[f] = setting;
      for (int i = 0; i < families.get(f).settings().size(); i++, setting++) {
        best[f] = losses[setting] < losses[best[f]] ? setting : best[f];
      }
    }
    return best;
  }
}
