package io.stopcast.policy;

import io.stopcast.run.Horizon;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.Objects;

/**
 * Stops once the best value is too old.
 *
 * <p>The usual baseline: in every step it costs O(1) time and no memory. It needs no history and gives no guarantee: on a
 * curve with a plateau longer than the patience it gives up all that comes after. A NaN never counts as an improvement.
 *
 * <p>This is not <i>UP<sub>s</sub></i> of Prechelt, "Early Stopping - But When?", 1998, which counts consecutive increases
 * of the error: see {@link SuccessiveIncreases}.
 *
 * @param tolerated how long no better value is tolerated
 * @param minDelta by how much a value must beat the best to count
 */
public record Patience(Wait tolerated, MinDelta minDelta) implements StopPolicy {
  /** How long to wait. */
  public sealed interface Wait {
    /** Returns the number of points, NaN (which nothing reaches) if it cannot be known. */
    double points(Horizon horizon);
  }

  /**
   * A number of points.
   *
   * @param points at least 1
   */
  public record Points(long points) implements Wait {
    public Points {
      if (points < 1) {
        throw new IllegalArgumentException("patience must be at least 1 point, but was " + points);
      }
    }

    @Override
    public double points(Horizon horizon) {
      return points;
    }

    @Override
    public String toString() {
      return points + " points";
    }
  }

  /**
   * A share of the planned points; where those are not known, the policy never stops.
   *
   * @param share within 0..1
   */
  public record ShareOfHorizon(double share) implements Wait {
    public ShareOfHorizon {
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException("patience as a share of the horizon must lie within (0, 1], but was " + share);
      }
    }

    @Override
    public double points(Horizon horizon) {
      return horizon.points() > 0 ? Math.max(1, share * horizon.points()) : Double.NaN;
    }

    @Override
    public String toString() {
      return share + " of the horizon";
    }
  }

  /** By how much a value must beat the best. */
  public sealed interface MinDelta {
    double of(double span);
  }

  /**
   * In the metric's own unit, as trainers have it.
   *
   * @param delta at least 0
   */
  public record Absolute(double delta) implements MinDelta {
    public Absolute {
      requireDelta(delta);
    }

    @Override
    public double of(double span) {
      return delta;
    }

    @Override
    public String toString() {
      return Double.toString(delta);
    }
  }

  /**
   * As a share of best minus worst value so far, which carries over between metrics.
   *
   * @param share at least 0
   */
  public record ShareOfSpan(double share) implements MinDelta {
    public ShareOfSpan {
      requireDelta(share);
    }

    @Override
    public double of(double span) {
      return share * span;
    }

    @Override
    public String toString() {
      return share + " of span";
    }
  }

  private static void requireDelta(double delta) {
    if (!(delta >= 0) || Double.isInfinite(delta)) {
      throw new IllegalArgumentException("min-delta must be at least 0 and finite, but was " + delta);
    }
  }

  public Patience {
    Objects.requireNonNull(tolerated, "tolerated");
    Objects.requireNonNull(minDelta, "minDelta");
  }

  /** Patience as trainers have it: points, and a difference in the metric's unit. */
  public Patience(long points, double minDelta) {
    this(new Points(points), new Absolute(minDelta));
  }

  @Override
  public Watch watch(RunContext run) {
    double limit = tolerated.points(run.horizon());
    GainTrack track = new GainTrack(run.objective());
    return new Watch() {
      private double reference = Double.NaN;
      private long since;

      @Override
      public Decision observe(Step step) {
        if (!track.isPoint(step)) {
          return Decision.CONTINUE;
        }
        double gain = track.add(step);
        boolean better =
            !Double.isNaN(gain)
                && (Double.isNaN(reference)
                    || gain > reference && gain - reference >= minDelta.of(track.span()));
        if (better) {
          reference = gain;
          since = 0;
          return Decision.CONTINUE;
        }
        since++;
        return since >= limit
            ? new Decision.Stop(
                Patience.this.toString(),
                "no better value than %s for %d points".formatted(run.objective().gain(reference), since))
            : Decision.CONTINUE;
      }
    };
  }

  @Override
  public String toString() {
    return "patience(" + tolerated + ", min-delta " + minDelta + ")";
  }
}
