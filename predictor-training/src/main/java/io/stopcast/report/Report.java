package io.stopcast.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * An evaluation, looked at closely, to be shown: as one HTML file, and as plots for papers. Immutable; the same evaluation gives the same
 * bytes, unless its latency was measured.
 */
public final class Report {
  private final Evaluation evaluation;
  /** For each split one a price. */
  private final List<List<Findings>> findings;

  private Report(Evaluation evaluation, List<List<Findings>> findings) {
    this.evaluation = evaluation;
    this.findings = findings;
  }

  /** Looks at judged runs and held-out points: seconds for thousands of runs, beyond the evaluation itself. */
  public static Report of(Evaluation evaluation) {
    List<List<Findings>> all = new ArrayList<>();
    for (Evaluation.Judged judged : evaluation.judged()) {
      List<Findings> ofSplit = new ArrayList<>();
      for (int price = 0; price < judged.results().prices().length; price++) {
        ofSplit.add(Findings.of(judged, price, evaluation.promises()));
      }
      all.add(ofSplit);
    }
    return new Report(evaluation, all);
  }

  /** What each split comes to at each of the prices. */
  public List<List<Headline>> headlines() {
    return findings.stream().map(ofSplit -> ofSplit.stream().map(Findings::headline).toList()).toList();
  }

  /** Returns one HTML file that works offline; see {@link ReportPage}. */
  public String html() {
    return ReportPage.of(ReportJson.of(evaluation, findings), findings, evaluation.version());
  }

  /** Whether this machine has what {@link #plots} needs: fontconfig and any font. */
  public static boolean canPlot() {
    return Plots.canWrite();
  }

  /** Returns PNG and SVG files by name; needs fonts, but no display. */
  public SortedMap<String, byte[]> plots() {
    return Plots.of(evaluation, findings);
  }

  Map<String, Object> data() {
    return ReportJson.of(evaluation, findings);
  }
}
