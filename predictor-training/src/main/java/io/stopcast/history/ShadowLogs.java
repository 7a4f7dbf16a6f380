package io.stopcast.history;

import io.stopcast.run.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What decision logs of live runs ({@code io.stopcast.live.DecisionLog}) tell of runs that were watched and not stopped, and of those of policies
 * that stop by chance.
 *
 * <p>Told apart are runs that were stopped for real, runs that did not end by themselves, and runs of which the log lacks lines,
 * for it may lack the best value. A run that went on after a crash goes on here, from the step after which it was resumed. The
 * points' values are kept in memory.
 *
 * @param runs those that can be scored, in the order in which they began
 * @param explored those of policies that stop most runs and by chance let some go on, as far as they tell something, in the same order
 * @param acting how many runs were stopped if so decided and are not among these: what they would have gained is not in the log
 * @param unfinished how many did not end by themselves, as far as the log says
 * @param incomplete how many lack lines, or nothing finite to be judged by
 * @param unreadable where lines stand that are no JSON, such as one cut off when its writer died
 */
public record ShadowLogs(
    List<ShadowRun> runs, List<ExploredRun> explored, int acting, int unfinished, int incomplete, List<String> unreadable) {
  public ShadowLogs {
    runs = List.copyOf(runs);
    explored = List.copyOf(explored);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * Reads logs, one after the other, as one.
   *
   * @throws ImportException if a line is JSON but of no decision log, or if there is no run at all
   */
  public static ShadowLogs read(List<Path> logs) throws IOException {
    DecisionLogs read = DecisionLogs.read(logs);
    List<ShadowRun> runs = new ArrayList<>();
    List<ExploredRun> explored = new ArrayList<>();
    int acting = 0;
    int unfinished = 0;
    int incomplete = 0;
    for (DecidedRun decided : read.runs()) {
      if (!decided.shadow()) {
        Optional<ExploredRun> told = decided.exploring().flatMap(exploring -> ExploredRun.of(decided, exploring));
        told.ifPresent(explored::add);
        acting += told.isPresent() ? 0 : 1;
      } else if (!decided.end().isScored()) {
        unfinished++;
      } else {
        Run run = decided.run();
        boolean usable = decided.complete() && Usability.of(run) == Usability.SCORED;
        incomplete += usable ? 0 : 1;
        if (usable) {
          runs.add(new ShadowRun(run, decided.stop().orElse(decided.points().size() - 1), decided.model(), decided.price(), decided.kept()));
        }
      }
    }
    return new ShadowLogs(runs, explored, acting, unfinished, incomplete, read.unreadable());
  }
}
