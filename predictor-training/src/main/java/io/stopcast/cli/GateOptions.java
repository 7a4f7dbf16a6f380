package io.stopcast.cli;

import io.stopcast.registry.HeldOut;
import io.stopcast.registry.Margins;
import java.util.Objects;
import picocli.CommandLine.Option;

/** What a challenger must show beside the champion. */
final class GateOptions {
  @Option(
      names = "--held-out",
      paramLabel = "N",
      description = "Learn from no run whose name draws one in N, and judge champion and challenger on those. Default: 0, none; they"
          + " are then compared on runs that came after the champion, if it tells what it has seen.")
  private int heldOut;

  @Option(
      names = "--margin",
      paramLabel = "M",
      description = "By how much the challenger may be worse than the champion, in units of the price. Default: ${DEFAULT-VALUE}.")
  private double margin = Margins.STANDARD.overall();

  @Option(
      names = "--family-margin",
      paramLabel = "M",
      description = "The same within a source, a kind of task or a kind of metric. Default: ${DEFAULT-VALUE}.")
  private double familyMargin = Margins.STANDARD.family();

  @Option(
      names = "--latency-ratio",
      paramLabel = "R",
      description = "How many times the champion's time the challenger may take. Default: ${DEFAULT-VALUE}.")
  private double latency = Margins.STANDARD.latency();

  GateRules rules() throws WrongUsageException {
    try {
      return new GateRules(new HeldOut(heldOut), new Margins(margin, familyMargin, latency), Double.POSITIVE_INFINITY);
    } catch (IllegalArgumentException e) {
      throw new WrongUsageException(Objects.requireNonNull(e.getMessage()));
    }
  }
}
