package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Asks to freeze the lowest layers, or to take them out, once they have stopped changing, as far as the trainer tells; never stops.
 *
 * <p>The trainer reports for each layer how much it changes, such as the norm of its gradient or of its last update over that of its
 * weights, in the steps that report the objective. A layer is still once its signal lay below {@code share} of the largest value that it
 * has had for {@code points} such points in a row. What is asked for is all still layers from the lowest up to the first that is not,
 * again at each point: an {@link Arbiter} grants it once. A signal that is missing, NaN or infinite says nothing, as that of a layer that is
 * frozen; one that no step reports asks for nothing, see {@link Arbiter#requireReported}. O(layers) time and memory in every step.
 *
 * <p>Source: M. Raghu et al., "SVCCA", 2017, for layers that settle from the bottom up; Y. Liu et al., "AutoFreeze", 2021, for gradient
 * norms as the sign.
 *
 * @param signals what the layers' changes are called, from the lowest up, such as {@code layer_change_1}; 1 to 64
 * @param share of a layer's largest change; above 0 and below 1
 * @param points how many in a row; at least 1
 * @param then what is asked for
 */
public record StillLayers(List<String> signals, double share, int points, Then then) implements StopPolicy {
  private static final int MOST_LAYERS = 64;

  /** What becomes of still layers. */
  public enum Then {
    /** They are trained no further. */
    FREEZE,
    /** They are taken out of the training. */
    SHRINK
  }

  public StillLayers {
    signals = List.copyOf(signals);
    Objects.requireNonNull(then, "then");
    if (signals.isEmpty() || signals.size() > MOST_LAYERS || signals.contains("") || signals.stream().distinct().count() < signals.size()) {
      throw new IllegalArgumentException(
          "layers need 1 to %d signals, each with a name of its own, but were to have %s".formatted(MOST_LAYERS, signals));
    }
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "a layer is still below a share of its largest change above 0 and below 1, but was to be below " + share);
    }
    if (points < 1) {
      throw new IllegalArgumentException("a layer must be still for at least 1 point, but was to be for " + points);
    }
  }

  /** Freezes them. */
  public StillLayers(List<String> signals, double share, int points) {
    this(signals, share, points, Then.FREEZE);
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      private final double[] largest = new double[signals.size()];
      private final long[] still = new long[signals.size()];

      @Override
      Decision observePoint(Step step, double gain) {
        int layers = 0;
        boolean below = true;
        for (int i = 0; i < largest.length; i++) {
          double change = Math.abs(step.value(signals.get(i)));
          if (change < Double.POSITIVE_INFINITY) {
            largest[i] = Math.max(largest[i], change);
            still[i] = change < share * largest[i] ? still[i] + 1 : 0;
          }
          below &= still[i] >= points;
          layers += below ? 1 : 0;
        }
        return layers == 0 || Double.isNaN(gain) ? Decision.CONTINUE : ask(layers);
      }

      private Decision ask(int layers) {
        Advice advice = then == Then.FREEZE ? new Advice.FreezeLayers(layers) : new Advice.ShrinkModel(layers);
        String signal = signals.get(layers - 1);
        long row = still[layers - 1];
        return new Decision.Continue(
            advice,
            StillLayers.this.toString(),
            () -> String.format(Locale.ROOT, "%s was below %s of its largest for %d points in a row, and so were those below it", signal, share, row));
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        for (int i = 0; i < largest.length; i++) {
          out.writeDouble(largest[i]);
          out.writeLong(still[i]);
        }
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        for (int i = 0; i < largest.length; i++) {
          largest[i] = in.readDouble();
          still[i] = in.readLong();
        }
      }
    };
  }

  @Override
  public String toString() {
    String what = then == Then.FREEZE ? "freeze" : "shrink";
    return what + "-still-layers(" + String.join(" ", signals) + " below " + share + ", " + points + " in a row)";
  }
}
