package io.stopcast.cli;

import io.stopcast.model.ModelFile;
import io.stopcast.model.RegretLimit;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.risk.PromiseRecipe;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A limit on the regret, in one of its two forms. */
final class LimitOptions {
  @Option(
      names = "--max-regret",
      paramLabel = "E",
      description = "A limit on what stopping may cost: only a share of the runs, see --risk, may lose more than this, in units of"
          + " what the task has to gain, such as 0.02.")
  private Double maxRegret;

  @Option(
      names = "--risk",
      paramLabel = "A",
      description = "The share of runs that may lose more than --max-regret. Default: 0.1.")
  private Double risk;

  @Option(
      names = "--mean-regret",
      paramLabel = "R",
      description = "A limit of the other form: the runs may lose no more than this on average, such as 0.01.")
  private Double meanRegret;

  @Option(
      names = "--early",
      paramLabel = "S",
      description = "The limit is kept over all runs, and also over those alone that are stopped before this share of what they would have"
          + " cost, such as 0.5; 1 means all that are stopped.")
  private Double early;

  /** The limit, if one was given. */
  Optional<RegretLimit> limit() throws WrongUsageException {
    if (early != null && maxRegret == null && meanRegret == null) {
      throw new WrongUsageException("--early says over which runs else a limit is kept, such as --max-regret 0.02, which is missing");
    }
    if (risk != null && maxRegret == null) {
      throw new WrongUsageException("--risk says how many runs may lose more than --max-regret, which is missing");
    }
    if (maxRegret != null && meanRegret != null) {
      throw new WrongUsageException("--max-regret and --mean-regret are two forms of a limit; give one of them");
    }
    try {
      if (maxRegret == null && meanRegret == null) {
        return Optional.empty();
      }
      RegretLimit overall =
          maxRegret != null ? new RegretLimit.Exceeding(maxRegret, risk == null ? PromiseRecipe.RISK : risk) : new RegretLimit.Mean(meanRegret);
      return Optional.of(early == null ? overall : new RegretLimit.AlsoEarly(overall, early));
    } catch (IllegalArgumentException e) {
      throw new WrongUsageException(Objects.requireNonNull(e.getMessage()));
    }
  }

  /**
   * The policy that a user asks a model for: at a price, within a limit, or both.
   *
   * @param price null if none was given, which needs a limit
   */
  LearnedPolicy policy(ModelFile model, Double price) throws WrongUsageException {
    if (price != null && (!(price > 0) || Double.isInfinite(price))) {
      throw new WrongUsageException("--price must be positive, such as 0.1, but was " + price);
    }
    Optional<RegretLimit> limit = limit();
    if (limit.isEmpty() && price == null) {
      throw new WrongUsageException("--price is missing, such as --price 0.1; or a limit that the model promises, such as --max-regret 0.02");
    }
    try {
      if (limit.isEmpty()) {
        return LearnedPolicy.of(model, price);
      }
      return price == null ? LearnedPolicy.within(model, limit.get()) : LearnedPolicy.within(model, limit.get(), price);
    } catch (IllegalArgumentException e) {
      throw new WrongUsageException(Objects.requireNonNull(e.getMessage()));
    }
  }
}
