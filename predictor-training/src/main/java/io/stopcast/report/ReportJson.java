package io.stopcast.report;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.history.History;
import io.stopcast.history.Usability;
import io.stopcast.inspect.Agreement;
import io.stopcast.inspect.Calibration;
import io.stopcast.inspect.Closeup;
import io.stopcast.inspect.Examples;
import io.stopcast.inspect.Importance;
import io.stopcast.inspect.Leakage;
import io.stopcast.model.ModelFile;
import io.stopcast.model.PriceThresholds;
import io.stopcast.replay.Interval;
import io.stopcast.replay.Results;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.TradeOff;
import io.stopcast.run.End;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.train.Reliability;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a report shows, as maps and lists: the page's script and the plots draw nothing else. Numbers have five digits, unknown ones are
 * null.
 */
final class ReportJson {
  /** A curve on a phone has no more pixels than this. */
  private static final int CURVE_POINTS = 110;

  private static final MathContext DIGITS = new MathContext(5);
  private static final int DRIVERS = 5;

  /** Prices at which the oracle is shown, and which the slider offers beside the judged ones: evenly spaced in log, .01 to 1. */
  static final double[] SLIDER =
      IntStream.rangeClosed(0, 40)
          .mapToDouble(i -> new BigDecimal(Math.pow(10, i / 20.0 - 2)).round(new MathContext(3)).doubleValue())
          .toArray();

  private final Evaluation evaluation;
  private final List<List<Findings>> findings;
  /** The runs that examples show, each once, with its position. */
  private final Map<ScoredRun, Integer> shownRuns = new IdentityHashMap<>();

  private final List<Object> curves = new ArrayList<>();

  private ReportJson(Evaluation evaluation, List<List<Findings>> findings) {
    this.evaluation = evaluation;
    this.findings = findings;
  }

  static Map<String, Object> of(Evaluation evaluation, List<List<Findings>> findings) {
    return new ReportJson(evaluation, findings).all();
  }

