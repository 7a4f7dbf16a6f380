package io.stopcast.tribuo;

import org.tribuo.math.LinearParameters;
import org.tribuo.math.la.Tensor;

/** Weights that tell a training when they were updated: the last thing that Tribuo does in an epoch. */
final class Updated extends LinearParameters {
  private static final long serialVersionUID = 1L;

  private final transient Training training;
  private final transient Runnable end;

  /**
   * @param end ends Tribuo's loop after this epoch
   */
  Updated(LinearParameters fresh, Training training, Runnable end) {
    super(fresh.getWeightMatrix());
    this.training = training;
    this.end = end;
  }

  @Override
  public void update(Tensor[] gradients) {
    super.update(gradients);
    if (training.isStoppedByUpdateOf(this)) {
      end.run();
    }
  }
}
