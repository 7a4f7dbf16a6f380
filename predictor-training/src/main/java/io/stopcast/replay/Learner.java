package io.stopcast.replay;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What makes a policy out of recorded runs, so that the protocol can judge it on others. */
@FunctionalInterface
public interface Learner {
  /** Learns for each of the prices, in their order, having seen nothing but the given runs. Safe for several threads. */
  Learned fit(List<ScoredRun> training, double[] prices);

  /** Returns this learner with a memory: what was learned once from the same runs is not learned again. */
  default Learner remembering() {
    record Question(List<ScoredRun> training, List<Double> prices) {}
    Map<Question, Learned> known = new ConcurrentHashMap<>();
    return (training, prices) -> {
      Question question = new Question(List.copyOf(training), Arrays.stream(prices).boxed().toList());
      // Not computeIfAbsent: learning takes minutes, and may come back here for another fold on the same thread.
      Learned answer = known.get(question);
      if (answer == null) {
        answer = fit(training, prices);
        known.put(question, answer);
      }
      return answer;
    };
  }
}
