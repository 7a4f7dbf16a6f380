package io.stopcast.cli;

import io.stopcast.model.Verification;
import io.stopcast.registry.Event;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.registry.Move;
import io.stopcast.registry.RegistryWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a person moves in a registry. */
final class ModelsMove {
  private ModelsMove() {}

  /** Prints the last move, or that there was none. */
  private static void tell(ModelRegistry registry, int before, String none, JsonOption json, PrintWriter out) throws IOException {
    List<Move> moves = registry.history();
    Optional<Move> made = moves.size() > before ? Optional.of(moves.get(moves.size() - 1)) : Optional.empty();
    if (json.isOn()) {
      JsonOption.print(out, made.map(Move::asMap).orElse(Map.of()));
    } else {
      out.println(
          made.map(
                  move ->
                      "version %s is the champion in %s; the one before is %s"
                          .formatted(move.version(), registry.root(), move.after().previous().orElse("not known")))
              .orElse(none));
    }
  }

  @Command(
      name = "promote",
      description = "Makes a version the champion, by your decision and not the gate's: it is checked byte by byte and its scorers"
          + " against each other, not judged.",
      mixinStandardHelpOptions = true)
  static final class Promote implements Callable<Integer> {
    @Mixin private RegistryOption models;
    @Mixin private JsonOption json;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "VERSION", description = "An alias (challenger, previous) or a number.")
    private String version;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the history.")
    private String reason = "by hand";

    @Option(names = "--force", description = "Even if the gate has refused it.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
      ModelRegistry registry = models.existing();
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("by_hand", true);
      figures.put("forced", force);
      // Nobody else moves anything between the look and the move.
      try (RegistryWriter writer = registry.writer()) {
        String number = registry.version(version);
        List<String> faults = registry.faults(number);
        if (!faults.isEmpty()) {
          throw new IOException("version %s stays what it is: %s".formatted(number, faults.get(0)));
        }
        Verification verification = VerifyCommand.verify(registry.model(number));
        if (!verification.passed()) {
          throw new IOException("version %s stays what it is: %s".formatted(number, verification.failure().orElseThrow()));
        }
        List<Move> before = registry.history();
        Optional<Move> last = before.stream().filter(move -> move.version().equals(number)).reduce((a, b) -> b);
        if (!force && last.isPresent() && last.get().event() == Event.REFUSE) {
          spec.commandLine()
              .getErr()
              .printf("version %s was refused: %s. Promote it all the same by --force%n", number, Printable.of(last.get().reason()));
          return Stopcast.GATE_FAILED;
        }
        writer.promote(number, reason, figures);
        tell(registry, before.size(), "version %s is the champion already".formatted(number), json, spec.commandLine().getOut());
      }
      return Stopcast.OK;
    }
  }

  @Command(
      name = "rollback",
      description = "Makes the champion before this one the champion again. Twice goes back two.",
      mixinStandardHelpOptions = true)
  static final class Rollback implements Callable<Integer> {
    @Mixin private RegistryOption models;
    @Mixin private JsonOption json;
    @Spec private CommandSpec spec;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the history.")
    private String reason = "by hand";

    @Override
    public Integer call() throws Exception {
      ModelRegistry registry = models.existing();
      try (RegistryWriter writer = registry.writer()) {
        Optional<String> target = registry.alias(ModelRegistry.PREVIOUS);
        List<String> faults = target.isEmpty() ? List.of() : registry.faults(target.get());
        if (!faults.isEmpty()) {
          throw new IOException("the champion before cannot be used: %s; promote another one".formatted(faults.get(0)));
        }
        int before = registry.history().size();
        writer.rollBack(reason);
        tell(registry, before, "", json, spec.commandLine().getOut());
      }
      return Stopcast.OK;
    }
  }
}
