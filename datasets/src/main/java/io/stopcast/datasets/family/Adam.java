package io.stopcast.datasets.family;

import com.oracle.labs.mlrg.olcut.config.Config;
import com.oracle.labs.mlrg.olcut.provenance.ConfiguredObjectProvenance;
import com.oracle.labs.mlrg.olcut.provenance.impl.ConfiguredObjectProvenanceImpl;
import org.tribuo.math.Parameters;
import org.tribuo.math.StochasticGradientOptimiser;
import org.tribuo.math.la.Tensor;

/**
 * The optimiser Adam with its usual constants, for Tribuo's parameters.
 *
 * <p>Tribuo 4.3.2 has one that multiplies by the root of the second moment where it should divide (oracle/tribuo, pull
 * request 401), and so hardly moves.
 *
 * <p>Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1.
 */
final class Adam implements StochasticGradientOptimiser {
  private static final double FIRST_DECAY = 0.9;
  private static final double SECOND_DECAY = 0.999;
  private static final double EPSILON = 1e-8;

  @Config(mandatory = true, description = "The learning rate.")
  private double rate;

  private Tensor[] first;
  private Tensor[] second;
  private double firstPower = 1;
  private double secondPower = 1;

  Adam(double rate) {
    this.rate = rate;
  }

  @Override
  public void initialise(Parameters parameters) {
    first = parameters.getEmptyCopy();
    second = parameters.getEmptyCopy();
    firstPower = 1;
    secondPower = 1;
  }

  @Override
  public Tensor[] step(Tensor[] updates, double weight) {
    firstPower *= FIRST_DECAY;
    secondPower *= SECOND_DECAY;
    double scale = rate / (1 - firstPower);
    double secondShare = 1 - secondPower;
    for (int i = 0; i < updates.length; i++) {
      first[i].scaleInPlace(FIRST_DECAY);
      first[i].intersectAndAddInPlace(updates[i], g -> weight * g * (1 - FIRST_DECAY));
      second[i].scaleInPlace(SECOND_DECAY);
      second[i].intersectAndAddInPlace(updates[i], g -> weight * g * weight * g * (1 - SECOND_DECAY));
      updates[i].foreachInPlace(g -> 0);
      updates[i].intersectAndAddInPlace(first[i], m -> scale * m);
      updates[i].hadamardProductInPlace(second[i], v -> 1 / (Math.sqrt(v / secondShare) + EPSILON));
    }
    return updates;
  }

  @Override
  public void reset() {
    first = null;
    second = null;
  }

  @Override
  public Adam copy() {
    return new Adam(rate);
  }

  @Override
  public ConfiguredObjectProvenance getProvenance() {
    return new ConfiguredObjectProvenanceImpl(this, "StochasticGradientOptimiser");
  }
}
