package io.stopcast.cli;

import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.risk.PromiseRecipe;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a new model is to promise, if anything. */
final class PromiseOptions {
  @Mixin private LimitOptions limits;

  @Option(
      names = "--confidence",
      paramLabel = "C",
      description = "How sure it is that the limit is kept, at each price by itself. Default: 0.9.")
  private Double confidence;

  @Option(
      names = "--unit",
      split = ",",
      paramLabel = "U",
      description = "For whom the limit is kept: run (a new run of a known task), task (a run of a new task), or both, each"
          + " certified by itself. Default: run.")
  private List<String> units;

  @Option(
      names = "--by-family",
      description = "Certify families of runs by themselves, where they have enough units: by the parameter 'family' of a run's context, or else"
          + " its source. A limit that is kept on average over all may be broken in a family. For the others it is what is certified for all.")
  private boolean byFamily;

  /** How to train a model that promises that; empty if no limit was given. */
  Optional<PromiseRecipe> recipe() throws WrongUsageException {
    Optional<RegretLimit> limit = limits.limit();
    if (limit.isEmpty()) {
      if (confidence != null || units != null || byFamily) {
        throw new WrongUsageException("--confidence, --unit and --by-family need a limit, such as --max-regret 0.02, which is missing");
      }
      return Optional.empty();
    }
    try {
      Set<Promise.Unit> chosen = EnumSet.noneOf(Promise.Unit.class);
      (units == null ? List.of(Promise.Unit.RUN.word()) : units).forEach(word -> chosen.add(Promise.Unit.of(word)));
      return Optional.of(new PromiseRecipe(
              limit.get(), confidence == null ? PromiseRecipe.CONFIDENCE : confidence, chosen, byFamily, PromiseRecipe.SEED));
    } catch (IllegalArgumentException e) {
      throw new WrongUsageException(Objects.requireNonNull(e.getMessage()));
    }
  }
}
