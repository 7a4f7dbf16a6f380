package io.stopcast.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.RegretLimit;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvidenceTest {
  private static final RegretLimit.Exceeding EXCEEDING = new RegretLimit.Exceeding(.02, .1);
  private static final RegretLimit.Mean MEAN = new RegretLimit.Mean(.02);
  private static final double LEVEL = .1;
  private static final int SIMULATIONS = 4_000;

  @ParameterizedTest(name = "risk {0}, confidence {1}: {2} clean units")
  @CsvSource({"0.05, 0.9, 45", "0.05, 0.95, 59", "0.1, 0.9, 22", "0.1, 0.95, 29", "0.01, 0.9, 230"})
  void needed_cleanUnits_areThoseOfTheTables(double risk, double confidence, int units) {
    assertEquals(units, Calibration.needed(new RegretLimit.Exceeding(.02, risk), confidence));
    assertTrue(Evidence.against(new RegretLimit.Exceeding(.02, risk), new double[units]) <= 1 - confidence);
    assertTrue(Evidence.against(new RegretLimit.Exceeding(.02, risk), new double[units - 1]) > 1 - confidence);
  }

  @ParameterizedTest(name = "mean {0}, confidence {1}: {2} clean units")
  @CsvSource({"0.1, 0.9, 24", "0.02, 0.9, 122", "0.01, 0.9, 243", "0.01, 0.95, 315"})
  void needed_cleanUnitsForAMean_areHardlyMoreThanForABinomialTest(double mean, double confidence, int units) {
    int needed = Calibration.needed(new RegretLimit.Mean(mean), confidence);
    assertEquals(units, needed, .05 * units);
    assertTrue(needed >= Calibration.needed(new RegretLimit.Exceeding(.02, mean), confidence));
  }

  @Test
  void missing_someUnitsExceed_needsAsManyMoreAsTheTailSays() {
    double[] regrets = new double[45];
    regrets[3] = .5;
    regrets[4] = .02; // as much as is tolerated
    RegretLimit limit = new RegretLimit.Exceeding(.02, .05);
    int missing = Evidence.missing(limit, regrets, LEVEL);
    assertEquals(77 - 45, missing, "one of 77");
    assertEquals(0, Evidence.missing(limit, new double[45], LEVEL));
    assertEquals(1, Evidence.missing(limit, new double[44], LEVEL));
  }

  @Test
  void missing_mean_isReachedByCleanUnits() {
    double[] regrets = new double[50];
    regrets[7] = .3;
    int missing = Evidence.missing(MEAN, regrets, LEVEL);
    assertTrue(Evidence.against(MEAN, Arrays.copyOf(regrets, 50 + missing)) <= LEVEL);
    assertTrue(Evidence.against(MEAN, Arrays.copyOf(regrets, 49 + missing)) > LEVEL);
  }

  @Test
  void against_worseUnits_isNeverSmaller() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      double[] regrets = random.doubles(80, 0, .1).toArray();
      double[] worse = regrets.clone();
      worse[random.nextInt(80)] += random.nextDouble() / 2;
      assertTrue(Evidence.against(EXCEEDING, worse) >= Evidence.against(EXCEEDING, regrets));
    }
  }

  @Test
  void against_meanOfEqualRegrets_growsWithThem() {
    double before = 0;
    for (double regret : new double[] {0, .001, .005, .01, .019, .02, .5, 1}) {
      double[] regrets = new double[300];
      Arrays.fill(regrets, regret);
      double p = Evidence.against(MEAN, regrets);
      assertTrue(p >= before && p <= 1, regret + ": " + p);
      before = p;
    }
    assertEquals(1, before);
  }

  /** 4 of 78 that lose too much are certified to be below a tenth, 4 of 77 are not. */
  @Test
  void enough_halfUsedUp_isCertified() {
    int counted = Evidence.enough(EXCEEDING, LEVEL);
    assertTrue(Binomial.atMost((int) Math.ceil(counted * .05), counted, .1) <= LEVEL, counted + " units");
    assertTrue(Binomial.atMost(4, 77, .1) > LEVEL && counted >= 78 && counted < 100, counted + " units");
    assertEquals(counted, Evidence.enough(new RegretLimit.AlsoEarly(EXCEEDING, .5), LEVEL));
    int mean = Evidence.enough(MEAN, LEVEL);
    assertTrue(mean > Evidence.missing(MEAN, new double[0], LEVEL) && mean < 2_000, mean + " units");
  }

  /** Regrets whose limit is just broken: mostly none, now and then a large one. */
  private static double[] justBroken(RegretLimit limit, int units, Random random) {
    if (limit instanceof RegretLimit.Exceeding) {
      return random.doubles(units).map(u -> u < .1001 ? 1 : 0).toArray();
    }
    // A twentieth of the units has .4 on average, a little more than .02 in all.
    return random.doubles(units).map(u -> u < .05005 ? .8 * random.nextDouble() : 0).toArray();
  }

  private static double certifiedShare(RegretLimit limit, int units, ToDoubleFunction<double[]> pValue) {
    Random random = new Random(units);
    int certified = 0;
    for (int i = 0; i < SIMULATIONS; i++) {
      certified += pValue.applyAsDouble(justBroken(limit, units, random)) <= LEVEL ? 1 : 0;
    }
    return (double) certified / SIMULATIONS;
  }

  private static double allowed() {
    return LEVEL + 3 * Math.sqrt(LEVEL * (1 - LEVEL) / SIMULATIONS);
  }

  @ParameterizedTest
  @CsvSource({"30", "100", "333", "1000"})
  void against_brokenLimit_isCertifiedAtMostAsOftenAsAllowed(int units) {
    for (RegretLimit limit : new RegretLimit[] {EXCEEDING, MEAN}) {
      double share = certifiedShare(limit, units, regrets -> Evidence.against(limit, regrets));
      assertTrue(share <= allowed(), limit + " of " + units + " units: " + share);
    }
  }

  /** The same simulation must tell a bound that is none. */
  @ParameterizedTest
  @CsvSource({"30", "100", "333", "1000"})
  void against_wrongBounds_wouldFailThatTest(int units) {
    double asSeen =
        certifiedShare(
            EXCEEDING, units, regrets -> Arrays.stream(regrets).filter(r -> r > .02).count() <= .1 * units ? 0 : 1);
    assertTrue(asSeen > 2 * allowed(), "the share as it was seen: " + asSeen);
    double meanAsSeen = certifiedShare(MEAN, units, regrets -> Arrays.stream(regrets).average().orElse(1) <= .02 ? 0 : 1);
    assertTrue(meanAsSeen > 2 * allowed(), "the mean as it was seen: " + meanAsSeen);
  }

  @Test
  void against_tailThatLeavesOneOut_wouldFailThatTest() {
    double oneLess =
        certifiedShare(
            EXCEEDING,
            100,
            regrets -> Binomial.atMost((int) Arrays.stream(regrets).filter(r -> r > .02).count() - 1, 100, .1));
    assertTrue(oneLess > allowed(), "certified: " + oneLess);
  }

  @Test
  void against_wellKeptLimits_areCertified() {
    Random random = new Random(3);
    int exceeding = 0;
    int mean = 0;
    for (int i = 0; i < 300; i++) {
      double[] regrets = random.doubles(400).map(u -> u < .04 ? .2 : 0).toArray();
      exceeding += Evidence.against(EXCEEDING, regrets) <= LEVEL ? 1 : 0;
      mean += Evidence.against(MEAN, regrets) <= LEVEL ? 1 : 0;
    }
    assertTrue(exceeding > 290, exceeding + " of 300");
    assertTrue(mean > 240, mean + " of 300");
  }
}
