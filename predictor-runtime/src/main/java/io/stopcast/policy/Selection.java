package io.stopcast.policy;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.model.Attribution;
import io.stopcast.model.Outlook;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Picks one of several policies for a run once a bit of its curve was seen, by what is known of the run and by how it began.
 *
 * <p>The choice is made once: at the first point that has enough points and, where the plan is known, enough of it behind it; then
 * the first case that fits decides for the rest of the run, and {@code otherwise} where none does. Until then {@code otherwise} decides,
 * and all that may be chosen look on, so that the chosen one has seen the whole run. A feature that is NaN, such as one that needs
 * a plan, fulfils no condition.
 *
 * <p>Until the choice a step costs what all those policies together cost and half a microsecond more, and the run their memory and 2.4
 * kB; after it, what the chosen one alone costs.
 *
 * <p>Selecting a stopping rule for a run as one selects an algorithm for a problem: J. Rice, "The Algorithm Selection Problem", 1976.
 *
 * @param cases looked at in order; at least one
 * @param otherwise what decides at first, and for runs that fit no case
 * @param points before so many of them nothing is chosen; at least 1
 * @param share before this share of the plan nothing is chosen, where it is known; within 0..1
 */
public record Selection(List<Case> cases, StopPolicy otherwise, long points, double share) implements StopPolicy {
  private static final ThreadLocal<float[]> ROW = ThreadLocal.withInitial(() -> new float[FeatureExtractor.schema().size()]);

  public Selection {
    cases = List.copyOf(cases);
    Objects.requireNonNull(otherwise, "otherwise");
    if (cases.isEmpty()) {
      throw new IllegalArgumentException("a selection needs at least one case; without any, '" + otherwise + "' will do");
    }
    requireMoment(points, share);
  }

  static void requireMoment(long points, double share) {
    if (points < 1) {
      throw new IllegalArgumentException("a policy is chosen after at least 1 point, but was to be after " + points);
    }
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a policy is chosen after a share of the plan within 0..1, but was to be after " + share);
    }
  }

  /** Whether enough of a run was seen to choose. */
  public static boolean isDue(FeatureExtractor run, long points, double share) {
    return run.points() >= points && !(run.done() < share);
  }

  @Override
  public Watch watch(RunContext run) {
    return new Selecting(run);
  }

  /** What a curve must be like for a case: where each feature stands in the schema, and its range. */
  private record Shape(int policy, int[] features, double[] low, double[] high) {
    static Shape of(Case one, int policy) {
      List<Condition.Within> ranges =
          one.when().stream().filter(condition -> !condition.isKnownAtStart()).map(Condition.Within.class::cast).toList();
      return new Shape(
          policy,
          ranges.stream().mapToInt(Condition.Within::position).toArray(),
          ranges.stream().mapToDouble(Condition.Within::low).toArray(),
          ranges.stream().mapToDouble(Condition.Within::high).toArray());
    }

    boolean fits(float[] row) {
      for (int i = 0; i < features.length; i++) {
        float value = row[features[i]];
        if (!(value >= low[i] && value <= high[i])) {
          return false;
        }
      }
      return true;
    }
  }

  /** The memory of one run. */
  private final class Selecting implements Watch {
    private final List<Shape> open = new ArrayList<>();
    private final List<Watch> watches = new ArrayList<>();
    /** Null once the choice is made. */
    private FeatureExtractor extractor;
    private int chosen;

    Selecting(RunContext run) {
      List<StopPolicy> policies = new ArrayList<>(List.of(otherwise));
      for (Case one : cases) {
        if (one.isOpenTo(run)) {
          if (!policies.contains(one.policy())) {
            policies.add(one.policy());
          }
          open.add(Shape.of(one, policies.indexOf(one.policy())));
        }
      }
      policies.forEach(policy -> watches.add(policy.watch(run)));
      extractor = new FeatureExtractor(run);
    }

    @Override
    public Decision observe(Step step) {
      if (extractor == null) {
        return deciding().observe(step);
      }
      boolean isPoint = extractor.observe(step);
      boolean due = isPoint && isDue(extractor, points, share);
      int choice = due ? choice() : 0;
      Decision decision = Decision.CONTINUE;
      for (int i = 0; i < watches.size(); i++) {
        Decision answer = watches.get(i).observe(step);
        decision = i == choice ? answer : decision;
      }
      if (due) {
        choose(choice);
      }
      return decision;
    }

    private int choice() {
      float[] row = ROW.get();
      row[FeatureExtractor.PRICE] = Float.NaN;
      extractor.write(row);
      for (int i = 0; i < open.size(); i++) {
        if (open.get(i).fits(row)) {
          return open.get(i).policy();
        }
      }
      return 0;
    }

    /** Forgets all but one. */
    private void choose(int choice) {
      chosen = choice;
      extractor = null;
      for (int i = 0; i < watches.size(); i++) {
        if (i != choice) {
          watches.set(i, null);
        }
      }
    }

    private Watch deciding() {
      return watches.get(chosen);
    }

    @Override
    public double score() {
      return deciding().score();
    }

    @Override
    public Optional<Outlook> outlook() {
      return deciding().outlook();
    }

    @Override
    public Optional<Attribution> attribution() {
      return deciding().attribution();
    }

    @Override
    public void save(DataOutput out) throws IOException {
      out.writeBoolean(extractor == null);
      if (extractor == null) {
        out.writeInt(chosen);
        deciding().save(out);
        return;
      }
      extractor.save(out);
      for (Watch watch : watches) {
        watch.save(out);
      }
    }

    @Override
    public void restore(DataInput in) throws IOException {
      if (in.readBoolean()) {
        int choice = in.readInt();
        if (choice < 0 || choice >= watches.size()) {
          throw new IOException("a selection among " + watches.size() + " policies cannot have chosen number " + choice);
        }
        choose(choice);
        deciding().restore(in);
        return;
      }
      extractor.restore(in);
      for (Watch watch : watches) {
        watch.restore(in);
      }
    }
  }

  @Override
  public String toString() {
    String moment = points + (points == 1 ? " point" : " points") + (share > 0 ? " and " + share + " of plan" : "");
    return "selection(" + cases.size() + (cases.size() == 1 ? " case" : " cases") + " after " + moment + ", otherwise " + otherwise + ")";
  }
}
