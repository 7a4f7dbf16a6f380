package io.stopcast.datasets.deep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.stopcast.datasets.family.Settings;
import io.stopcast.datasets.table.Seeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A network with its weights, while it is being trained.
 *
 * <p>The weights live in Java; the engine sees them anew in each step and keeps nothing between steps, so that memory
 * stays bounded whether or not the garbage collector comes by.
 */
final class Fit implements AutoCloseable {
  /** What a training step saw: the mean loss of its batch before the step, and its gradient's norm before clipping. */
  record Step(double loss, double gradientNorm) {}

  private final Network network;
  private final Layout layout;
  private final float[] weights;
  private final ByteBuffer shown; // the weights where the engine can read them; outside the heap, so made only once
  private final Optimizer optimizer;
  private final double clip;
  private final NDManager manager = Torch.ENGINE.newBaseManager();
  private boolean finite = true;

  /** A network with first weights. Settings: {@code optimizer}, {@code weight_decay}, {@code clip} (0: none). */
  Fit(Network network, Settings settings, int seed) {
    this.network = network;
    layout = network.layout();
    weights = layout.draw(Seeds.random(seed, "weights"));
    shown = ByteBuffer.allocateDirect(weights.length * Float.BYTES).order(ByteOrder.nativeOrder());
    optimizer = new Optimizer(settings, weights.length);
    clip = settings.real("clip");
  }

  /** How many weights there are. */
  int size() {
    return weights.length;
  }

  /** Takes one step downhill. After a loss or gradient that is no number, the weights stay and all is NaN. */
  Step train(Batch batch, double rate) {
    if (!finite) {
      return new Step(Double.NaN, Double.NaN);
    }
    double loss;
    float[] gradient;
    try (NDManager step = manager.newSubManager()) {
      NDArray flat = flat(step);
      flat.setRequiresGradient(true);
      NDArray asked = step.create(asked(batch));
      try (GradientCollector collector = Torch.ENGINE.newGradientCollector()) {
        NDArray scores = network.scores(layout.split(flat), inputs(step, batch));
        NDArray mean = scores.logSoftmax(-1).flatten().mul(asked).sum().neg();
        collector.backward(mean);
        loss = mean.getFloat();
      }
      gradient = flat.getGradient().toFloatArray();
    }
    double norm = norm(gradient);
    finite = Double.isFinite(loss) && Double.isFinite(norm);
    if (finite) {
      if (clip > 0 && norm > clip) {
        float factor = (float) (clip / norm);
        for (int i = 0; i < gradient.length; i++) {
          gradient[i] *= factor;
        }
      }
      optimizer.step(weights, gradient, (float) rate);
    }
    return new Step(loss, norm);
  }

  /** How well the network answers now; undefined from the first number on that is none. */
  Score examine(Batch batch) {
    if (!finite) {
      return Score.UNDEFINED;
    }
    try (NDManager step = manager.newSubManager()) {
      NDArray scores = network.scores(layout.split(flat(step)), inputs(step, batch));
      Score score = Score.of(scores.toFloatArray(), network.classes(), batch);
      finite = Double.isFinite(score.loss());
      return score;
    }
  }

  @Override
  public void close() {
    manager.close();
  }

  private NDArray flat(NDManager step) {
    shown.asFloatBuffer().put(FloatBuffer.wrap(weights));
    return aligned(step.create(shown, new Shape(weights.length), DataType.FLOAT32));
  }

  private static NDArray inputs(NDManager step, Batch batch) {
    return aligned(step.create(batch.inputs().duplicate(), batch.shape()));
  }

  /** A copy in the engine's memory. Java's may lie at any address, and the order of sums may depend on that. */
  private static NDArray aligned(NDArray array) {
    return array.duplicate();
  }

  /** Of each target and class: its weight in the loss. */
  private float[] asked(Batch batch) {
    int[] targets = batch.targets();
    int count = 0;
    for (int target : targets) {
      count += target == Batch.UNASKED ? 0 : 1;
    }
    float[] asked = new float[targets.length * network.classes()];
    for (int i = 0; i < targets.length; i++) {
      if (targets[i] != Batch.UNASKED) {
        asked[i * network.classes() + targets[i]] = 1f / count;
      }
    }
    return asked;
  }

  private static double norm(float[] gradient) {
    double sum = 0;
    for (float g : gradient) {
      sum += (double) g * g;
    }
    return Math.sqrt(sum);
  }
}
