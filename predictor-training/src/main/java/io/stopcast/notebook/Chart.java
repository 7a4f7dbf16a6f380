package io.stopcast.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A chart of lines and marks over two linear axes, drawn as SVG. Immutable: each addition returns another chart.
 *
 * <p>Points that are not finite interrupt a line. Colours are those of Okabe and Ito, which people of every colour vision can tell apart.
 * Text is escaped, and the same chart always gives the same characters.
 *
 * @param title above it
 * @param x what the horizontal axis shows
 * @param y what the vertical axis shows
 * @param series drawn in this order
 */
public record Chart(String title, String x, String y, List<Series> series) {
  static final int WIDTH = 480;
  static final int HEIGHT = 320;
  private static final int LEFT = 62;
  private static final int RIGHT = 14;
  private static final int TOP = 34;
  private static final int BOTTOM = 46;
  private static final int LEGEND_LINE = 15;
  private static final int LETTER = 7;
  private static final int TICKS = 5;
  private static final int MOST_COLUMNS = 3;
  private static final String[] COLOURS = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#777777"};

  /** How a series is drawn. */
  public enum Kind {
    LINE,
    /** From the left, each value holding until the next one. */
    STEPS,
    /** A dot a point. */
    DOTS
  }

  /**
   * Points that belong together.
   *
   * @param name in the legend; none if empty
   * @param colour position among the chart's colours
   */
  public record Series(String name, Kind kind, int colour, double[] x, double[] y) {
    public Series {
      if (x.length != y.length) {
        throw new IllegalArgumentException(
            "series '%s' needs as many x as y, but has %d and %d".formatted(name, x.length, y.length));
      }
      x = x.clone();
      y = y.clone();
    }
  }

  public Chart {
    series = List.copyOf(series);
  }

  /** An empty chart. */
  public static Chart of(String title, String x, String y) {
    return new Chart(title, x, y, List.of());
  }

  /** Adds a line in the next colour. */
  public Chart line(String name, double[] xs, double[] ys) {
    return with(new Series(name, Kind.LINE, series.size(), xs, ys));
  }

  /** Adds a line of steps in the next colour. */
  public Chart steps(String name, double[] xs, double[] ys) {
    return with(new Series(name, Kind.STEPS, series.size(), xs, ys));
  }

  /** Adds dots in the next colour. */
  public Chart dots(String name, double[] xs, double[] ys) {
    return with(new Series(name, Kind.DOTS, series.size(), xs, ys));
  }

  /** Adds one dot in the next colour. */
  public Chart mark(String name, double atX, double atY) {
    return dots(name, new double[] {atX}, new double[] {atY});
  }

  /** Adds a series as it is. */
  public Chart with(Series other) {
    List<Series> more = new ArrayList<>(series);
    more.add(other);
    return new Chart(title, x, y, more);
  }

