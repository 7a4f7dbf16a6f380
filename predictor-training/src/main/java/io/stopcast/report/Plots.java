package io.stopcast.report;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import io.stopcast.inspect.Agreement;
import io.stopcast.inspect.Calibration;
import io.stopcast.inspect.Examples;
import io.stopcast.inspect.Importance;
import io.stopcast.replay.Interval;
import io.stopcast.replay.Results;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.TradeOff;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The report's plots as files for papers: PNG of twice the size, and SVG, in which text is drawn as outlines, so that it looks the same
 * everywhere. In the light colours of the page; each policy has one colour in all of them.
 */
final class Plots {
  private static final Color OURS = new Color(0x2563eb);
  private static final Color RULE = new Color(0xc2570c);
  private static final Color ORACLE = new Color(0x0d8a5f);
  private static final Color NEVER = new Color(0x6b7280);
  private static final Color OTHER = new Color(0xb9c0ca);
  private static final Color TEXT = new Color(0x14181f);
  private static final Color MUTED = new Color(0x4b5460);
  private static final Color GRID = new Color(0xe3e7ec);
  private static final Color NOTHING = new Color(0, 0, 0, 0);

  private static final BasicStroke LINE = new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  private static final BasicStroke THIN = new BasicStroke(1.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  private static final BasicStroke DASHED =
      new BasicStroke(1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {5, 4}, 0);
  private static final BasicStroke NO_LINE = new BasicStroke(0f);

  /** For crowds: three pixels wide, whatever the size of the other markers. */
  private static final Marker DOT =
      new Marker() {
        @Override
        public void paint(Graphics2D to, double x, double y, int size) {
          to.fill(new Ellipse2D.Double(x - 1.5, y - 1.5, 3, 3));
        }
      };

  private static final int WIDTH = 860;
  private static final int WIDE = 1040;
  private static final int HEIGHT = 540;
  private static final int EXAMPLE_HEIGHT = 330;

  private Plots() {}

  /** Whether there is a font to write with: on a machine without fontconfig or any font Java fails with an error when it looks for one. */
  static boolean canWrite() {
    try {
      new Font(Font.SANS_SERIF, Font.PLAIN, 12).getStringBounds("a", new FontRenderContext(null, true, true));
      return true;
    } catch (InternalError | LinkageError | RuntimeException e) {
      return false;
    }
  }

  /** Returns the files by name: those of a split and price begin with both. */
  static SortedMap<String, byte[]> of(Evaluation evaluation, List<List<Findings>> findings) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    for (List<Findings> ofSplit : findings) {
      for (Findings found : ofSplit) {
        String prefix = found.results().split().word() + "-" + found.worth() + "-";
        add(files, prefix + "trade-off", List.of(tradeOff(found)), 1);
        add(files, prefix + "intermediate-values", examples(found), 2);
        if (!found.calibration().bins().isEmpty()) {
          add(files, prefix + "reliability", List.of(reliability(found.calibration())), 1);
        }
        if (!found.importances().isEmpty()) {
          add(files, prefix + "parameter-importances", List.of(importances(found.importances())), 1);
        }
        if (!found.byShare().isEmpty()) {
          add(files, prefix + "by-share", List.of(byShare(found.byShare())), 1);
        }
      }
    }
    for (SortedMap<Integer, Results> curve : evaluation.learningCurves()) {
      double[] prices = curve.get(curve.firstKey()).prices();
      for (int price = 0; price < prices.length; price++) {
        add(files, "learning-curve-" + prices[price], List.of(learningCurve(curve, price)), 1);
      }
    }
    return files;
  }

