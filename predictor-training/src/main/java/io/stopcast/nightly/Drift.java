package io.stopcast.nightly;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far later runs are from those that a model has learned from: the population stability index of each feature and of the score, sum over bins
 * of (new - old) ln(new / old). Below 0.1 is little, above 0.25 much, by custom. It says that runs are others than before, not that the model
 * is wrong: it may be a reason to train again, and is none to promote.
 *
 * <p>Rows of one run are alike, so chance is judged by the number of runs: of two samples of the same runs the index is about (bins - 1) (1/n + 1/m).
 *
 * <p>N. Siddiqi, Credit Risk Scorecards, 2006.
 *
 * @param columns the largest first
 */
public record Drift(List<Column> columns) {
  /** An index counts as more than chance from so many times what chance makes of it. */
  private static final double BEYOND_CHANCE = 3;

  private static final double SMALLEST_SHARE = 1e-3;

  /**
   * One feature.
   *
   * @param chance what the index would be about if the runs were no others
   */
  public record Column(String name, double psi, double chance) {
    boolean exceeds(double limit) {
      return psi > limit && psi > BEYOND_CHANCE * chance;
    }
  }

  public Drift {
    columns = List.copyOf(columns);
  }

  /** @param now cut where the profile before is, by {@link Profile#same} */
  public static Drift of(Profile before, Profile now) {
    List<Column> columns = new ArrayList<>();
    for (Map.Entry<String, Profile.Column> column : now.columns().entrySet()) {
      List<Double> old = before.columns().get(column.getKey()).shares();
      List<Double> fresh = column.getValue().shares();
      double psi = 0;
      for (int b = 0; b < old.size(); b++) {
        double a = Math.max(SMALLEST_SHARE, fresh.get(b));
        double e = Math.max(SMALLEST_SHARE, old.get(b));
        psi += (a - e) * Math.log(a / e);
      }
      double chance = (old.size() - 1) * (1.0 / Math.max(1, before.runs()) + 1.0 / Math.max(1, now.runs()));
      columns.add(new Column(column.getKey(), psi, chance));
    }
    columns.sort(Comparator.comparingDouble(Column::psi).reversed());
    return new Drift(columns);
  }

  /** The features that have drifted, the score among them if it has. */
  public List<Column> beyond(double limit) {
    return columns.stream().filter(column -> column.exceeds(limit)).toList();
  }

  /** The index of the score. */
  public Optional<Column> score() {
    return columns.stream().filter(column -> column.name().equals(Profile.SCORE)).findFirst();
  }
}
