package io.stopcast.datasets.deep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;

/**
 * A multilayer perceptron of two hidden layers with the rectifier, first weights as in He et al., "Delving deep into rectifiers", 2015.
 *
 * @param inputs numbers an example
 * @param classes how many there are
 * @param hidden units of each hidden layer
 */
record Dense(int inputs, int classes, int hidden) implements Network {
  @Override
  public Layout layout() {
    return new Layout()
        .random(Math.sqrt(2.0 / inputs), hidden, inputs)
        .constant(0, hidden)
        .random(Math.sqrt(2.0 / hidden), hidden, hidden)
        .constant(0, hidden)
        .random(Math.sqrt(1.0 / hidden), classes, hidden)
        .constant(0, classes);
  }

  @Override
  public NDArray scores(NDList weights, NDArray rows) {
    NDArray first = Activation.relu(Linear.linear(rows, weights.get(0), weights.get(1)).singletonOrThrow());
    NDArray second = Activation.relu(Linear.linear(first, weights.get(2), weights.get(3)).singletonOrThrow());
    return Linear.linear(second, weights.get(4), weights.get(5)).singletonOrThrow();
  }
}
