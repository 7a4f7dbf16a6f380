package io.stopcast.replay;

import io.stopcast.model.Priors;
import io.stopcast.policy.PolicyReader;
import io.stopcast.policy.StopPolicy;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Policies that were chosen for contexts, or for how runs begin.
 *
 * @param choices one for each price
 * @param learned the policies among which was chosen, beside the rules; empty if there were only these
 * @param prices of the learned ones
 */
public record Chosen(List<PolicyChoice> choices, Optional<Learned> learned, List<Double> prices) implements Learned {
  public Chosen {
    choices = List.copyOf(choices);
    Objects.requireNonNull(learned, "learned");
    prices = List.copyOf(prices);
  }

  @Override
  public List<StopPolicy> policies() {
    return policies(learned.map(Learned::policies).orElse(List.of()));
  }

  @Override
  public List<StopPolicy> policies(Priors earlier) {
    return policies(learned.map(some -> some.policies(earlier)).orElse(List.of()));
  }

  private List<StopPolicy> policies(List<StopPolicy> ofPrices) {
    PolicyReader rules = new PolicyReader();
    PolicyReader reader = ofPrices.isEmpty() ? rules : rules.with(price -> ofPrices.get(prices.indexOf(price)));
    return IntStream.range(0, choices.size()).mapToObj(p -> choices.get(p).policy(reader)).toList();
  }
}
