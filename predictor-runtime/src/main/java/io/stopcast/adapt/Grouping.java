package io.stopcast.adapt;

import io.stopcast.run.RunContext;
import java.util.Locale;
import java.util.Objects;

/**
 * Which runs are of one family, within which the same policy is expected to do well: told from what is known when a run starts.
 *
 * @param by what they share
 * @param parameter the name of the parameter where {@code by} is {@link By#PARAMETER}; else empty
 */
public record Grouping(By by, String parameter) {
  private static final int LONGEST_NAME = 200;

  /** What the runs of a family share. */
  public enum By {
    /** Nothing: all runs are of one family. */
    NOTHING,
    /** Where they come from. */
    SOURCE,
    /** What is trained on what. */
    TASK,
    /** What they are judged by. */
    METRIC,
    /** The value of a parameter, such as the kind of model. */
    PARAMETER
  }

  public Grouping {
    Objects.requireNonNull(by, "by");
    if (by == By.PARAMETER ? parameter.isBlank() : !parameter.isEmpty()) {
      throw new IllegalArgumentException(
          "families by parameter need its name, and others none, but they were by %s of '%s'".formatted(word(by), parameter));
    }
  }

  /** By what all runs know of themselves. */
  public static Grouping by(By by) {
    return new Grouping(by, "");
  }

  /** By a parameter of the run's context; runs without it are a family as well. */
  public static Grouping byParameter(String parameter) {
    return new Grouping(By.PARAMETER, parameter);
  }

  /** The name of the run's family; cut where it is longer than 200 characters. */
  public String family(RunContext run) {
    String name =
        switch (by) {
          case NOTHING -> "all";
          case SOURCE -> run.source();
          case TASK -> run.task();
          case METRIC -> run.objective().metric();
          case PARAMETER -> {
            Object value = run.parameters().get(parameter);
            yield value == null ? "without " + parameter : value.toString();
          }
        };
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
  }

  private static String word(By by) {
    return by.name().toLowerCase(Locale.ROOT);
  }

  /** Such as {@code by source}, or {@code by parameter arg_model}. */
  @Override
  public String toString() {
    return "by " + word(by) + (parameter.isEmpty() ? "" : " " + parameter);
  }
}
