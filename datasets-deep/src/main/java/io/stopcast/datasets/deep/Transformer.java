package io.stopcast.datasets.deep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;

/**
 * A decoder-only transformer with learned positions; the norms come before each part.
 *
 * <p>Vaswani et al., "Attention is all you need", 2017; norms as in Radford et al., "Language models are unsupervised
 * multitask learners", 2019. The last layer computes only the positions whose next token is asked for: its others would
 * be thrown away.
 *
 * @param vocabulary how many tokens there are
 * @param length how many tokens a sequence has
 * @param answer the first position whose next token is asked for
 * @param width numbers in a token's vector; a multiple of the heads
 * @param layers how many layers there are
 * @param heads attentions in each layer
 */
record Transformer(int vocabulary, int length, int answer, int width, int layers, int heads) implements Network {
  private static final int WIDENING = 4;
  private static final float HIDDEN = -1e9f; // not infinite: 0 * infinity would be NaN in the gradient

  @Override
  public int classes() {
    return vocabulary;
  }

  @Override
  public Layout layout() {
    double deviation = 1 / Math.sqrt(width);
    double residual = deviation / Math.sqrt(2.0 * layers); // so that the sum over all layers starts no larger
    Layout layout = new Layout().random(0.5, vocabulary, width).random(0.5, length, width);
    for (int i = 0; i < layers; i++) {
      norm(layout).random(deviation, width, width).constant(0, width);
      layout.random(deviation, 2L * width, width).constant(0, 2L * width);
      layout.random(residual, width, width).constant(0, width);
      norm(layout).random(deviation, (long) WIDENING * width, width).constant(0, (long) WIDENING * width);
      layout.random(residual / Math.sqrt(WIDENING), width, (long) WIDENING * width).constant(0, width);
    }
    return norm(layout).random(0.5 * deviation, vocabulary, width).constant(0, vocabulary);
  }

  private Layout norm(Layout layout) {
    return layout.constant(1, width).constant(0, width);
  }

  @Override
  public NDArray scores(NDList weights, NDArray tokens) {
    Parts parts = new Parts(weights);
    NDArray x = Embedding.embedding(tokens, parts.next(), SparseFormat.DENSE).singletonOrThrow().add(parts.next());
    for (int i = 0; i < layers; i++) {
      int from = i == layers - 1 ? answer : 0;
      NDArray seen = parts.norm(x);
      x = tail(x, from).add(attend(parts, seen, from));
      NDArray hidden = Activation.relu(parts.linear(parts.norm(x)));
      x = x.add(parts.linear(hidden));
    }
    return parts.linear(parts.norm(x));
  }

  /** From each position at or after the given one, a look at all before it and itself. */
  private NDArray attend(Parts parts, NDArray seen, int from) {
    long batch = seen.getShape().get(0);
    int asking = length - from;
    int each = width / heads;
    // An array, for mul(number) hands the number over in memory that may be gone when the gradient needs it again.
    NDArray scale = seen.getManager().create((float) (1 / Math.sqrt(each)));
    NDArray queries = parts.linear(tail(seen, from)).mul(scale);
    queries = queries.reshape(batch, asking, heads, each).transpose(0, 2, 1, 3);
    NDArray both = parts.linear(seen).reshape(batch, length, 2L * heads, each);
    NDList keysAndValues = both.split(2, 2);
    NDArray keys = keysAndValues.get(0).transpose(0, 2, 3, 1);
    NDArray values = keysAndValues.get(1).transpose(0, 2, 1, 3);
    NDArray mask = seen.getManager().create(mask(from), new Shape(asking, length));
    NDArray shares = queries.matMul(keys).add(mask).softmax(-1);
    return parts.linear(shares.matMul(values).transpose(0, 2, 1, 3).reshape(batch, asking, width));
  }

  private float[] mask(int from) {
    float[] mask = new float[(length - from) * length];
    for (int i = from; i < length; i++) {
      for (int j = i + 1; j < length; j++) {
        mask[(i - from) * length + j] = HIDDEN;
      }
    }
    return mask;
  }

  private NDArray tail(NDArray x, int from) {
    return from == 0 ? x : x.get(new NDIndex().addAllDim().addSliceDim(from, length));
  }

  /** Hands out a network's arrays in their order. */
  private static final class Parts {
    private final NDList arrays;
    private int next;

    Parts(NDList arrays) {
      this.arrays = arrays;
    }

    NDArray next() {
      return arrays.get(next++);
    }

    NDArray linear(NDArray x) {
      return Linear.linear(x, next(), next()).singletonOrThrow();
    }

    NDArray norm(NDArray x) {
      NDArray gain = next();
      return LayerNorm.layerNorm(x, gain.getShape(), gain, next(), 1e-5f).singletonOrThrow();
    }
  }
}
