package io.stopcast.adapt;

import io.stopcast.model.Attribution;
import io.stopcast.model.Outlook;
import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/** Gives each run the candidate that is chosen for it; a run keeps what it was given when its watch is restored, whatever was learned since. */
record Adaptive(Adaptation adaptation, AdaptationState state) implements StopPolicy {
  private static final String EXEMPT = "";

  @Override
  public Watch watch(RunContext run) {
    return new Given(run, adaptation.choose(state, run));
  }

  private final class Given implements Watch {
    private final RunContext run;
    private String name;
    private Watch inner;

    Given(RunContext run, Choice choice) {
      this.run = run;
      name = choice.isExempt() ? EXEMPT : adaptation.candidates().get(choice.candidate()).name();
      inner = choice.policy(adaptation).watch(run);
    }

    @Override
    public Decision observe(Step step) {
      return inner.observe(step);
    }

    @Override
    public double score() {
      return inner.score();
    }

    @Override
    public Optional<Outlook> outlook() {
      return inner.outlook();
    }

    @Override
    public Optional<Attribution> attribution() {
      return inner.attribution();
    }

    @Override
    public void save(DataOutput out) throws IOException {
      out.writeUTF(name);
      inner.save(out);
    }

    @Override
    public void restore(DataInput in) throws IOException {
      String given = in.readUTF();
      StopPolicy policy =
          given.equals(EXEMPT)
              ? NEVER
              : adaptation.candidates().stream()
                  .filter(candidate -> candidate.name().equals(given))
                  .findFirst()
                  .orElseThrow(() -> new IOException("the run was given '" + given + "', which is no candidate of " + adaptation))
                  .policy();
      name = given;
      inner = policy.watch(run);
      inner.restore(in);
    }
  }

  @Override
  public String toString() {
    return adaptation + " after " + state.learned() + " runs";
  }
}