  /** The charts beside each other, at most three a row, as one SVG document. */
  static String svg(List<Chart> charts) {
    int columns = Math.min(MOST_COLUMNS, charts.size());
    int rows = (charts.size() + columns - 1) / columns;
    StringBuilder page = new StringBuilder();
    page.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n"
            .formatted(columns * WIDTH, rows * HEIGHT));
    page.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    for (int i = 0; i < charts.size(); i++) {
      page.append("<g transform=\"translate(%d %d)\">\n".formatted(i % columns * WIDTH, i / columns * HEIGHT));
      charts.get(i).draw(page);
      page.append("</g>\n");
    }
    return page.append("</svg>\n").toString();
  }

  private void draw(StringBuilder page) {
    Axis across = Axis.of(series.stream().map(Series::x).toList());
    Axis up = Axis.of(series.stream().map(Series::y).toList());
    page.append("<text x=\"%d\" y=\"20\" font-weight=\"bold\">%s</text>\n".formatted(LEFT, escaped(title)));
    int bottom = HEIGHT - BOTTOM;
    for (double tick : across.ticks()) {
      double at = across.place(tick, LEFT, WIDTH - RIGHT);
      page.append(format("<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#e4e4e4\"/>\n", at, TOP, at, bottom));
      page.append(format("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555\">%s</text>\n", at, bottom + 15, across.label(tick)));
    }
    for (double tick : up.ticks()) {
      double at = up.place(tick, bottom, TOP);
      page.append(format("<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#e4e4e4\"/>\n", LEFT, at, WIDTH - RIGHT, at));
      page.append(format("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%s</text>\n", LEFT - 5, at + 4, up.label(tick)));
    }
    page.append(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#aaa\"/>\n"
            .formatted(LEFT, TOP, WIDTH - LEFT - RIGHT, bottom - TOP));
    page.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n".formatted((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, escaped(x)));
    page.append(
        "<text transform=\"translate(13 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n".formatted((TOP + bottom) / 2, escaped(y)));
    for (Series one : series) {
      draw(one, across, up, page);
    }
    legend(across, up, page);
  }

  private static void draw(Series one, Axis across, Axis up, StringBuilder page) {
    String colour = COLOURS[one.colour % COLOURS.length];
    StringBuilder path = new StringBuilder();
    boolean open = false;
    for (int i = 0; i < one.x.length; i++) {
      if (!Double.isFinite(one.x[i]) || !Double.isFinite(one.y[i])) {
        open = false;
        continue;
      }
      double atX = across.place(one.x[i], LEFT, WIDTH - RIGHT);
      double atY = up.place(one.y[i], HEIGHT - BOTTOM, TOP);
      if (one.kind == Kind.DOTS) {
        page.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\" fill-opacity=\"0.85\"/>\n", atX, atY, colour));
        continue;
      }
      path.append(open && one.kind == Kind.STEPS ? format("H%.1f V%.1f ", atX, atY) : format("%s%.1f %.1f ", open ? "L" : "M", atX, atY));
      open = true;
    }
    if (one.kind != Kind.DOTS) {
      page.append(
          "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\"/>\n".formatted(path.toString().strip(), colour));
    }
  }

  /** In that corner where it hides the fewest points. */
  private void legend(Axis across, Axis up, StringBuilder page) {
    List<Series> named = series.stream().filter(one -> !one.name.isEmpty()).toList();
    int width = named.stream().mapToInt(one -> LETTER * (one.name.length() + 2)).max().orElse(0);
    int height = LEGEND_LINE * named.size();
    boolean left = false;
    boolean low = false;
    long fewest = Long.MAX_VALUE;
    for (boolean atLeft : new boolean[] {false, true}) {
      for (boolean below : new boolean[] {false, true}) {
        long hidden = hidden(across, up, atLeft ? LEFT : WIDTH - RIGHT - width, below ? HEIGHT - BOTTOM - height : TOP, width, height);
        if (hidden < fewest) {
          fewest = hidden;
          left = atLeft;
          low = below;
        }
      }
    }
    int at = (low ? HEIGHT - BOTTOM - height - 4 : TOP) + LEGEND_LINE - 1;
    for (Series one : named) {
      page.append(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\" stroke=\"white\" stroke-width=\"3\" paint-order=\"stroke\">%s %s</text>\n"
              .formatted(
                  left ? LEFT + 6 : WIDTH - RIGHT - 6,
                  at,
                  left ? "start" : "end",
                  COLOURS[one.colour % COLOURS.length],
                  escaped(one.name),
                  one.kind == Kind.DOTS ? "&#9679;" : "&#9473;"));
      at += LEGEND_LINE;
    }
  }

  private long hidden(Axis across, Axis up, int fromX, int fromY, int width, int height) {
    long hidden = 0;
    for (Series one : series) {
      for (int i = 0; i < one.x.length; i++) {
        double atX = across.place(one.x[i], LEFT, WIDTH - RIGHT);
        double atY = up.place(one.y[i], HEIGHT - BOTTOM, TOP);
        hidden += atX >= fromX && atX <= fromX + width && atY >= fromY && atY <= fromY + height ? 1 : 0;
      }
    }
    return hidden;
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }

  /** As text of an XML document, which bears no control characters either. */
  private static String escaped(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cs}]", "?").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** A linear axis whose ends are ticks. */
  private record Axis(double low, double high, double step) {
    static Axis of(List<double[]> values) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (double[] some : values) {
        for (double value : some) {
          if (Double.isFinite(value)) {
            low = Math.min(low, value);
            high = Math.max(high, value);
          }
        }
      }
      if (!(low <= high)) { // nothing to show
        return new Axis(0, 1, 0.2);
      }
      double span = high - low > 0 ? high - low : Math.max(Math.abs(high), 1);
      double rough = span / TICKS;
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double step = power * (rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10);
      double bottom = Math.floor(low / step) * step;
      double top = Math.ceil(high / step) * step;
      return new Axis(bottom, top > bottom ? top : bottom + step, step);
    }

    double place(double value, double from, double to) {
      return from + (value - low) / (high - low) * (to - from);
    }

    List<Double> ticks() {
      List<Double> ticks = new ArrayList<>();
      long count = Math.round((high - low) / step);
      for (long i = 0; i <= count; i++) {
        ticks.add(low + i * step);
      }
      return ticks;
    }

    String label(double tick) {
      int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
      if (Math.max(Math.abs(low), Math.abs(high)) >= 1e6 || digits > 4) {
        return String.format(Locale.ROOT, "%.1e", tick);
      }
      String text = String.format(Locale.ROOT, "%." + digits + "f", tick);
      return Double.parseDouble(text) == 0 ? text.replace("-", "") : text;
    }
  }
}
