package io.stopcast.inspect;

import io.stopcast.model.StopModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How much worse a model does on held-out points when it is shown a group of features of another point.
 *
 * <p>The loss is the one that the trees are grown on: log loss of the answer whether stopping is right, each point weighing what a wrong
 * answer costs there. All features of a group are taken from the same other point of the same fold, so that what belongs together stays
 * together; groups that say the same can stand in for each other, and then both look less important than they are. This is
 * permutation importance: Breiman, "Random Forests", 2001; by groups: Fisher, Rudin, Dominici, "All Models are Wrong, but Many are
 * Useful", 2019.
 *
 * @param group the part of the features' names before the dot
 * @param features how many belong to it
 * @param rise by how much the loss rises, as a share of what it was; about 0 for a group that is not needed
 * @param deviation of {@code rise} between repetitions
 * @param moved by how much the probability changes, on average
 */
public record Importance(String group, int features, double rise, double deviation, double moved) {
  private static final int MOST_POINTS = 6_000;
  private static final int REPETITIONS = 5;

  /** Returns all groups but the price, the most important one first; none without points. */
  public static List<Importance> of(List<HeldOutPoint> all, long seed) {
    int every = 1 + all.size() / MOST_POINTS;
    Map<StopModel, List<HeldOutPoint>> byModel = new IdentityHashMap<>();
    List<StopModel> models = new ArrayList<>();
    for (int i = 0; i < all.size(); i += every) {
      HeldOutPoint point = all.get(i);
      byModel.computeIfAbsent(
          point.model(),
          model -> {
            models.add(model);
            return new ArrayList<>();
          })
          .add(point);
    }
    if (models.isEmpty()) {
      return List.of();
    }
    double loss = 0;
    for (StopModel model : models) { // in the points' order: the map has none
      for (HeldOutPoint point : byModel.get(model)) {
        loss += stake(point) * logLoss(point, point.score());
      }
    }
    List<Importance> importances = new ArrayList<>();
    for (Map.Entry<String, int[]> group : groups(models.get(0).schema().names()).entrySet()) {
      double[] rises = new double[REPETITIONS];
      double moved = 0;
      double weight = 0;
      SplittableRandom random = new SplittableRandom(seed);
      for (int repetition = 0; repetition < REPETITIONS; repetition++) {
        double more = 0;
        for (StopModel model : models) {
          List<HeldOutPoint> points = byModel.get(model);
          int[] others = permutation(points.size(), random);
          float[] row = new float[model.schema().size()];
          for (int i = 0; i < others.length; i++) {
            HeldOutPoint point = points.get(i);
            System.arraycopy(point.features(), 0, row, 0, row.length);
            for (int feature : group.getValue()) {
              row[feature] = points.get(others[i]).features()[feature];
            }
            float score = model.score(row);
            more += stake(point) * (logLoss(point, score) - logLoss(point, point.score()));
            moved += point.weight() * Math.abs(score - point.score());
            weight += point.weight();
          }
        }
        rises[repetition] = loss > 0 ? more / loss : 0;
      }
      double mean = Arrays.stream(rises).average().orElseThrow();
      double variance = Arrays.stream(rises).map(rise -> (rise - mean) * (rise - mean)).sum() / (REPETITIONS - 1);
      importances.add(
          new Importance(group.getKey(), group.getValue().length, mean, Math.sqrt(variance), moved / weight));
    }
    importances.sort(Comparator.comparingDouble((Importance importance) -> -importance.rise).thenComparing(Importance::group));
    return importances;
  }

  /** The positions of each group's features. */
  static Map<String, int[]> groups(List<String> names) {
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      int dot = names.get(i).indexOf('.');
      if (dot > 0) { // the price, which has none, is the same at all points
        groups.computeIfAbsent(names.get(i).substring(0, dot), group -> new ArrayList<>()).add(i);
      }
    }
    Map<String, int[]> positions = new LinkedHashMap<>();
    groups.forEach((group, of) -> positions.put(group, of.stream().mapToInt(Integer::intValue).toArray()));
    return positions;
  }

  private static double stake(HeldOutPoint point) {
    return point.weight() * Math.abs(point.advantage());
  }

  private static double logLoss(HeldOutPoint point, float score) {
    double said = point.right() ? score : 1 - score;
    return -Math.log(Math.max(said, 1e-7));
  }

  private static int[] permutation(int size, SplittableRandom random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
