package io.stopcast.risk;

/** The binomial distribution's lower tail, exact but for rounding. */
final class Binomial {
  private Binomial() {}

  /**
   * The probability of at most so many successes in so many independent trials. O(successes); relative error below 1e-10 for up to a
   * million trials.
   *
   * @param successes below 0 has the probability 0, {@code trials} and more has 1
   * @param probability of a success, within 0 and 1 (both exclusive)
   */
  static double atMost(int successes, int trials, double probability) {
    if (successes < 0) {
      return 0;
    }
    if (successes >= trials) {
      return 1;
    }
    // Term by term from none, in logarithms, since the first one may be smaller than any double.
    double odds = Math.log(probability) - Math.log1p(-probability);
    double term = trials * Math.log1p(-probability);
    double largest = term;
    double sum = 1; // in units of the largest term so far
    for (int k = 1; k <= successes; k++) {
      term += odds + Math.log((double) (trials - k + 1) / k);
      if (term > largest) {
        sum = sum * Math.exp(largest - term) + 1;
        largest = term;
      } else {
        sum += Math.exp(term - largest);
      }
    }
    return Math.min(1, sum * Math.exp(largest));
  }
}
