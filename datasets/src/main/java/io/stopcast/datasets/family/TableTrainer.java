package io.stopcast.datasets.family;

import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.TableSource;
import io.stopcast.datasets.table.TableSource.Question;
import java.util.OptionalDouble;

/** Trains models on tables: what {@link TableFamily} leaves open. */
interface TableTrainer {
  /** The family's letter in the catalogue. */
  String letter();

  /** The family's name. */
  String name();

  /** How many runs it has on a table; 0 to leave it out. */
  int runs(TableSource source);

  /**
   * Draws the settings of one run, {@link Settings#POINTS}, {@link Settings#TRAIN_ROWS} and {@link
   * Settings#LABEL_NOISE} among them.
   *
   * @param tuned whether a careful person could have chosen them
   */
  Settings sample(Question question, boolean tuned, Draw draw);

  /** How many tokens a row has on average, for families whose cost is counted in them. */
  default OptionalDouble tokensPerSample(Split.Rows training) {
    return OptionalDouble.empty();
  }

  /**
   * Trains to the planned end and reports every point.
   *
   * @param split what to validate and test on
   * @param training what to train on
   * @param seed decides all that is random
   */
  void train(Split split, Split.Rows training, Settings settings, int seed, Curve curve);
}
