package io.stopcast.datasets.deep;

import ai.djl.engine.Engine;

/**
 * The engine, started the one way that all runs use it: in one thread, since runs are small, their processor seconds
 * are to be comparable, and sums must come out the same each time; and offline, so that it neither fetches libraries
 * nor reports its use to its makers.
 */
final class Torch {
  static final Engine ENGINE = start();

  private Torch() {}

  private static Engine start() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    return Engine.getEngine("PyTorch"); // reads them now and never again
  }
}
