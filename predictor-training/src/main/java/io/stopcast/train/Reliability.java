package io.stopcast.train;

import io.stopcast.history.TaskId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Whether a model's probabilities come true: for points at which it says about the same, what it says and how often
 * stopping there was right. Every task weighs the same. Neither the scores nor the probabilities knew the task in question.
 *
 * @param rows by kind, price and bin; empty if no task could be held out
 */
public record Reliability(List<Row> rows) {
  /** The property of a model file that holds {@link #format}. */
  public static final String PROPERTY = "stopcast.reliability";

  /** Where bins begin; the last ends at 1. */
  static final double[] BINS = {.5, .8, .9, .95, .99};

  private static final int COLUMNS = 7;

  /**
   * One bin.
   *
   * @param kind {@code alone} for points without a history, {@code history} for those with one
   * @param from the probability at which the bin begins
   * @param predicted the mean probability
   * @param observed how often stopping was right
   * @param share of all points of this kind
   * @param tasks how many have points here
   */
  public record Row(
      String kind, double price, double from, double predicted, double observed, double share, int tasks) {}

  public Reliability {
    rows = List.copyOf(rows);
  }

  /** Adds up points by what was said of them. */
  static final class Tally {
    private final double[] bins;
    private final double[] weight;
    private final double[] predicted;
    private final double[] observed;
    private final List<Set<TaskId>> tasks = new ArrayList<>();
    private double total;

    /**
     * @param bins where bins begin, ascending; the last one ends at 1
     */
    Tally(double[] bins) {
      this.bins = bins;
      weight = new double[bins.length];
      predicted = new double[bins.length];
      observed = new double[bins.length];
      Arrays.stream(bins).forEach(bin -> tasks.add(new HashSet<>()));
    }

    void add(double probability, OutlookFitting.Point point) {
      total += point.weight();
      int bin = bins.length - 1;
      while (bin >= 0 && probability < bins[bin]) {
        bin--;
      }
      if (bin >= 0) {
        weight[bin] += point.weight();
        predicted[bin] += point.weight() * probability;
        observed[bin] += point.right() ? point.weight() : 0;
        tasks.get(bin).add(point.task());
      }
    }

    List<Row> rows(String kind, double price) {
      List<Row> rows = new ArrayList<>();
      for (int b = 0; b < bins.length; b++) {
        if (weight[b] > 0) {
          rows.add(
              new Row(
                  kind, price, bins[b], predicted[b] / weight[b], observed[b] / weight[b], weight[b] / total,
                  tasks.get(b).size()));
        }
      }
      return rows;
    }
  }

  /** As text, a row a line. */
  public String format() {
    StringJoiner text = new StringJoiner("\n");
    for (Row row : rows) {
      text.add(
          String.format(
              Locale.ROOT,
              "%s %s %s %.4f %.4f %.4f %d",
              row.kind, row.price, row.from, row.predicted, row.observed, row.share, row.tasks));
    }
    return text.toString();
  }

  /**
   * Reads what {@link #format} wrote.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static Reliability parse(String text) {
    List<Row> rows = new ArrayList<>();
    for (String line : text.isEmpty() ? new String[0] : text.split("\n")) {
      String[] words = line.split(" ");
      if (words.length != COLUMNS || !words[0].matches("alone|history")) {
        throw new IllegalArgumentException(
            "a line of reliability has %d columns and begins with alone or history, but found '%.80s'"
                .formatted(COLUMNS, line));
      }
      double[] numbers = Arrays.stream(words, 1, COLUMNS - 1).mapToDouble(Double::parseDouble).toArray();
      rows.add(
          new Row(
              words[0], numbers[0], numbers[1], numbers[2], numbers[3], numbers[4],
              Integer.parseInt(words[COLUMNS - 1])));
    }
    return new Reliability(rows);
  }
}
