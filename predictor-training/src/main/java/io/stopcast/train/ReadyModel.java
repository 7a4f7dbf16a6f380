package io.stopcast.train;

import io.stopcast.model.ModelFile;
import io.stopcast.model.Priors;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.Learned;
import io.stopcast.replay.Learner;
import io.stopcast.replay.ScoredRun;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * A model that is there already, which learns no more than a refresh does: the given runs become the earlier runs of their tasks.
 *
 * <p>Takes no training. What it would lose on runs that it was itself trained on says nothing: for those a {@link LearnedRecipe} is
 * learned anew on a part that lacks them.
 *
 * @param file trained on other runs, such as the shipped one
 * @param seed decides which runs of a task with many are kept
 */
public record ReadyModel(ModelFile file, long seed) implements Learner {
  public ReadyModel {
    Objects.requireNonNull(file, "file");
  }

  @Override
  public Learned fit(List<ScoredRun> training, double[] prices) {
    Priors earlier = new Histories(training).priors(new Random(seed));
    List<LearnedPolicy> policies = Arrays.stream(prices).mapToObj(price -> LearnedPolicy.of(file, price).with(earlier)).toList();
    return new Learned() {
      @Override
      public List<StopPolicy> policies() {
        return List.copyOf(policies);
      }

      @Override
      public List<StopPolicy> policies(Priors others) {
        return policies.stream().<StopPolicy>map(policy -> policy.with(others)).toList();
      }
    };
  }
}