  private static XYChart tradeOff(Findings found) {
    Results results = found.results();
    int price = found.price();
    String rule = results.bestRule(price);
    XYChart chart =
        chart(
            WIDE,
            HEIGHT,
            String.format(
                Locale.ROOT,
                "Trade-off at price %s: %,d held-out runs of %d tasks (%s)",
                found.worth(), results.runCount(), results.tasks().size(), results.split().word()),
            "compute used (% of the full runs)",
            "mean regret (% of what a task has to gain)");
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    double top = 0;
    for (String policy : List.of(Results.LEARNED, rule, Results.ORACLE)) {
      top = Math.max(top, 100 * results.spread(policy, price).regret().high());
    }
    axis(chart, 0, 103, -.02 * top, Math.max(.4, 1.5 * top));
    List<TradeOff.Point> settings = results.rules().points();
    XYSeries dots = chart.addSeries("every setting of every rule", xs(settings), ys(settings));
    dots.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    dots.setMarker(DOT);
    dots.setMarkerColor(OTHER);
    List<TradeOff.Point> learned = results.tradeOff(price).points();
    if (!learned.isEmpty()) {
      band(chart, learned, results.tradeOffRegrets(price));
    }
    List<TradeOff.Point> front = front(settings);
    line(chart, "Pareto front of the rules", xs(front), ys(front), RULE, DASHED)
        .setXYSeriesRenderStyle(XYSeriesRenderStyle.Step);
    if (!learned.isEmpty()) {
      List<TradeOff.Point> moving =
          learned.stream().sorted(Comparator.comparingDouble(TradeOff.Point::saved).reversed()).toList();
      line(chart, "Stopcast as its threshold moves", xs(moving), ys(moving), OURS, LINE);
    }
    List<TradeOff.Point> oracle = Arrays.stream(ReportJson.SLIDER).mapToObj(results::oracleAt).toList();
    line(chart, "oracle at other prices", xs(oracle), ys(oracle), ORACLE, THIN);
    point(chart, results, price, Results.NEVER, "never stop", NEVER, SeriesMarkers.TRIANGLE_UP);
    point(chart, results, price, Results.ORACLE, "oracle (hindsight)", ORACLE, SeriesMarkers.DIAMOND);
    point(chart, results, price, rule, "best rule: " + rule, RULE, SeriesMarkers.SQUARE);
    point(chart, results, price, Results.LEARNED, "Stopcast, 95 % interval", OURS, SeriesMarkers.CIRCLE);
    return chart;
  }

