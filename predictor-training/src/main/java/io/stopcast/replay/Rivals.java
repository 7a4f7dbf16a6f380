package io.stopcast.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Several learners judged on the same runs by the protocol, one after the other, and compared task by task.
 *
 * @param results by the learner's name; each has the rules, and the learner as {@link Results#LEARNED}
 */
public record Rivals(Map<String, Results> results) {
  private static final int DRAWS = 10_000;
  private static final long SEED = 1;

  public Rivals {
    results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
    if (results.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to compare");
    }
  }

  /**
   * How much more one policy loses than another.
   *
   * @param mean over tasks, in units of their scale
   * @param low lower end of the 95 % interval, by paired bootstrap over tasks, stratified by source
   * @param high its upper end
   * @param wins share of tasks on which it loses less, ties counting half
   */
  public record Difference(String against, double mean, double low, double high, double wins) {}

  private double[] losses(String policy, int price) {
    Results own = results.get(policy);
    return own != null
        ? own.taskLosses(Results.LEARNED, price)
        : results.values().iterator().next().taskLosses(policy, price);
  }

  private double loss(String policy, int price) {
    return Arrays.stream(losses(policy, price)).average().orElse(Double.NaN);
  }

  /** The best in hindsight of the given learners and all families of rules, each tuned on the training part. */
  public String bestSingle(List<String> learners, int price) {
    List<String> all = new ArrayList<>(learners);
    all.add(results.values().iterator().next().bestRule(price));
    return all.stream().min((a, b) -> Double.compare(loss(a, price), loss(b, price))).orElseThrow();
  }

  /**
   * Compares a learner with another one, or with a row of the table that they share.
   *
   * @param price which of the prices, by its position
   */
  public Difference compare(String learner, String other, int price) {
    double[] one = losses(learner, price);
    double[] against = losses(other, price);
    int[][] strata = TaskStrata.of(results.get(learner).tasks());
    double[] means = new double[DRAWS];
    SplittableRandom random = new SplittableRandom(SEED);
    for (int d = 0; d < DRAWS; d++) {
      double sum = 0;
      for (int[] stratum : strata) {
        for (int i = 0; i < stratum.length; i++) {
          int task = stratum[random.nextInt(stratum.length)];
          sum += one[task] - against[task];
        }
      }
      means[d] = sum / one.length;
    }
    Arrays.sort(means);
    double wins = 0;
    for (int t = 0; t < one.length; t++) {
      wins += one[t] < against[t] ? 1 : one[t] > against[t] ? 0 : 0.5;
    }
    double mean = loss(learner, price) - loss(other, price);
    return new Difference(other, mean, means[DRAWS / 40], means[DRAWS - 1 - DRAWS / 40], wins / one.length);
  }
}
