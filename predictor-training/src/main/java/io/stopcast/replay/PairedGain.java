package io.stopcast.replay;

import io.stopcast.history.TaskId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * By how much one choice loses less than another on runs that neither was made on: a mean over tasks.
 *
 * @param error its standard error, tasks being independent and runs of a task not
 */
record PairedGain(double mean, double error) {
  /**
   * @param judged the positions of the runs that count
   * @param weights of these, summing to 1, so that tasks weigh the same
   * @param gained by position of the run
   */
  static PairedGain of(List<ScoredRun> runs, int[] judged, double[] weights, double[] gained) {
    Map<TaskId, Double> ofTask = new TreeMap<>(); // sums of weight times gain: the task's part of the mean
    for (int i = 0; i < judged.length; i++) {
      ofTask.merge(runs.get(judged[i]).task(), weights[i] * gained[judged[i]], Double::sum);
    }
    double mean = ofTask.values().stream().mapToDouble(Double::doubleValue).sum();
    double share = mean / ofTask.size();
    double squares = ofTask.values().stream().mapToDouble(part -> (part - share) * (part - share)).sum();
    return new PairedGain(mean, Math.sqrt(squares * ofTask.size() / Math.max(1, ofTask.size() - 1)));
  }

  /** Whether it is more than a margin, and more than two standard errors: it is the best of many that were tried. */
  boolean pays(double margin) {
    return mean > Math.max(margin, 2 * error);
  }
}
