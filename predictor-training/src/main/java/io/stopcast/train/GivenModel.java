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
 * A model that is judged as it is: nothing is trained, and the runs of the training part are the history of their tasks, as after {@code
 * models refresh}. Says what a model is worth to somebody else, on runs that it has not seen; on others it says nothing.
 *
 * @param file the model
 * @param seed decides which runs of a task with many are its history
 */
public record GivenModel(ModelFile file, long seed) implements Learner {
  public GivenModel {
    Objects.requireNonNull(file, "file");
  }

  @Override
  public Learned fit(List<ScoredRun> training, double[] prices) {
    List<LearnedPolicy> policies = Arrays.stream(prices).mapToObj(price -> LearnedPolicy.of(file, price)).toList();
    Priors known = new Histories(training).priors(new Random(seed));
    return new Learned() {
      @Override
      public List<StopPolicy> policies() {
        return policies(known);
      }

      @Override
      public List<StopPolicy> policies(Priors earlier) {
        return policies.stream().<StopPolicy>map(policy -> policy.with(earlier)).toList();
      }
    };
  }
}