  private static void band(XYChart chart, List<TradeOff.Point> points, List<Interval> regrets) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingDouble(i -> -points.get(i).saved()));
    int n = order.size();
    double[] x = new double[2 * n];
    double[] y = new double[2 * n];
    for (int i = 0; i < n; i++) {
      int at = order.get(i);
      x[i] = 100 * (1 - points.get(at).saved());
      y[i] = 100 * regrets.get(at).low();
      x[2 * n - 1 - i] = x[i];
      y[2 * n - 1 - i] = 100 * regrets.get(at).high();
    }
    XYSeries band = chart.addSeries("band", x, y);
    band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    band.setFillColor(new Color(OURS.getRed(), OURS.getGreen(), OURS.getBlue(), 36));
    band.setLineColor(NOTHING);
    band.setLineStyle(NO_LINE);
    band.setMarker(SeriesMarkers.NONE);
    band.setShowInLegend(false);
  }

  private static void point(
      XYChart chart, Results results, int price, String policy, String label, Color color, Marker marker) {
    Results.Row row = results.row(policy, price);
    Results.Spread spread = results.spread(policy, price);
    double x = 100 * (1 - row.saved());
    double y = 100 * row.regret();
    double[] up = {100 * spread.regret().low(), 100 * spread.regret().high()};
    double[] across = {100 * (1 - spread.saved().high()), 100 * (1 - spread.saved().low())};
    line(chart, label + ", regret", new double[] {x, x}, up, color, THIN).setShowInLegend(false);
    line(chart, label + ", compute", across, new double[] {y, y}, color, THIN).setShowInLegend(false);
    XYSeries dot = chart.addSeries(label, new double[] {x}, new double[] {y});
    dot.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    dot.setMarker(marker);
    dot.setMarkerColor(color);
  }

  private static XYChart reliability(Calibration calibration) {
    XYChart chart =
        chart(HEIGHT, HEIGHT, "Reliability diagram", "said: P(stopping is right), %", "was right, % of held-out points");
    axis(chart, 0, 100, 0, 100);
    chart.getStyler().setLegendPosition(LegendPosition.InsideNW);
    line(chart, "as it should be", new double[] {0, 100}, new double[] {0, 100}, NEVER, DASHED);
    int i = 0;
    for (Calibration.Bin bin : calibration.bins()) {
      XYSeries whisker =
          line(
              chart,
              "interval " + i++,
              new double[] {100 * bin.said(), 100 * bin.said()},
              new double[] {100 * bin.interval().low(), 100 * bin.interval().high()},
              OURS,
              THIN);
      whisker.setShowInLegend(false);
    }
    double[] said = calibration.bins().stream().mapToDouble(bin -> 100 * bin.said()).toArray();
    double[] observed = calibration.bins().stream().mapToDouble(bin -> 100 * bin.observed()).toArray();
    XYSeries dots = line(chart, "Stopcast, 95 % interval over tasks", said, observed, OURS, THIN);
    dots.setMarker(SeriesMarkers.CIRCLE);
    dots.setMarkerColor(OURS);
    return chart;
  }

  private static XYChart byShare(List<Agreement> rows) {
    XYChart chart =
        chart(WIDTH, HEIGHT, "Quality against the share of the run seen", "share of the run's cost spent (%)", "answers that are right (%)");
    axis(chart, 0, 100, 0, 100);
    chart.getStyler().setLegendPosition(LegendPosition.InsideSE);
    double[] x = rows.stream().mapToDouble(row -> 50 * (row.from() + row.to())).toArray();
    marked(chart, "going on is right", x, values(rows, row -> 100 * row.goingOn()), NEVER, SeriesMarkers.TRIANGLE_UP);
    marked(chart, "Stopcast's answer is right", x, values(rows, row -> 100 * row.agreement()), OURS, SeriesMarkers.CIRCLE);
    return chart;
  }

  private static XYChart learningCurve(SortedMap<Integer, Results> curve, int price) {
    double worth = curve.get(curve.firstKey()).prices()[price];
    XYChart chart =
        chart(
            WIDTH,
            HEIGHT,
            "Quality against the number of runs in the history, price " + worth,
            "runs of a task in the history, at most",
            "NRU (0: hindsight, 1: never stopping)");
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setLegendPosition(LegendPosition.InsideSW);
    double[] x = curve.keySet().stream().mapToDouble(Integer::doubleValue).toArray();
    List<Results> all = List.copyOf(curve.values());
    marked(chart, "best rule", x, values(all, r -> r.row(r.bestRule(price), price).nru()), RULE, SeriesMarkers.SQUARE);
    marked(chart, "Stopcast", x, values(all, r -> r.row(Results.LEARNED, price).nru()), OURS, SeriesMarkers.CIRCLE);
    return chart;
  }

  /** Bars that lie, one a group, as thick lines: their names need the room. */
  private static XYChart importances(List<Importance> importances) {
    XYChart chart =
        chart(WIDTH, 120 + 34 * importances.size(), "Parameter importances", "rise of the loss when the group is permuted (%)", "");
    chart.getStyler().setLegendVisible(false);
    int n = importances.size();
    double most = importances.stream().mapToDouble(i -> 100 * (i.rise() + i.deviation())).max().orElse(1);
    double least = Math.min(0, 100 * (importances.get(n - 1).rise() - importances.get(n - 1).deviation()));
    double room = .13 * (most - least); // for the names
    axis(chart, least - room, 1.05 * most, .4, n + .6);
    chart.getStyler().setAnnotationTextFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    chart.getStyler().setAnnotationTextFontColor(TEXT);
    for (int i = 0; i < n; i++) {
      Importance importance = importances.get(i);
      int y = n - i;
      chart.addAnnotation(new AnnotationText(importance.group(), least - room / 2, y, false));
      line(
          chart,
          importance.group(),
          new double[] {0, 100 * importance.rise()},
          new double[] {y, y},
          OURS,
          new BasicStroke(14f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
      line(
          chart,
          importance.group() + " deviation",
          new double[] {100 * (importance.rise() - importance.deviation()), 100 * (importance.rise() + importance.deviation())},
          new double[] {y, y},
          TEXT,
          THIN);
    }
    chart.getStyler().setXAxisTickLabelsFormattingFunction(value -> value < least ? "" : shortened(value));
    chart.getStyler().setYAxisTickLabelsFormattingFunction(value -> "");
    chart.getStyler().setPlotGridHorizontalLinesVisible(false);
    return chart;
  }

  /** The first two of each kind. */
  private static List<XYChart> examples(Findings found) {
    List<XYChart> charts = new ArrayList<>();
    for (Examples.Kind kind : Examples.Kind.values()) {
      Comparator<Findings.Example> order =
          switch (kind) {
            case BEST_SAVE -> Comparator.comparingDouble(example -> -example.saved());
            case WORST_HARM -> Comparator.comparingDouble(example -> found.worth() * example.saved() - example.regret());
            case BORDERLINE ->
                Comparator.comparingDouble(example -> Math.abs(found.worth() * example.saved() - example.regret()));
            case SAMPLE ->
                Comparator.comparingInt(
                    example -> 31 * example.run().task().hashCode() + example.run().run().context().run().hashCode());
          };
      found.examples().stream()
          .filter(example -> example.kinds().contains(kind))
          .sorted(order)
          .limit(2)
          .forEach(example -> charts.add(example(kind, example, found.results().bestRule(found.price()))));
    }
    return charts;
  }

  private static XYChart example(Examples.Kind kind, Findings.Example example, String rule) {
    ScoredRun run = example.run();
    String metric = run.run().context().objective().metric();
    XYChart chart =
        chart(
            WIDTH / 2,
            EXAMPLE_HEIGHT,
            String.format(
                Locale.ROOT, "%s: saved %.0f %%, regret %.1f %%", kind.word(), 100 * example.saved(), 100 * example.regret()),
            cut("step, " + run.task().task() + " " + run.run().context().run(), 60),
            cut(metric, 34));
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(LegendLayout.Horizontal);
    int[] kept = ReportJson.kept(run);
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (int t : kept) {
      double value = run.run().steps().get(run.curve().step()[t]).value(metric);
      if (Double.isFinite(value)) {
        x.add(step(run, t));
        y.add(value);
      }
    }
    double[] range = range(y, run.run().context().objective().gain(1) > 0);
    chart.getStyler().setXAxisTickMarkSpacingHint(90);
    chart.getStyler().setYAxisTickLabelsFormattingFunction(Plots::shortened);
    axis(chart, x.get(0), Math.max(x.get(0) + 1, x.get(x.size() - 1)), range[0], range[1]);
    XYSeries values = chart.addSeries("values", x, y);
    values.setLineColor(TEXT);
    values.setLineStyle(THIN);
    values.setMarker(SeriesMarkers.NONE);
    values.setShowInLegend(false);
    stop(chart, "oracle", step(run, example.oracle()), range, ORACLE, DASHED);
    stop(chart, rule, step(run, example.rule()), range, RULE, DASHED);
    stop(chart, "Stopcast", step(run, example.ours()), range, OURS, LINE);
    return chart;
  }

  private static void stop(XYChart chart, String label, double step, double[] range, Color color, BasicStroke stroke) {
    line(chart, label, new double[] {step, step}, range, color, stroke);
  }

  private static double step(ScoredRun run, int point) {
    return run.run().steps().get(run.curve().step()[point]).index();
  }

  /** Without first values that are out of all proportion and would flatten the rest. */
  private static double[] range(List<Double> values, boolean largerIsBetter) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double low = sorted[0];
    double high = sorted[sorted.length - 1];
    double most = sorted[(int) (.93 * (sorted.length - 1))];
    double least = sorted[(int) (.07 * (sorted.length - 1))];
    if (!largerIsBetter && high - low > 4 * (most - low) && most > low) {
      high = low + 1.6 * (most - low);
    }
    if (largerIsBetter && high - low > 4 * (high - least) && least < high) {
      low = high - 1.6 * (high - least);
    }
    double pad = high > low ? .05 * (high - low) : Math.max(1e-9, .1 * Math.abs(low));
    return new double[] {low - pad, high + pad};
  }

  private static XYChart chart(int width, int height, String title, String xTitle, String yTitle) {
    XYChart chart =
        new XYChartBuilder().width(width).height(height).title(title).xAxisTitle(xTitle).yAxisTitle(yTitle).build();
    XYStyler style = chart.getStyler();
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setPlotGridLinesColor(GRID);
    style.setPlotGridLinesStroke(new BasicStroke(1f));
    style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, width < WIDTH ? 13 : 15));
    style.setChartTitlePadding(8);
    style.setChartTitleBoxVisible(false);
    style.setChartFontColor(TEXT);
    style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, width < WIDTH ? 11 : 13));
    style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, width < WIDTH ? 10 : 12));
    style.setAxisTickLabelsColor(MUTED);
    style.setAxisTicksLineVisible(false);
    style.setAxisTicksMarksVisible(false);
    style.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, width < WIDTH ? 11 : 12));
    style.setLegendBorderColor(GRID);
    style.setLegendBackgroundColor(new Color(255, 255, 255, 230));
    style.setMarkerSize(9);
    style.setAntiAlias(true);
    style.setTextAntiAlias(true);
    style.setChartPadding(10);
    style.setPlotContentSize(1);
    style.setLocale(Locale.ROOT);
    return chart;
  }

  private static void axis(XYChart chart, double left, double right, double bottom, double top) {
    chart.getStyler().setXAxisMin(left);
    chart.getStyler().setXAxisMax(right);
    chart.getStyler().setYAxisMin(bottom);
    chart.getStyler().setYAxisMax(top);
  }

  private static XYSeries line(XYChart chart, String label, double[] x, double[] y, Color color, BasicStroke stroke) {
    XYSeries line = chart.addSeries(label, x, y);
    line.setLineColor(color);
    line.setLineStyle(stroke);
    line.setMarker(SeriesMarkers.NONE);
    return line;
  }

  private static void marked(XYChart chart, String label, double[] x, double[] y, Color color, Marker marker) {
    XYSeries series = line(chart, label, x, y, color, LINE);
    series.setMarker(marker);
    series.setMarkerColor(color);
  }

  /** Those that no other beats in both, from the least compute to the most. */
  private static List<TradeOff.Point> front(List<TradeOff.Point> points) {
    List<TradeOff.Point> front = new ArrayList<>();
    double least = Double.POSITIVE_INFINITY;
    List<TradeOff.Point> sorted =
        points.stream()
            .sorted(
                Comparator.comparingDouble((TradeOff.Point p) -> -p.saved()).thenComparingDouble(TradeOff.Point::regret))
            .toList();
    for (TradeOff.Point point : sorted) {
      if (point.regret() < least) {
        front.add(point);
        least = point.regret();
      }
    }
    return front;
  }

  private static double[] xs(List<TradeOff.Point> points) {
    return points.stream().mapToDouble(point -> 100 * (1 - point.saved())).toArray();
  }

  private static double[] ys(List<TradeOff.Point> points) {
    return points.stream().mapToDouble(point -> 100 * point.regret()).toArray();
  }

  private static <T> double[] values(List<T> rows, ToDoubleFunction<T> value) {
    return rows.stream().mapToDouble(value).toArray();
  }

  /** With four digits, and without those that say nothing. */
  private static String shortened(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros();
    return value != 0 && Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6 ? rounded.toString() : rounded.toPlainString();
  }

  /** Strangers' text: without characters that XML does not allow or that reorder a line, and not longer than there is room for. */
  static String cut(String text, int most) {
    String safe = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Cn}\\p{Co}]", "?");
    return safe.length() <= most ? safe : safe.substring(0, most - 3) + "...";
  }

  private static void add(SortedMap<String, byte[]> files, String name, List<XYChart> charts, int columns) {
    if (charts.isEmpty()) {
      return;
    }
    int rows = (charts.size() + columns - 1) / columns;
    int width = charts.get(0).getWidth() * Math.min(columns, charts.size());
    int height = charts.get(0).getHeight() * rows;
    try {
      BufferedImage image = new BufferedImage(2 * width, 2 * height, BufferedImage.TYPE_INT_RGB);
      Graphics2D pixels = image.createGraphics();
      pixels.setColor(Color.WHITE);
      pixels.fillRect(0, 0, 2 * width, 2 * height);
      pixels.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      pixels.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      pixels.scale(2, 2);
      paint(charts, columns, pixels);
      pixels.dispose();
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(image, "png", png);
      files.put(name + ".png", png.toByteArray());
      VectorGraphics2D shapes = new VectorGraphics2D();
      paint(charts, columns, shapes);
      ByteArrayOutputStream svg = new ByteArrayOutputStream();
      new SVGProcessor().getDocument(shapes.getCommands(), new PageSize(0, 0, width, height)).writeTo(svg);
      files.put(name + ".svg", svg.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // in memory: cannot be
    }
  }

  private static void paint(List<XYChart> charts, int columns, Graphics2D to) {
    for (int i = 0; i < charts.size(); i++) {
      XYChart chart = charts.get(i);
      Graphics2D part = (Graphics2D) to.create();
      part.translate((i % columns) * chart.getWidth(), (i / columns) * chart.getHeight());
      chart.paint(part, chart.getWidth(), chart.getHeight());
      part.dispose();
    }
  }
}
