package io.stopcast.cli;

import io.stopcast.history.ImportException;
import io.stopcast.model.ModelFile;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.PolicyFile;
import io.stopcast.policy.PolicyReader;
import io.stopcast.policy.StopPolicy;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which policy decides. */
final class PolicyOptions {
  @Option(
      names = "--policies",
      paramLabel = "FILE",
      description = "Let this file say which policy watches which run, instead of the model at --price alone; 'learned(price 0.1)' in it"
          + " is the model. './stopcast policies' learns such files.")
  private Path policies;

  /**
   * What the file says, or else the learned policy.
   *
   * @param learned of that model
   */
  StopPolicy of(ModelFile model, LearnedPolicy learned) throws IOException {
    if (policies == null) {
      return learned;
    }
    try {
      return PolicyFile.read(policies).policy(new PolicyReader().with(model));
    } catch (IllegalArgumentException e) {
      String message = e.getMessage();
      throw new ImportException(message.startsWith(policies.toString()) ? message : policies + ", " + message);
    }
  }
}
