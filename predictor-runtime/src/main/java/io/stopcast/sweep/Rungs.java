package io.stopcast.sweep;

import io.stopcast.policy.Decision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The rungs of one bracket: what each run that came to one had to show there. */
final class Rungs {
  /** So that a quarter of the plan is one however it is computed. */
  private static final double ROUNDING = 1 - 1e-12;

  private final int eta;
  private final double first;
  private final List<Rung> rungs = new ArrayList<>();
  private final SharedSweep sweep;

  /**
   * @param first the progress of the lowest rung; that of each other is {@code eta} times that of the one before
   */
  Rungs(int eta, double first, SharedSweep sweep) {
    this.eta = eta;
    this.first = first;
    this.sweep = sweep;
  }

  private static final class Rung {
    private double[] ascending = new double[4];
    private int size;

    /** Adds a gain and returns the least that may pass. */
    double add(double gain, int eta) {
      if (size == ascending.length) {
        ascending = Arrays.copyOf(ascending, 2 * size);
      }
      int i = Arrays.binarySearch(ascending, 0, size, gain);
      i = i < 0 ? -i - 1 : i;
      System.arraycopy(ascending, i, ascending, i + 1, size - i);
      ascending[i] = gain;
      size++;
      return ascending[size - Math.max(1, size / eta)];
    }
  }

  /** Takes in a run. */
  SharedSweep.Member join() {
    return new SharedSweep.Member() {
      private int next;
      private double nextAt = first;

      @Override
      public Decision observe(double at, double gain) {
        while (at >= nextAt * ROUNDING) {
          if (rungs.size() == next) {
            rungs.add(new Rung());
          }
          Rung rung = rungs.get(next++);
          double rungAt = nextAt;
          nextAt *= eta;
          double least = rung.add(gain, eta);
          int runs = rung.size;
          if (gain < least) {
            return sweep.stop(
                () ->
                    "the value %s is worse than %s, which 1 of %d reached of the %d runs that came to rung %s"
                        .formatted(sweep.value(gain), sweep.value(least), eta, runs, sweep.say(rungAt)));
          }
        }
        return Decision.CONTINUE;
      }

      @Override
      public void end() {}
    };
  }
}
