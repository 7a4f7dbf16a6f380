package io.stopcast.datasets.deep;

/**
 * How well a network answers a batch; NaN throughout if a number of the network's was none.
 *
 * @param loss mean negative log-likelihood of the right classes
 * @param accuracy share of targets that are met
 * @param exact share of examples all of whose targets are met
 */
record Score(double loss, double accuracy, double exact) {
  static final Score UNDEFINED = new Score(Double.NaN, Double.NaN, Double.NaN);

  /**
   * Returns the score of a network's answers. Of equally probable classes the first counts as its answer.
   *
   * @param scores of each target of the batch, the classes' scores
   */
  static Score of(float[] scores, int classes, Batch batch) {
    int[] targets = batch.targets();
    int positions = targets.length / batch.examples();
    double loss = 0;
    int asked = 0;
    int met = 0;
    int exact = 0;
    for (int example = 0; example < batch.examples(); example++) {
      boolean whole = true;
      for (int i = example * positions; i < (example + 1) * positions; i++) {
        if (targets[i] == Batch.UNASKED) {
          continue;
        }
        int first = i * classes;
        int best = first;
        for (int c = first + 1; c < first + classes; c++) {
          best = scores[c] > scores[best] ? c : best;
        }
        double sum = 0;
        for (int c = first; c < first + classes; c++) {
          sum += StrictMath.exp(scores[c] - scores[best]);
        }
        loss += StrictMath.log(sum) + scores[best] - scores[first + targets[i]];
        asked++;
        boolean right = best == first + targets[i];
        met += right ? 1 : 0;
        whole &= right;
      }
      exact += whole ? 1 : 0;
    }
    return Double.isFinite(loss)
        ? new Score(loss / asked, (double) met / asked, (double) exact / batch.examples())
        : UNDEFINED;
  }
}
