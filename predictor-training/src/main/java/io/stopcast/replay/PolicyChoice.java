package io.stopcast.replay;

import io.stopcast.policy.Condition;
import io.stopcast.policy.PolicyFile;
import io.stopcast.policy.PolicyReader;
import io.stopcast.policy.StopPolicy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which policy was found to serve which runs, for one price.
 *
 * @param points after so many the choice is made; 0 for when the run starts
 * @param share and after this share of the plan
 * @param contexts may be none, where nothing was worth a policy of its own
 * @param otherwise for all other runs
 */
public record PolicyChoice(long points, double share, List<PolicyFile.Context> contexts, String otherwise) {
  public PolicyChoice {
    contexts = List.copyOf(contexts);
  }

  /** As a file for a trainer; empty where one policy serves all runs. */
  public Optional<PolicyFile> file() {
    if (contexts.isEmpty()) {
      return Optional.empty();
    }
    Set<String> keys = new TreeSet<>();
    for (PolicyFile.Context context : contexts) {
      for (Condition condition : context.when()) {
        String fact = condition.fact();
        if (condition.isKnownAtStart() && !Condition.FACTS.contains(fact)) {
          keys.add(fact.startsWith(Condition.CONTEXT) ? fact.substring(Condition.CONTEXT.length()) : fact);
        }
      }
    }
    return Optional.of(new PolicyFile(points, share, keys, contexts, otherwise));
  }

  /** As a policy: the one that a trainer gets who reads the file. */
  public StopPolicy policy(PolicyReader reader) {
    return file().map(file -> PolicyFile.parse(file.text()).policy(reader)).orElseGet(() -> reader.read(otherwise));
  }
}
