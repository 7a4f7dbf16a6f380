package io.stopcast.risk;

import io.stopcast.model.RegretLimit;
import io.stopcast.replay.LoggedRun;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Tests a promise on runs as they end, for as long as anybody likes: whenever it says that the promise is broken, it is, but for a
 * chance that was settled before the first run, however often it was asked.
 *
 * <p>A bet against the promise [1]. A fortune of 1 is multiplied, unit by unit, by 1 + f (x / c - 1), where c is what the promise allows
 * (the risk, or the mean regret) and x what the unit shows (1 or 0 for too much regret or not, or its regret). As long as
 * the promise holds the fortune cannot be expected to grow, whatever the share f, nor can the mean of several fortunes with shares
 * of their own; so it ever reaches 1 / {@code falseAlarm} with a probability of at most {@code falseAlarm} (Ville, 1939).
 *
 * <p>A run shows its regret only if it was not stopped: in shadow, or because it was exempt by chance ({@link
 * io.stopcast.policy.Stochastic}). An exempt run stands for 1 / propensity of its kind, and one that was stopped for nothing; so the
 * mean is right, and nothing else is needed of x but that it is never negative.
 *
 * <p>Units must come as they would come without the test: each independent of those before, or at least not expected to be worse
 * because of them. Of a promise for new tasks only one run of each task is a unit. Not safe for several threads.
 *
 * <p>[1] Shafer, "Testing by Betting", 2021; Waudby-Smith, Ramdas, "Estimating Means of Bounded Random Variables by Betting", 2024.
 */
public final class LiveCheck {
  /** Shares of the fortune that are put at risk by each of the bets; each begins with an equal part. */
  private static final double[] SHARES = {.01, .03, .1, .25, .5};

  private final RegretLimit limit;
  private final double falseAlarm;
  private final double[] fortunes = new double[SHARES.length];
  private double weighed;
  private int units;
  private int brokenAfter;

  /**
   * @param limit what was promised; one on early stops too takes two tests, each with half of the false alarms: of all runs, and of those alone that
   *     would have been stopped early
   * @param falseAlarm how probable it may be that a promise that holds is ever called broken, within 0 and 1 (both exclusive)
   */
  public LiveCheck(RegretLimit limit, double falseAlarm) {
    if (!(falseAlarm > 0 && falseAlarm < 1)) {
      throw new IllegalArgumentException(
          "the probability of a false alarm must be above 0 and below 1, such as 0.05, but was " + falseAlarm);
    }
    this.limit = limit;
    this.falseAlarm = falseAlarm;
    Arrays.fill(fortunes, 1.0 / SHARES.length);
  }

  /**
   * Takes a run that was shown in full.
   *
   * @param regret what stopping it would have cost, within 0..1; 0 for one that would not have been stopped
   */
  public void shown(double regret) {
    shown(regret, 1);
  }

  /**
   * Takes a run that was shown in full although it might have been stopped.
   *
   * @param regret what stopping it would have cost, within 0..1
   * @param propensity how probable it was that it would be shown, above 0 and at most 1
   */
  public void shown(double regret, double propensity) {
    if (!(regret >= 0 && regret <= 1) || !(propensity > 0 && propensity <= 1)) {
      throw new IllegalArgumentException(
          "a run needs a regret within 0..1 and a propensity above 0 and at most 1, but has %s and %s".formatted(regret, propensity));
    }
    add(limit.counted(regret) / propensity);
  }

  /** Takes a run that was stopped, so that nobody will know. */
  public void stopped() {
    add(0);
  }

  /**
   * Takes a run of a history in which a {@link io.stopcast.policy.Stochastic} policy stopped some runs.
   *
   * @param run as {@link LoggedRun#of} tells it of the policy without chance and a price of 0, so that its loss is its regret
   */
  public void logged(LoggedRun run) {
    if (run.isShown()) {
      shown(run.loss(), run.propensity());
    } else {
      stopped();
    }
  }

  private void add(double shown) {
    units++;
    weighed += shown;
    for (int i = 0; i < fortunes.length; i++) {
      fortunes[i] *= 1 + SHARES[i] * (shown / limit.most() - 1);
    }
    if (brokenAfter == 0 && evidence() >= 1 / falseAlarm) {
      brokenAfter = units;
    }
  }

  /** What is promised. */
  public RegretLimit limit() {
    return limit;
  }

  /** How many units there were. */
  public int units() {
    return units;
  }

  /** What the promise limits, as these units estimate it; NaN before the first. */
  public double estimate() {
    return weighed / units;
  }

  /** The fortune: 1 before the first unit, falling while runs go well, and growing with each that the promise did not foresee. */
  public double evidence() {
    return Arrays.stream(fortunes).sum();
  }

  /** At which {@link #evidence} the promise counts as broken. */
  public double enough() {
    return 1 / falseAlarm;
  }

  /** After which unit, counted from 1, the promise turned out to be broken; empty as long as it holds. Stays. */
  public OptionalInt brokenAfter() {
    return brokenAfter == 0 ? OptionalInt.empty() : OptionalInt.of(brokenAfter);
  }
}
