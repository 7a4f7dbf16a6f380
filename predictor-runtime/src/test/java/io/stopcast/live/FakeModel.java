package io.stopcast.live;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.StopModel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A model that answers what a test wants, and notes when it is used after it was closed. */
final class FakeModel implements StopModel {
  /** What goes wrong inside a scorer. */
  enum Fault {
    EXCEPTION {
      @Override
      float score() {
        throw new IndexOutOfBoundsException("injected");
      }
    },
    NAN {
      @Override
      float score() {
        return Float.NaN;
      }
    },
    STACK_OVERFLOW {
      @Override
      float score() {
        return 1 + score();
      }
    },
    OUT_OF_MEMORY {
      @Override
      float score() {
        throw new OutOfMemoryError("injected");
      }
    },
    LINKAGE {
      @Override
      float score() {
        throw new NoClassDefFoundError("injected");
      }
    },
    ASSERTION {
      @Override
      float score() {
        throw new AssertionError("injected");
      }
    };

    abstract float score();
  }

  /** What to answer next; null for nothing special. */
  volatile Supplier<Fault> faults = () -> null;

  private final float bias;
  private final float weight;
  private final Runnable whenClosed;
  private volatile boolean closed;
  private final AtomicLong nanosInFaults = new AtomicLong();

  /**
   * A model.
   *
   * @param weight how much the features count; 0 for a model that always answers the same
   */
  FakeModel(float bias, float weight, Runnable whenClosed) {
    this.bias = bias;
    this.weight = weight;
    this.whenClosed = whenClosed;
  }

  /** A model that every feature moves. */
  static FakeModel moving() {
    return new FakeModel(-3, 1, () -> {});
  }

  @Override
  public FeatureSchema schema() {
    return FeatureExtractor.schema();
  }

  @Override
  public float margin(float[] features) {
    if (closed) {
      throw new IllegalStateException("used after it was closed");
    }
    float margin = bias;
    for (int i = 0; i < FeatureExtractor.PRICE && weight != 0; i++) {
      margin += weight * (Float.isNaN(features[i]) ? 0.1f : Math.max(-1, Math.min(1, features[i])) * ((i % 3) - 1));
    }
    return margin;
  }

  @Override
  public float score(float[] features) {
    Fault fault = faults.get();
    if (fault == null) {
      return StopModel.probability(margin(features));
    }
    long start = System.nanoTime();
    try {
      return fault.score();
    } finally {
      nanosInFaults.addAndGet(System.nanoTime() - start);
    }
  }

  /**
   * How long faults took by themselves, all together: from where they begin until the scorer's caller has to do with them. For a stack
   * overflow that is to fill the stack and to come back all the way.
   */
  long nanosInFaults() {
    return nanosInFaults.get();
  }

  @Override
  public void close() {
    closed = true;
    whenClosed.run();
  }
}
