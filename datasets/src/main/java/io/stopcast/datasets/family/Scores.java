package io.stopcast.datasets.family;

/**
 * How well a model does on some rows.
 *
 * @param loss mean negative log-likelihood for classes, root mean squared error for numbers
 * @param second share of right answers for classes, mean absolute error for numbers
 */
record Scores(double loss, double second) {
  /** Numbers that no longer are any. */
  static final Scores UNDEFINED = new Scores(Double.NaN, Double.NaN);

  /** Adds up the rows of one evaluation. StrictMath, so that the digits do not depend on the machine. */
  static final class Sum {
    private double loss;
    private double second;
    private int rows;

    /** Adds a row with one real-valued score for each class, before any softmax. */
    void addClass(double[] scores, int truth) {
      int best = 0;
      for (int i = 1; i < scores.length; i++) {
        if (scores[i] > scores[best]) {
          best = i;
        }
      }
      double sum = 0;
      for (double score : scores) {
        sum += StrictMath.exp(score - scores[best]);
      }
      loss += StrictMath.log(sum) + scores[best] - scores[truth];
      second += best == truth ? 1 : 0;
      rows++;
    }

    /** Adds a row with an answer that is a number. */
    void addNumber(double answer, double truth) {
      loss += (answer - truth) * (answer - truth);
      second += Math.abs(answer - truth);
      rows++;
    }

    Scores ofClasses() {
      return new Scores(loss / rows, second / rows);
    }

    Scores ofNumbers() {
      return new Scores(Math.sqrt(loss / rows), second / rows);
    }
  }
}
