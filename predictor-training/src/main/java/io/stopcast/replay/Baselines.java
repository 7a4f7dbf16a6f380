package io.stopcast.replay;

import io.stopcast.policy.FixedShare;
import io.stopcast.policy.IncToDec;
import io.stopcast.policy.MovingAverage;
import io.stopcast.policy.Patience;
import io.stopcast.policy.PowerLaw;
import io.stopcast.policy.ProgressQuotient;
import io.stopcast.policy.RelativeDrop;
import io.stopcast.policy.StopPolicy;
import io.stopcast.policy.SuccessiveIncreases;
import java.util.ArrayList;
import java.util.List;

/**
 * The hand-made rules that a learned policy is compared with, and the settings among which they are tuned.
 *
 * <p>Every family may also choose never to stop, so that none is worse than that on what it was tuned on.
 */
public final class Baselines {
  private static final double[] DELTAS = {0, 0.001, 0.003, 0.01, 0.03};
  private static final long[] POINTS = {1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 100};
  private static final double[] SHARES = {0.02, 0.05, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5};

  private Baselines() {}

  public static List<Family> families() {
    return List.of(
        fixedShare(),
        patiencePoints(),
        patienceShare(),
        movingAverage(),
        relativeDrop(),
        progressQuotient(),
        successiveIncreases(),
        incToDec(),
        powerLaw());
  }

  private static Family fixedShare() {
    List<StopPolicy> settings = start();
    for (int percent = 5; percent < 100; percent += 5) {
      settings.add(new FixedShare(percent / 100.0));
    }
    return new Family("fixed share", settings);
  }

  private static Family patiencePoints() {
    List<StopPolicy> settings = start();
    for (long points : POINTS) {
      for (double delta : DELTAS) {
        settings.add(new Patience(new Patience.Points(points), new Patience.ShareOfSpan(delta)));
      }
    }
    return new Family("patience", settings);
  }

  private static Family patienceShare() {
    List<StopPolicy> settings = start();
    for (double share : SHARES) {
      for (double delta : DELTAS) {
        settings.add(new Patience(new Patience.ShareOfHorizon(share), new Patience.ShareOfSpan(delta)));
      }
    }
    return new Family("patience, share", settings);
  }

  private static Family movingAverage() {
    List<StopPolicy> settings = start();
    for (int window : new int[] {2, 3, 5, 8, 12, 20}) {
      for (double tolerance : DELTAS) {
        settings.add(new MovingAverage(window, tolerance));
      }
    }
    return new Family("moving average (H2O)", settings);
  }

  /** On the span, this is Prechelt's GL as well. */
  private static Family relativeDrop() {
    List<StopPolicy> settings = start();
    for (double share : new double[] {0.01, 0.02, 0.05, 0.1, 0.2, 0.4}) {
      for (int points : new int[] {1, 2, 3, 5, 8}) {
        settings.add(new RelativeDrop(share, points).notBefore(3));
      }
    }
    return new Family("relative drop (GL)", settings);
  }

  private static Family progressQuotient() {
    List<StopPolicy> settings = start();
    for (double alpha : new double[] {0.3, 1, 3, 10, 30}) {
      for (int strip : new int[] {5, 10, 20}) {
        settings.add(new ProgressQuotient(alpha, strip));
      }
    }
    return new Family("PQ (Prechelt)", settings);
  }

  private static Family successiveIncreases() {
    List<StopPolicy> settings = start();
    for (int strips : new int[] {2, 3, 4, 6}) {
      for (int length : new int[] {1, 2, 5}) {
        settings.add(new SuccessiveIncreases(strips, length));
      }
    }
    return new Family("UP (Prechelt)", settings);
  }

  private static Family incToDec() {
    List<StopPolicy> settings = start();
    for (double threshold : new double[] {1e-1, 1e-3, 1e-6, 1e-10}) {
      for (double decay : new double[] {0.9, 0.98}) {
        for (int wait : new int[] {3, 10, 20}) {
          settings.add(new IncToDec(threshold, decay, wait));
        }
      }
    }
    return new Family("IncToDec (CatBoost)", settings);
  }

  private static Family powerLaw() {
    List<StopPolicy> settings = start();
    for (double share : new double[] {0, 0.003, 0.01, 0.03, 0.1, 0.2, 0.4}) {
      settings.add(new PowerLaw(share));
    }
    return new Family("power law", settings);
  }

  private static List<StopPolicy> start() {
    List<StopPolicy> settings = new ArrayList<>();
    settings.add(StopPolicy.NEVER);
    return settings;
  }
}
