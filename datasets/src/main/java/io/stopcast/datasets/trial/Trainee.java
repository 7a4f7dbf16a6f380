package io.stopcast.datasets.trial;

import io.stopcast.policy.Advice;

/** One training under way, which may be changed between epochs. Used by one thread at a time. */
public interface Trainee extends AutoCloseable {
  /**
   * Trains one epoch, or grows one round.
   *
   * @param rate the learning rate
   */
  Report epoch(double rate);

  /**
   * Makes a change from the next epoch on. The learning rate is not among them: that is given with each epoch.
   *
   * @return whether it could
   */
  boolean take(Advice advice);

  /** How many examples an update is made of; 0 where that means nothing, as to boosted trees. */
  int batchSize();

  @Override
  void close();

  /**
   * What an epoch has come to.
   *
   * @param cost of all epochs so far: examples, where one whose lower layers are frozen costs less
   * @param test what nobody may decide by
   * @param values of the task's signals, in their order
   */
  record Report(double cost, double test, double... values) {}
}
