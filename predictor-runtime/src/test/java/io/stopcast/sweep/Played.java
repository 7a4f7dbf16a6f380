package io.stopcast.sweep;

import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.Outlook;
import io.stopcast.model.StopModel;
import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.Arrays;
import java.util.Optional;

/** Shows curves to sweeps. */
final class Played {
  static final RunContext MAX = RunContext.of(Objective.maximize("em"));
  static final RunContext MIN = RunContext.of(Objective.minimize("em"));

  private Played() {}

  /** Never stops, and always expects the same. */
  record Expecting(double gainHigh) implements StopPolicy {
    @Override
    public Watch watch(RunContext run) {
      return new Watch() {
        @Override
        public Decision observe(Step step) {
          return Decision.CONTINUE;
        }

        @Override
        public Optional<Outlook> outlook() {
          return Optional.of(new Outlook(0.5, 0, 0, gainHigh, 1));
        }
      };
    }
  }

  /** The more certain the more runs are better, at the same progress and by far. */
  record Lagging() implements StopModel {
    @Override
    public FeatureSchema schema() {
      return RankedSweep.schema();
    }

    @Override
    public float margin(float[] features) {
      float rank = features[schema().indexOf("rank_here")];
      float gap = features[schema().indexOf("gap_of_spread")];
      return 3 * (Float.isNaN(rank) ? 0 : rank) + 3 * gap - 3;
    }

    @Override
    public void close() {}
  }

  static RunContext planned(long points) {
    return MAX.withHorizon(Horizon.ofPoints(points));
  }

  static double[] curve(String values) {
    return Arrays.stream(values.trim().split("\\s+")).mapToDouble(Double::parseDouble).toArray();
  }

  static Step step(int index, double value) {
    return Step.of(index, index, "em", value);
  }

  /** Lets a whole run go by, one point an index, and end, whatever the sweep says of it. */
  static void complete(Sweep sweep, RunContext run, double... values) {
    Sweep.Watch watch = sweep.watch(run);
    for (int i = 1; i <= values.length; i++) {
      watch.observe(step(i, values[i - 1]));
    }
    watch.end();
  }

  /** Returns the position, from 1, of the first step at which a run is stopped, 0 if it is not. */
  static int stopOf(Sweep.Watch watch, double... values) {
    for (int i = 1; i <= values.length; i++) {
      if (watch.observe(step(i, values[i - 1])).isStop()) {
        return i;
      }
    }
    return 0;
  }
}