  private Map<String, Object> all() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("version", evaluation.version());
    all.put("prices", evaluation.protocol().prices());
    all.put("few", TaskRow.FEW);
    all.put("splits", IntStream.range(0, findings.size()).mapToObj(this::split).toList());
    all.put("runs", curves);
    all.put("learning_curves", evaluation.learningCurves().stream().flatMap(ReportJson::learningCurve).toList());
    all.put("promises", evaluation.promises().stream().map(ReportJson::promise).toList());
    all.put("history", history());
    all.put("model", evaluation.model().map(ReportJson::model).orElse(null));
    all.put("latency", evaluation.latency().orElse(null));
    all.put("protocol", protocol());
    return all;
  }

  private Map<String, Object> split(int position) {
    Evaluation.Judged judged = evaluation.judged().get(position);
    Results results = judged.results();
    Map<String, Object> split = new LinkedHashMap<>();
    split.put("split", results.split().word());
    split.put("horizon", results.horizon().word());
    split.put("runs", results.runCount());
    split.put("tasks", results.tasks().size());
    split.put("not_judged", results.leftOut());
    split.put("leakage", Leakage.of(judged.turns()));
    split.put("rules", results.rules().points().stream().map(ReportJson::point).distinct().toList());
    split.put(
        "oracle",
        DoubleStream.concat(Arrays.stream(SLIDER), Arrays.stream(results.prices()))
            .distinct()
            .sorted()
            .mapToObj(
                price -> {
                  TradeOff.Point point = results.oracleAt(price);
                  return list(price, rounded(1 - point.saved()), rounded(point.regret()));
                })
            .toList());
    split.put("at", findings.get(position).stream().map(this::at).toList());
    return split;
  }

  private Map<String, Object> at(Findings found) {
    Results results = found.results();
    int price = found.price();
    Map<String, Object> at = new LinkedHashMap<>();
    Results.Comparison comparison = found.comparison();
    Map<String, Results.Test> tests =
        results.tests(price).stream().collect(Collectors.toMap(Results.Test::against, test -> test));
    at.put("price", results.prices()[price]);
    at.put("headline", found.headline());
    at.put("best_rule", comparison.against());
    at.put("better", comparison.isBetter());
    at.put("worse", comparison.isWorse());
    at.put("gap", list(rounded(comparison.gapClosed()), rounded(comparison.low()), rounded(comparison.high())));
    at.put("wins", rounded(comparison.wins()));
    at.put("policies", results.policies().stream().map(policy -> policy(results, policy, price, tests.get(policy))).toList());
    at.put(
        "matched",
        results.matched(price).stream().map(m -> list(m.regret(), rounded(m.learned()), rounded(m.rule()))).toList());
    at.put("trade_off", tradeOff(results, price));
    at.put("tasks", found.tasks().stream().map(ReportJson::task).toList());
    at.put("examples", found.examples().stream().map(this::example).toList());
    at.put("points", found.points());
    at.put("reliability", found.calibration().bins().stream().map(ReportJson::bin).toList());
    at.put("quantiles", found.calibration().quantiles().stream().map(ReportJson::quantile).toList());
    at.put("importances", found.importances().stream().map(ReportJson::importance).toList());
    at.put("by_share", found.byShare().stream().map(ReportJson::agreement).toList());
    return at;
  }

  private static Map<String, Object> policy(Results results, String policy, int price, Results.Test test) {
    Results.Row row = results.row(policy, price);
    Results.Spread spread = results.spread(policy, price);
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("policy", policy);
    map.put("loss", rounded(row.loss()));
    map.put("nru", rounded(row.nru()));
    map.put("saved", rounded(row.saved()));
    map.put("saved_interval", interval(spread.saved()));
    map.put("regret", rounded(row.regret()));
    map.put("regret_interval", interval(spread.regret()));
    map.put("false_stops", rounded(row.falseStops()));
    map.put("worst", rounded(row.worst()));
    map.put("rank", test == null ? null : rounded(test.rank()));
    map.put("holm", test == null ? null : rounded(test.holm()));
    return map;
  }

  private static List<Object> tradeOff(Results results, int price) {
    List<TradeOff.Point> points = results.tradeOff(price).points();
    List<Interval> intervals = results.tradeOffRegrets(price);
    List<Object> rows = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      TradeOff.Point point = points.get(i);
      rows.add(
          list(
              point.setting(),
              rounded(1 - point.saved()),
              rounded(point.regret()),
              rounded(intervals.get(i).low()),
              rounded(intervals.get(i).high())));
    }
    return rows;
  }

  private static List<Object> point(TradeOff.Point point) {
    return list(point.setting(), rounded(1 - point.saved()), rounded(point.regret()));
  }

  private static Map<String, Object> task(TaskRow row) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("source", row.task().source());
    map.put("task", row.task().task());
    map.put("family", row.family());
    map.put("metric", row.kind());
    map.put("runs", row.runs());
    map.put("few", row.isOfFew());
    map.put("saved", rounded(row.saved()));
    map.put("regret", rounded(row.regret()));
    map.put("p95", rounded(row.p95()));
    map.put("worst", rounded(row.worst()));
    map.put("worst_run", row.worstRun());
    map.put("wins", rounded(row.wins()));
    map.put("loss", rounded(row.loss()));
    map.put("rule", rounded(row.ruleLoss()));
    map.put("oracle", rounded(row.oracleLoss()));
    return map;
  }

  private Map<String, Object> example(Findings.Example example) {
    ScoredRun scored = example.run();
    Closeup closeup = example.closeup();
    int[] kept = kept(scored);
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("run", shown(scored, kept));
    map.put("kinds", example.kinds().stream().map(Examples.Kind::word).toList());
    map.put("ours", mark(scored, example.ours()));
    map.put("rule", mark(scored, example.rule()));
    map.put("oracle", mark(scored, example.oracle()));
    map.put("scores", Arrays.stream(kept).mapToObj(t -> rounded(closeup.scores()[t], 3)).toList());
    map.put("threshold", rounded(example.threshold()));
    map.put("reason", closeup.reason().orElse(null));
    map.put(
        "drivers",
        closeup.drivers().stream()
            .limit(DRIVERS)
            .map(driver -> list(driver.group(), rounded(driver.part(), 3), driver.feature(), rounded(driver.value(), 3)))
            .toList());
    return map;
  }

  /** Step, share of cost spent, regret, best value so far and whether anything was left to save. */
  private static List<Object> mark(ScoredRun run, int point) {
    Objective objective = run.run().context().objective();
    double best = run.curve().best()[point];
    return list(
        run.run().steps().get(run.curve().step()[point]).index(),
        rounded(run.hindsight().share()[point], 4),
        rounded(run.hindsight().regret()[point], 4),
        rounded(objective.gain(best)), // the sign of a gain is its own inverse
        point < run.length() - 1);
  }

  private int shown(ScoredRun scored, int[] kept) {
    Integer known = shownRuns.get(scored);
    if (known != null) {
      return known;
    }
    RunContext context = scored.run().context();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("source", context.source());
    map.put("task", context.task());
    map.put("run", context.run());
    map.put("metric", context.objective().metric());
    map.put("goal", context.objective().gain(1) > 0 ? "max" : "min");
    map.put("cost_unit", context.costUnit());
    map.put("end", scored.run().end().word());
    map.put("points", scored.length());
    map.put("x", Arrays.stream(kept).mapToObj(t -> scored.run().steps().get(scored.curve().step()[t]).index()).toList());
    map.put(
        "y",
        Arrays.stream(kept)
            .mapToObj(t -> rounded(scored.run().steps().get(scored.curve().step()[t]).value(context.objective().metric()), 4))
            .toList());
    curves.add(map);
    shownRuns.put(scored, curves.size() - 1);
    return curves.size() - 1;
  }

  /** Points of a curve by which it looks the same: first and last, and the extremes of equal parts. */
  static int[] kept(ScoredRun run) {
    int length = run.length();
    if (length <= CURVE_POINTS) {
      return IntStream.range(0, length).toArray();
    }
    Objective objective = run.run().context().objective();
    TreeSet<Integer> kept = new TreeSet<>(List.of(0, length - 1));
    int parts = CURVE_POINTS / 2 - 1;
    for (int part = 0; part < parts; part++) {
      int from = (int) ((long) part * length / parts);
      int to = (int) ((part + 1L) * length / parts);
      int low = from;
      int high = from;
      for (int t = from; t < to; t++) {
        double value = objective.gain(run.run().steps().get(run.curve().step()[t]));
        low = value < objective.gain(run.run().steps().get(run.curve().step()[low])) ? t : low;
        high = value > objective.gain(run.run().steps().get(run.curve().step()[high])) ? t : high;
      }
      kept.add(low);
      kept.add(high);
    }
    return kept.stream().mapToInt(Integer::intValue).toArray();
  }

  private static List<Object> bin(Calibration.Bin bin) {
    return list(
        rounded(bin.said()),
        rounded(bin.observed()),
        rounded(bin.interval().low()),
        rounded(bin.interval().high()),
        rounded(bin.share()),
        bin.tasks());
  }

  private static List<Object> quantile(Calibration.Quantile quantile) {
    return list(
        quantile.promised(),
        rounded(quantile.observed()),
        rounded(quantile.interval().low()),
        rounded(quantile.interval().high()),
        quantile.tasks());
  }

  private static List<Object> importance(Importance importance) {
    return list(
        importance.group(),
        importance.features(),
        rounded(importance.rise()),
        rounded(importance.deviation()),
        rounded(importance.moved()));
  }

  private static List<Object> agreement(Agreement row) {
    return list(
        row.from(),
        row.to(),
        rounded(row.agreement()),
        rounded(row.goingOn()),
        rounded(row.cost()),
        rounded(row.costGoingOn()),
        row.points());
  }

  private static Map<String, Object> promise(Promise promise) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("words", "%s (%s, price %s)".formatted(promise.words(), promise.split().word(), promise.price()));
    map.put("promised", rounded(promise.promised()));
    map.put("observed", rounded(promise.observed()));
    map.put("interval", interval(promise.interval()));
    map.put("saved", rounded(promise.saved()));
    map.put("units", promise.units());
    map.put("held", promise.held());
    return map;
  }

  private static Stream<Object> learningCurve(SortedMap<Integer, Results> byRuns) {
    Results first = byRuns.get(byRuns.firstKey());
    List<Object> all = new ArrayList<>();
    for (int p = 0; p < first.prices().length; p++) {
      int price = p;
      List<Object> rows = new ArrayList<>();
      byRuns.forEach(
          (runs, results) -> {
            Results.Comparison comparison = ResultsText.comparison(results, price);
            rows.add(
                list(
                    runs,
                    rounded(results.row(Results.LEARNED, price).nru()),
                    rounded(results.row(comparison.against(), price).nru()),
                    comparison.against(),
                    rounded(comparison.gapClosed()),
                    rounded(comparison.low()),
                    rounded(comparison.high())));
          });
      Map<String, Object> curve = new LinkedHashMap<>();
      curve.put("price", first.prices()[p]);
      curve.put("rows", rows);
      all.add(curve);
    }
    return all.stream();
  }

  private Map<String, Object> history() {
    History history = evaluation.history();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("sha256", history.sha256());
    map.put("runs", history.runs().size());
    map.put("scored", evaluation.scored().size());
    map.put("further_runs", evaluation.furtherRuns());
    map.put("skipped", history.skipped().size());
    map.put("duplicates", Leakage.duplicates(evaluation.scored()));
    Map<Usability, Integer> usable = new TreeMap<>();
    Map<End, Integer> ends = new TreeMap<>();
    Map<String, int[]> sources = new TreeMap<>();
    Map<String, TreeSet<String>> tasks = new TreeMap<>();
    for (Run run : history.runs()) {
      Usability usability = Usability.of(run);
      usable.merge(usability, 1, Integer::sum);
      ends.merge(run.end(), 1, Integer::sum);
      RunContext context = run.context();
      int[] counts = sources.computeIfAbsent(context.source(), source -> new int[4]);
      counts[0]++;
      counts[1] += usability == Usability.SCORED ? 1 : 0;
      counts[2] += usability == Usability.CENSORED ? 1 : 0;
      counts[3] += context.horizon().isKnown() ? 1 : 0;
      tasks.computeIfAbsent(context.source(), source -> new TreeSet<>()).add(context.task());
    }
    List<Object> usability = new ArrayList<>();
    usable.forEach((reason, count) -> usability.add(list(reason.reason(), count)));
    map.put("usability", usability);
    List<Object> ended = new ArrayList<>();
    ends.forEach((end, count) -> ended.add(list(end.word(), count, end.isScored())));
    map.put("ends", ended);
    List<Object> bySource = new ArrayList<>();
    sources.forEach(
        (source, counts) -> bySource.add(list(source, tasks.get(source).size(), counts[0], counts[1], counts[2], counts[3])));
    map.put("sources", bySource);
    return map;
  }

  private static Map<String, Object> model(Evaluation.Published published) {
    ModelFile file = published.file();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("sha256", file.sha256());
    map.put("bytes", file.size());
    map.put("trees", file.trees());
    map.put("features", file.schema().size());
    map.put("thresholds", thresholds(file.thresholds()));
    map.put("thresholds_alone", thresholds(file.thresholdsAlone()));
    map.put("tasks_known", file.priors().tasks().size());
    map.put("history_sha256", file.metadata().get(ModelFile.HISTORY_SHA256));
    map.put(
        "reliability",
        Reliability.parse(file.metadata().getOrDefault(Reliability.PROPERTY, "")).rows().stream()
            .map(row -> list(row.kind(), row.price(), row.from(), row.predicted(), row.observed(), row.share(), row.tasks()))
            .toList());
    map.put("provenance", file.metadata().get(ModelFile.PROVENANCE));
    map.put("card", published.card().orElse(null));
    return map;
  }

  private static List<Object> thresholds(PriceThresholds thresholds) {
    return thresholds.byPrice().entrySet().stream()
        .<Object>map(entry -> list(entry.getKey(), rounded(entry.getValue(), 3)))
        .toList();
  }

  private Map<String, Object> protocol() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("folds", evaluation.protocol().folds());
    map.put("seed", evaluation.protocol().seed());
    map.put("schema", FeatureExtractor.schema().version());
    map.put("schema_sha256", FeatureExtractor.schema().sha256());
    map.put("features", FeatureExtractor.schema().size());
    map.put("model_format", ModelFile.CURRENT_FORMAT);
    map.put("uplot", ReportPage.UPLOT_VERSION);
    return map;
  }

  private static List<Object> interval(Interval interval) {
    return list(rounded(interval.low()), rounded(interval.high()));
  }

  private static List<Object> list(Object... values) {
    return Arrays.asList(values);
  }

  private static Double rounded(double value) {
    return Double.isFinite(value) ? Double.valueOf(new BigDecimal(value).round(DIGITS).doubleValue()) : null;
  }

  private static Double rounded(double value, int digits) {
    return Double.isFinite(value) ? Double.valueOf(new BigDecimal(value).round(new MathContext(digits)).doubleValue()) : null;
  }
}
