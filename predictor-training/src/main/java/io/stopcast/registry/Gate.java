package io.stopcast.registry;

import io.stopcast.model.ModelFile;
import io.stopcast.model.Promise;
import io.stopcast.model.Verification;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.replay.Results;
import io.stopcast.replay.ScoredRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a model must show before it may become the champion: a list of {@link Finding}s, any of which may object. What else is promised of a model
 * is one finding more.
 */
public final class Gate {
  /** The name of the finding of {@link #sources}; its figure {@code harmed} has the names of those that are. */
  public static final String SOURCES = "sources";

  private static final String PROMISES = "promises";

  private Gate() {}

  /**
   * How the challenger does beside the champion.
   *
   * @param contest on runs that neither has seen
   * @param runs some runs, to take the time
   */
  public static List<Finding> beside(
      ModelFile challenger, ModelFile champion, Contest contest, List<ScoredRun> runs, double price, Margins margins) {
    List<Finding> findings = new ArrayList<>(contest.findings(margins));
    findings.add(Latency.check(LearnedPolicy.of(challenger, price), LearnedPolicy.of(champion, price), runs, margins.latency()));
    return findings;
  }

  /**
   * Whether the challenger keeps what the champion promises, so that whoever follows the champion by a limit on the regret still can: for
   * each promise one for the same unit, with no looser limit and no less confidence, something certified if the champion has it, and a certificate
   * for each family that has one of its own.
   */
  public static Finding promises(ModelFile challenger, ModelFile champion) {
    for (Promise promise : champion.promises().all()) {
      Optional<Promise> kept =
          challenger.promises().covering(promise.unit(), promise.limit()).filter(other -> other.confidence() >= promise.confidence());
      if (kept.isEmpty()) {
        return new Finding(
            PROMISES,
            false,
            "the champion promises %s, and it does not; retrain with that limit, or promote it by hand".formatted(promise),
            Map.of("promise", promise.toString()));
      }
      if (promise.boldestPrice().isPresent() && kept.get().boldestPrice().isEmpty()) {
        return new Finding(
            PROMISES,
            false,
            "nothing but never stopping was certified of %s, of which the champion has %s".formatted(kept.get(), promise),
            Map.of("promise", promise.toString()));
      }
    }
    for (Promise promise : champion.promises().all()) {
      Promise kept = challenger.promises().covering(promise.unit(), promise.limit()).orElseThrow();
      List<String> lost = promise.families().keySet().stream().filter(family -> !kept.families().containsKey(family)).toList();
      if (!lost.isEmpty()) {
        return new Finding(
            PROMISES,
            false,
            "the champion promises %s for %s by itself, and it does not; retrain with --by-family, or promote it by hand"
                .formatted(promise.limit(), String.join(", ", lost)),
            Map.of("promise", promise.toString(), "families", lost));
      }
    }
    int all = champion.promises().all().size();
    return new Finding(PROMISES, true, all == 0 ? "the champion promises nothing" : "it keeps what the champion promises", Map.of("promises", all));
  }

  /**
   * Whether there are sources on which the model harms: its mean loss on held-out runs is larger than that of never stopping by more than a
   * margin.
   *
   * @param most the margin, in units of the price
   */
  public static Finding sources(List<Results> judged, double most) {
    Map<String, Object> figures = new LinkedHashMap<>();
    List<String> harmed = new ArrayList<>();
    for (Results results : judged) {
      for (int p = 0; p < results.prices().length; p++) {
        for (Results.Group source : results.bySource(p)) {
          if (source.learned() - source.never() > most * results.prices()[p]) {
            harmed.add(
                String.format(
                    Locale.ROOT,
                    "on source \"%s\" (%d tasks, split %s, price %s) its loss is %.4f, and that of never stopping %.4f",
                    source.name(),
                    source.tasks(),
                    results.split().word(),
                    results.prices()[p],
                    source.learned(),
                    source.never()));
            figures.putIfAbsent(source.name(), source.learned() - source.never());
          }
        }
      }
    }
    return new Finding(
        SOURCES, harmed.isEmpty(), harmed.isEmpty() ? "no source is harmed" : harmed.get(0), harmed.isEmpty() ? Map.of() : Map.of("harmed", figures));
  }

  /** Whether all who read the file score alike: plain Java as when it was written, and ONNX Runtime where that is at hand. */
  public static Finding scorers(Verification verification) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("golden_rows", verification.goldenRows());
    figures.put("compared_rows", verification.comparedRows());
    String says =
        verification.passed()
            ? verification.onnxRuntime() ? "Java and ONNX Runtime agree bit for bit" : "ONNX Runtime is not at hand, so nothing was compared with it"
            : "its file does not verify: " + verification.failure().orElseThrow();
    return new Finding("scorers", verification.passed(), says, figures);
  }

  /**
   * Returns why the model may not be promoted, or nothing if it may: it was judged on held-out runs, and at no price and under no split is its
   * mean loss larger than that of never stopping.
   */
  public static Optional<String> objection(List<Results> judged) {
    if (judged.isEmpty()) {
      return Optional.of("it could not be judged on held-out runs");
    }
    for (Results results : judged) {
      for (int p = 0; p < results.prices().length; p++) {
        double learned = results.row(Results.LEARNED, p).loss();
        double never = results.row(Results.NEVER, p).loss();
        if (!(learned <= never)) {
          return Optional.of(
              String.format(
                  Locale.ROOT,
                  "on held-out runs (split %s, price %s) its loss is %.4f, and that of never stopping %.4f",
                  results.split().word(),
                  results.prices()[p],
                  learned,
                  never));
        }
      }
    }
    return Optional.empty();
  }
}
