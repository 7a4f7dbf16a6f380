package io.stopcast.datasets;

import io.stopcast.run.End;
import io.stopcast.run.Run;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws some runs of each family, side by side, as SVG: the objective between the worst (below) and the best (above)
 * value of its run, over the share of the run, coloured by shape.
 */
final class ExampleCurves {
  private static final int COLUMNS = 4;
  private static final int WIDTH = 250;
  private static final int HEIGHT = 190;
  private static final int MARGIN = 14;
  private static final int TITLE = 26;
  private static final int LEGEND = 30;
  private static final int RUNS = 9;
  private static final Map<RunShape, String> COLOURS =
      new EnumMap<>(
          Map.of(
              RunShape.EARLY_PEAK, "#d55e00",
              RunShape.PLATEAU, "#0072b2",
              RunShape.RISING, "#009e73",
              RunShape.DIVERGED, "#777777"));

  private final StringBuilder svg = new StringBuilder();
  private int panels;

  /** Adds a family's panel: runs at equal distances through its list. */
  void add(String title, List<Run> runs) {
    int left = panels % COLUMNS * WIDTH;
    int top = panels / COLUMNS * HEIGHT + LEGEND;
    panels++;
    append("<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>%n", left + MARGIN, top + 18, title);
    append(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#cccccc\"/>%n",
        left + MARGIN,
        top + TITLE,
        WIDTH - 2 * MARGIN,
        HEIGHT - TITLE - MARGIN);
    int count = Math.min(RUNS, runs.size());
    for (int i = 0; i < count; i++) {
      addCurve(runs.get((int) ((long) i * runs.size() / count)), left, top);
    }
  }

  private void addCurve(Run run, int left, int top) {
    double[] gains = run.steps().stream().mapToDouble(run.context().objective()::gain).toArray();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double gain : gains) {
      if (!Double.isNaN(gain)) {
        low = Math.min(low, gain);
        high = Math.max(high, gain);
      }
    }
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < gains.length; i++) {
      if (!Double.isNaN(gains[i])) {
        double x = left + MARGIN + (WIDTH - 2.0 * MARGIN) * i / (gains.length - 1);
        double y = top + TITLE + (HEIGHT - TITLE - MARGIN) * (1 - (high > low ? (gains[i] - low) / (high - low) : 0.5));
        line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
      }
    }
    append(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-opacity=\"0.75\" stroke-width=\"1.1\"/>%n",
        line.toString().strip(),
        COLOURS.get(RunShape.of(gains, run.end() == End.DIVERGED)));
  }

  /** The whole picture. */
  String toSvg() {
    int height = (panels + COLUMNS - 1) / COLUMNS * HEIGHT + LEGEND;
    StringBuilder page = new StringBuilder();
    page.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                + " font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
            COLUMNS * WIDTH,
            height));
    int x = MARGIN;
    for (RunShape shape : RunShape.values()) {
      page.append(
          "<text x=\"%d\" y=\"20\" fill=\"%s\">&#9632; %s</text>\n"
              .formatted(x, COLOURS.get(shape), shape.label().replace('_', ' ')));
      x += 110;
    }
    return page.append(svg).append("</svg>\n").toString();
  }

  private void append(String form, Object... values) {
    svg.append(String.format(Locale.ROOT, form.replace("%n", "\n"), values));
  }
}
