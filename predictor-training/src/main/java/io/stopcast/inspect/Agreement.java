package io.stopcast.inspect;

import java.util.ArrayList;
import java.util.List;

/**
 * How good a policy's answers are once so much of a run was seen. Every task weighs the same.
 *
 * @param from the share of the run's recorded cost at which this part begins, within 0..1
 * @param to where it ends
 * @param agreement how often the answer, stop or go on, was right in hindsight
 * @param goingOn how often going on was right: what one who never stops gets right
 * @param cost what wrong answers cost on average, in units of the task's scale
 * @param costGoingOn what they cost one who never stops
 * @param points how many there are
 */
public record Agreement(
    double from, double to, double agreement, double goingOn, double cost, double costGoingOn, int points) {
  private static final int PARTS = 10;

  /** Returns a row for each tenth of the runs' cost that has points. */
  public static List<Agreement> byShare(List<HeldOutPoint> points) {
    List<Agreement> rows = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      int number = part;
      List<HeldOutPoint> in =
          points.stream().filter(point -> Math.min(PARTS - 1, (int) (point.share() * PARTS)) == number).toList();
      double weight = 0;
      double agreed = 0;
      double goingOn = 0;
      double cost = 0;
      double costGoingOn = 0;
      for (HeldOutPoint point : in) {
        double stake = point.weight() * Math.abs(point.advantage());
        boolean agrees = point.saysStop() == point.right();
        weight += point.weight();
        agreed += agrees ? point.weight() : 0;
        goingOn += point.right() ? 0 : point.weight();
        cost += agrees ? 0 : stake;
        costGoingOn += point.right() ? stake : 0;
      }
      if (weight > 0) {
        rows.add(
            new Agreement(
                (double) part / PARTS,
                (part + 1.0) / PARTS,
                agreed / weight,
                goingOn / weight,
                cost / weight,
                costGoingOn / weight,
                in.size()));
      }
    }
    return rows;
  }
}
