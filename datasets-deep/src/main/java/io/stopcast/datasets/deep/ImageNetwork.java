package io.stopcast.datasets.deep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;

/**
 * Two convolutions, each followed by the largest of every four neighbours, and a linear layer.
 *
 * <p>LeCun et al., "Gradient-based learning applied to document recognition", 1998, with the rectifier and first
 * weights of He et al., "Delving deep into rectifiers", 2015.
 *
 * @param side height and width of the images
 * @param classes how many kinds of images there are
 * @param channels of the first convolution; the second has twice as many
 */
record ImageNetwork(int side, int classes, int channels) implements Network {
  private static final int KERNEL = 3;
  private static final Shape ONE = new Shape(1, 1);
  private static final Shape TWO = new Shape(2, 2);

  @Override
  public Layout layout() {
    int area = KERNEL * KERNEL;
    int last = 2 * channels * (side / 4) * (side / 4);
    return new Layout()
        .random(Math.sqrt(2.0 / area), channels, 1, KERNEL, KERNEL)
        .constant(0, channels)
        .random(Math.sqrt(2.0 / (area * channels)), 2L * channels, channels, KERNEL, KERNEL)
        .constant(0, 2L * channels)
        .random(Math.sqrt(1.0 / last), classes, last)
        .constant(0, classes);
  }

  @Override
  public NDArray scores(NDList weights, NDArray images) {
    NDArray x = convolve(images, weights.get(0), weights.get(1));
    x = convolve(x, weights.get(2), weights.get(3));
    x = x.reshape(x.getShape().get(0), -1);
    return Linear.linear(x, weights.get(4), weights.get(5)).singletonOrThrow();
  }

  private static NDArray convolve(NDArray x, NDArray kernels, NDArray bias) {
    NDArray sums = Conv2d.conv2d(x, kernels, bias, ONE, ONE).singletonOrThrow();
    return Pool.maxPool2d(Activation.relu(sums), TWO, TWO, new Shape(0, 0), false);
  }
}
