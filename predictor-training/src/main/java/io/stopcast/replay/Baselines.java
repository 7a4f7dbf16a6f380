package io.stopcast.replay;

import io.stopcast.policy.FixedShare;
import io.stopcast.policy.GeneralizationLoss;
import io.stopcast.policy.IncToDec;
import io.stopcast.policy.MinDelta;
import io.stopcast.policy.MovingAverage;
import io.stopcast.policy.Patience;
import io.stopcast.policy.PatienceShare;
import io.stopcast.policy.PowerLaw;
import io.stopcast.policy.ProgressQuotient;
import io.stopcast.policy.RelativeDrop;
import io.stopcast.policy.StopPolicy;
import io.stopcast.policy.SuccessiveIncreases;
import java.util.ArrayList;
import java.util.List;

/**
 * The hand-made rules that a learned policy is measured against, each in all settings that are tried when it is tuned.
 *
 * <p>Never stopping is a setting of every family, so that a tuned rule is never worse than that on the runs that it was
 * tuned on. Rules that a wiggle at the start can set off are also tried with a warm-up. All thresholds are free of the
 * metric's unit, since one setting serves all tasks.
 */
public final class Baselines {
  /** Points of warm-up: long enough for a span to mean something, short beside most runs. */
  private static final int WARM_UP = 10;

  private Baselines() {}

  /** Returns all families in the order of PROTOCOL's list; always the same settings in the same order. */
  public static List<Family> families() {
    return List.of(
        family("fixed share", fixedShares()),
        family("patience", patiences()),
        family("patience as share", patienceShares()),
        family("Prechelt GL", generalizationLosses()),
        family("Prechelt PQ", progressQuotients()),
        family("Prechelt UP", successiveIncreases()),
        family("moving average", movingAverages()),
        family("relative drop", relativeDrops()),
        family("IncToDec", incToDecs()),
        family("power law", powerLaws()));
  }

  private static List<StopPolicy> fixedShares() {
    List<StopPolicy> rules = new ArrayList<>();
    for (double share : new double[] {.05, .1, .15, .2, .25, .3, .4, .5, .6, .7, .8, .9, .95}) {
      rules.add(new FixedShare(share));
    }
    return rules;
  }

  private static List<StopPolicy> patiences() {
    List<StopPolicy> rules = new ArrayList<>();
    for (int steps : new int[] {1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 100}) {
      for (double minDelta : new double[] {0, .001, .003, .01, .03, .1}) {
        StopPolicy rule = new Patience(steps, MinDelta.ofSpan(minDelta));
        rules.add(rule);
        if (steps <= 5 && (minDelta == 0 || minDelta == .01)) {
          rules.add(rule.notBefore(WARM_UP));
        }
      }
    }
    return rules;
  }

  // The strongest family on public histories, best at 0.15 to 0.6 of the plan and 0.03 to 0.2 of the span, so that the
  // grid reaches beyond: a rule that is best at the edge of its grid is not tuned.
  private static List<StopPolicy> patienceShares() {
    List<StopPolicy> rules = new ArrayList<>();
    for (double share : new double[] {.02, .05, .1, .15, .2, .3, .4, .5, .6}) {
      for (double minDelta : new double[] {0, .003, .01, .03, .1, .2}) {
        rules.add(new PatienceShare(share, MinDelta.ofSpan(minDelta)));
      }
    }
    return rules;
  }

  private static List<StopPolicy> generalizationLosses() {
    List<StopPolicy> rules = new ArrayList<>();
    for (double percent : new double[] {2, 5, 10, 20, 30, 50}) {
      rules.add(new GeneralizationLoss(percent));
      rules.add(new GeneralizationLoss(percent).notBefore(WARM_UP));
    }
    return rules;
  }

  private static List<StopPolicy> progressQuotients() {
    List<StopPolicy> rules = new ArrayList<>();
    for (double quotient : new double[] {.03, .1, .3, 1, 3}) {
      for (int strip : new int[] {5, 10}) {
        rules.add(new ProgressQuotient(quotient, strip));
      }
    }
    return rules;
  }

  private static List<StopPolicy> successiveIncreases() {
    List<StopPolicy> rules = new ArrayList<>();
    for (int strips : new int[] {1, 2, 3, 4, 6}) {
      for (int strip : new int[] {1, 5}) {
        rules.add(new SuccessiveIncreases(strips, strip).notBefore(WARM_UP));
      }
    }
    return rules;
  }

  private static List<StopPolicy> movingAverages() {
    List<StopPolicy> rules = new ArrayList<>();
    for (int rounds : new int[] {2, 3, 5, 10}) {
      for (double tolerance : new double[] {0, .001, .01, .03, .1}) {
        rules.add(new MovingAverage(rounds, tolerance));
      }
    }
    return rules;
  }

  // Drops of one point alone are the generalization losses.
  private static List<StopPolicy> relativeDrops() {
    List<StopPolicy> rules = new ArrayList<>();
    for (double share : new double[] {.02, .05, .1, .2, .4}) {
      for (int points : new int[] {2, 3, 5, 10}) {
        rules.add(new RelativeDrop(share, points).notBefore(WARM_UP));
      }
    }
    return rules;
  }

  // CatBoost's own p-values, below 0.01, hardly ever fire on curves of a few hundred points; the large ones do.
  private static List<StopPolicy> incToDecs() {
    List<StopPolicy> rules = new ArrayList<>();
    for (double p : new double[] {.01, .1, .25, .4, .7, .9}) {
      for (int wait : new int[] {5, 10, 20}) {
        rules.add(new IncToDec(p, wait));
      }
    }
    return rules;
  }

  private static List<StopPolicy> powerLaws() {
    List<StopPolicy> rules = new ArrayList<>();
    for (double share : new double[] {.003, .01, .03, .1, .2, .5}) {
      for (int warmUp : new int[] {5, 10, 20}) {
        rules.add(new PowerLaw(share).notBefore(warmUp));
      }
    }
    return rules;
  }

  private static Family family(String name, List<StopPolicy> rules) {
    List<StopPolicy> settings = new ArrayList<>();
    settings.add(StopPolicy.NEVER);
    settings.addAll(rules);
    return new Family(name, settings);
  }
}
