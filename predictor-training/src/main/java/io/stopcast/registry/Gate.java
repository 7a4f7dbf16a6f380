package io.stopcast.registry;

import io.stopcast.model.Verification;
import io.stopcast.replay.Results;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a model must show before it may become the champion. */
public final class Gate {
  private Gate() {}

  /**
   * Returns why the model may not be promoted, or nothing if it may: its file verifies, it was judged on held-out runs,
   * and at no price and under no split is its mean loss larger than that of never stopping.
   */
  public static Optional<String> objection(List<Results> judged, Verification verification) {
    if (!verification.passed()) {
      return Optional.of("its file does not verify: " + verification.failure().orElseThrow());
    }
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
