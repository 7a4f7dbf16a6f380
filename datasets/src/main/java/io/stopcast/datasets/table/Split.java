package io.stopcast.datasets.table;

import java.util.Arrays;
import java.util.Random;

/**
 * A table divided once and for all: rows to validate on, rows to test on, and a pool from which each run draws the
 * rows that it trains on.
 *
 * <p>Numbers asked for are scaled to the pool's mean and standard deviation: all runs of a task share one scale.
 * The arrays are shared and must not be changed.
 *
 * @param table the table
 * @param validation at most a quarter of the rows
 * @param test at most a quarter of the rows
 * @param pool all other rows
 */
public record Split(Table table, Rows validation, Rows test, Rows pool) {
  /** Enough to resolve half a per cent; more would only take time. */
  private static final int MAX_HELD_OUT = 1000;

  /**
   * Rows and what is asked of them.
   *
   * @param features one array a row; NaN where a value is missing
   * @param targets the class, or the scaled number
   */
  public record Rows(double[][] features, double[] targets) {
    public int count() {
      return targets.length;
    }
  }

  /** Divides a table by a seed. */
  public static Split of(Table table, long seed) {
    int[] order = Seeds.permutation(table.rows(), Seeds.random(seed, "split/" + table.source().name()));
    int heldOut = Math.min(MAX_HELD_OUT, table.rows() / 4);
    int[] pool = Arrays.copyOfRange(order, 2 * heldOut, order.length);
    double mean = 0;
    double deviation = 1;
    if (table.classes() == 0) {
      mean = Arrays.stream(pool).mapToDouble(i -> table.targets()[i]).sum() / pool.length;
      double square = 0;
      for (int i : pool) {
        square += (table.targets()[i] - mean) * (table.targets()[i] - mean);
      }
      deviation = Math.sqrt(square / pool.length);
    }
    return new Split(
        table,
        rows(table, Arrays.copyOfRange(order, 0, heldOut), mean, deviation),
        rows(table, Arrays.copyOfRange(order, heldOut, 2 * heldOut), mean, deviation),
        rows(table, pool, mean, deviation));
  }

  private static Rows rows(Table table, int[] which, double mean, double deviation) {
    double[][] features = new double[which.length][];
    double[] targets = new double[which.length];
    for (int i = 0; i < which.length; i++) {
      features[i] = table.features()[which[i]];
      targets[i] = (table.targets()[which[i]] - mean) / deviation;
    }
    return new Rows(features, targets);
  }

  /**
   * Draws the rows that a run trains on.
   *
   * @param wanted how many; the whole pool if it has fewer
   * @param noise share of the drawn rows whose answer is spoilt: another class, or the answer of another row
   * @param random decides both
   */
  public Rows draw(int wanted, double noise, Random random) {
    int count = Math.min(wanted, pool.count());
    int[] order = Seeds.permutation(pool.count(), random);
    double[][] features = new double[count][];
    double[] targets = new double[count];
    for (int i = 0; i < count; i++) {
      features[i] = pool.features()[order[i]];
      targets[i] = pool.targets()[order[i]];
      if (random.nextDouble() < noise) {
        targets[i] =
            table.classes() > 0
                ? (targets[i] + 1 + random.nextInt(table.classes() - 1)) % table.classes()
                : pool.targets()[random.nextInt(pool.count())];
      }
    }
    return new Rows(features, targets);
  }
}
