package io.stopcast.live;

import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.Attribution;
import io.stopcast.model.StopModel;
import io.stopcast.policy.LearnedPolicy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A model in use: how many use it, and whether it can be trusted still.
 *
 * <p>It is closed when the last user lets it go, and never taken again from then on. After {@value #MOST_FAULTS} faults in a
 * row, whichever runs met them, it is off for good. Safe for any number of threads, without a lock.
 */
final class LiveModel {
  static final int MOST_FAULTS = 3;

  private final Loaded loaded;
  private final LearnedPolicy policy;
  private final Consumer<LiveModel> whenClosed;
  private final AtomicInteger users = new AtomicInteger(1);
  private final AtomicInteger faultsInARow = new AtomicInteger();
  private final AtomicBoolean off = new AtomicBoolean();

  /** A model with one user, who made it. */
  LiveModel(Loaded loaded, Consumer<LiveModel> whenClosed) {
    this.loaded = loaded;
    this.policy = loaded.policy().with(new Sound(loaded.policy().model()));
    this.whenClosed = whenClosed;
  }

  String version() {
    return loaded.version();
  }

  String sha256() {
    return loaded.sha256();
  }

  /** The policy, whose model fails rather than to answer with NaN. */
  LearnedPolicy policy() {
    return policy;
  }

  /** Adds a user; false if there is none left, and the model is closed. */
  boolean acquire() {
    int now = users.get();
    while (now > 0 && !users.compareAndSet(now, now + 1)) {
      now = users.get();
    }
    return now > 0;
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      try {
        loaded.policy().model().close();
      } finally {
        whenClosed.accept(this);
      }
    }
  }

  /** Closes another copy of this model, which nobody will use. */
  void closeUnlessSame(Loaded copy) {
    if (copy.policy().model() != loaded.policy().model()) {
      copy.policy().model().close();
    }
  }

  boolean isOff() {
    return off.get();
  }

  /** Ends a row of faults. */
  void answered() {
    if (faultsInARow.get() != 0) { // read far more often than written, so that threads do not wait for each other
      faultsInARow.set(0);
    }
  }

  /** Counts a fault; true if it is the one that turns the model off. */
  boolean failed() {
    return faultsInARow.incrementAndGet() >= MOST_FAULTS && off.compareAndSet(false, true);
  }

  /** A score of NaN would pass for a run that goes on: here it is a fault like any other. */
  private static final class Sound implements StopModel {
    private final StopModel model;

    Sound(StopModel model) {
      this.model = model;
    }

    @Override
    public FeatureSchema schema() {
      return model.schema();
    }

    @Override
    public float margin(float[] features) {
      return model.margin(features);
    }

    @Override
    public float score(float[] features) {
      float score = model.score(features);
      if (Float.isNaN(score)) {
        throw new ArithmeticException("the model's score is NaN");
      }
      return score;
    }

    @Override
    public Optional<Attribution> attribution(float[] features) {
      return model.attribution(features);
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
