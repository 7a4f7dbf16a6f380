package io.stopcast.datasets.demo;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A chart of a run's values in characters: as many lines as it is high, then an axis.
 *
 * <p>Values rise to the top; {@code o} is the best one, {@code |} the stop. ASCII alone, so that every terminal shows it.
 */
final class Screen {
  static final int HEIGHT = 14;
  static final int WIDTH = 66;
  private static final int LABEL = 8;

  private Screen() {}

  /**
   * Draws the values so far.
   *
   * @param values one an epoch, finite
   * @param planned how many there will be: the width of the chart
   * @param stop the epoch, counted from 0, at which it was stopped; -1 if it was not
   */
  static String draw(List<Double> values, int planned, int stop) {
    double low = values.stream().mapToDouble(v -> v).min().orElse(0);
    double high = values.stream().mapToDouble(v -> v).max().orElse(1);
    double span = high > low ? high - low : 1;
    char[][] cells = new char[HEIGHT][WIDTH];
    for (char[] row : cells) {
      Arrays.fill(row, ' ');
    }
    if (stop >= 0) {
      for (char[] row : cells) {
        row[column(stop, planned)] = '|';
      }
    }
    int best = 0;
    for (int i = 0; i < values.size(); i++) {
      best = values.get(i) < values.get(best) ? i : best;
      cells[row(values.get(i), low, span)][column(i, planned)] = stop >= 0 && i > stop ? '.' : '*';
    }
    if (!values.isEmpty()) {
      cells[row(values.get(best), low, span)][column(best, planned)] = 'o';
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < HEIGHT; r++) {
      String label = r == 0 ? shown(high) : r == HEIGHT - 1 ? shown(low) : "";
      text.append(" ".repeat(Math.max(0, LABEL - label.length()))).append(label).append(" |");
      text.append(new String(cells[r]).stripTrailing()).append('\n');
    }
    text.append(" ".repeat(LABEL)).append(" +").append("-".repeat(WIDTH)).append('\n');
    return text.toString();
  }

  /** The text in lines that fit below the chart, each with its line break: a line that the terminal breaks could not be drawn over. */
  static String wrapped(String text) {
    StringBuilder lines = new StringBuilder();
    int length = 0;
    for (String word : text.split(" ")) {
      if (length > 0 && length + 1 + word.length() > WIDTH + LABEL) {
        lines.append('\n');
        length = 0;
      }
      lines.append(length > 0 ? " " : "").append(word);
      length += word.length() + (length > 0 ? 1 : 0);
    }
    return lines.append('\n').toString();
  }

  private static int column(int epoch, int planned) {
    return Math.min(WIDTH - 1, epoch * WIDTH / Math.max(1, planned));
  }

  private static int row(double value, double low, double span) {
    return (int) Math.round((HEIGHT - 1) * (1 - (value - low) / span));
  }

  private static String shown(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
