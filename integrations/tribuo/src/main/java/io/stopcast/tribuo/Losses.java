package io.stopcast.tribuo;

import com.oracle.labs.mlrg.olcut.provenance.ConfiguredObjectProvenance;
import com.oracle.labs.mlrg.olcut.util.Pair;
import org.tribuo.common.sgd.SGDObjective;
import org.tribuo.math.la.SGDVector;

/**
 * An objective whose losses are summed up as they are asked for. Tribuo climbs: what its objectives for labels call a loss, a
 * log-likelihood or a margin that is missed, is at most 0.
 */
final class Losses implements SGDObjective<Integer> {
  private final SGDObjective<Integer> objective;
  private double sum;
  private long count;

  Losses(SGDObjective<Integer> objective) {
    this.objective = objective;
  }

  @Override
  public Pair<Double, SGDVector> lossAndGradient(Integer truth, SGDVector prediction) {
    Pair<Double, SGDVector> answer = objective.lossAndGradient(truth, prediction);
    sum += answer.getA();
    count++;
    return answer;
  }

  /** The mean loss since this was last asked for, at least 0 and the less the better. */
  double takeMean() {
    double mean = -sum / count;
    sum = 0;
    count = 0;
    return mean;
  }

  @Override
  public ConfiguredObjectProvenance getProvenance() {
    return objective.getProvenance();
  }
}
