package io.stopcast.replay;

import io.stopcast.run.Horizon;
import io.stopcast.run.Run;
import java.util.Arrays;
import java.util.Locale;

/** Whether policies are told how long a judged run is planned to be. Where nobody knows, they must work too. */
public enum ShownHorizon {
  /** As the history says. */
  PLANNED {
    @Override
    public Run show(Run run) {
      return run;
    }
  },
  /** Hidden from every policy; what was learned, and on what, stays as it is. */
  UNKNOWN {
    @Override
    public Run show(Run run) {
      return run.with(run.context().withHorizon(Horizon.UNKNOWN));
    }
  };

  /** The run as a policy is shown it. */
  public abstract Run show(Run run);

  /** The name that the command line uses. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of that name. */
  public static ShownHorizon of(String word) {
    return Arrays.stream(values())
        .filter(shown -> shown.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a horizon is shown as one of %s, but was '%s'"
                        .formatted(Arrays.stream(values()).map(ShownHorizon::word).toList(), word)));
  }
}
