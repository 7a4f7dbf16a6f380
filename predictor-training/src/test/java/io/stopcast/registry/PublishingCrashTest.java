package io.stopcast.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A registry through failing operations, killed writers and power cuts: at each operation one. Files are small here, and no models; who reads
 * checks every byte against the manifests all the same.
 */
class PublishingCrashTest {
  @TempDir private Path temporary;
  private int folders;

  /** What a registry says: aliases, lines of history, versions. */
  private record State(Aliases aliases, int moves, List<String> versions) {
    static State of(ModelRegistry registry) throws IOException {
      return new State(registry.aliases(), registry.history().size(), registry.versions());
    }
  }

  /** A writer was killed here: nothing of it runs any more, so nothing may catch it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  private interface Act {
    void on(RegistryWriter writer) throws IOException;
  }

  private static final Act NOTHING = writer -> {};

  /** What is done to a registry, step after step; after each it must be there for good. */
  private static final List<Act> ACTS =
      List.of(
          writer -> writer.publish(files("one"), "schema", "first", Map.of()),
          writer -> writer.promote("0001", "none before", Map.of()),
          writer -> writer.publish(files("two"), "schema", "second", Map.of()),
          writer -> writer.promote("0002", "better", Map.of("loss", 0.1)),
          writer -> writer.refuse("0001", "worse", Map.of("loss", 0.2)),
          writer -> writer.rollBack("it harms"));

  private static Map<String, byte[]> files(String content) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : List.of(ModelRegistry.MODEL, ModelRegistry.PIPELINE, ModelRegistry.CARD)) {
      files.put(name, (name + " of " + content).getBytes(StandardCharsets.UTF_8));
    }
    return files;
  }

  /** For what no power is cut from: syncs take time and change nothing else. */
  private static final Disk FAST =
      new Disk() {
        @Override
        public void createFolder(Path folder) throws IOException {
          REAL.createFolder(folder);
        }

        @Override
        public void write(Path file, byte[] bytes) throws IOException {
          REAL.write(file, bytes);
        }

        @Override
        public void sync(Path path) {}

        @Override
        public void move(Path from, Path to) throws IOException {
          REAL.move(from, to);
        }

        @Override
        public void delete(Path path) throws IOException {
          REAL.delete(path);
        }
      };

  private Path folder() throws IOException {
    return Files.createDirectory(temporary.resolve("f" + folders++));
  }

  /** What the states are after no act, one, two ... */
  private List<State> expected() throws IOException {
    ModelRegistry registry = new ModelRegistry(folder().resolve("models"), FAST);
    List<State> states = new ArrayList<>(List.of(State.of(registry)));
    for (Act act : ACTS) {
      act(registry, act);
      states.add(State.of(registry));
    }
    return states;
  }

  private static void act(ModelRegistry registry, Act act) throws IOException {
    try (RegistryWriter writer = registry.writer()) {
      act.on(writer);
    }
  }

  /** Every version that is there is whole, and aliases name such. Not asked of models, which these are not. */
  private static Optional<String> notWhole(ModelRegistry registry) throws IOException {
    for (String version : registry.versions()) {
      try {
        for (Map.Entry<String, Manifest.Vouched> file : Manifest.read(registry.folder(version)).files().entrySet()) {
          if (!Manifest.Vouched.of(Files.readAllBytes(registry.folder(version).resolve(file.getKey()))).equals(file.getValue())) {
            return Optional.of(version + "/" + file.getKey() + " is not what its manifest says");
          }
        }
        if (Manifest.read(registry.folder(version)).files().size() != 3) {
          return Optional.of(version + " has a manifest that says nothing");
        }
      } catch (IOException e) {
        return Optional.of(version + ": " + e);
      }
    }
    return registry.faults().stream().filter(fault -> !fault.endsWith("changed by hand")).findFirst();
  }

  /** What is wrong with what a power cut left, if anything is: for its readers, and after the next writer has come. */
  private Optional<String> wrong(Map<String, String> left, Path scratch, List<State> allowed) throws IOException {
    SimulatedDisk.materialize(left, scratch);
    ModelRegistry registry = new ModelRegistry(scratch.resolve("models"), FAST);
    Optional<String> half = notWhole(registry);
    if (half.isPresent()) {
      return half;
    }
    Optional<String> champion = registry.alias(ModelRegistry.CHAMPION);
    if (allowed.stream().noneMatch(state -> state.aliases.champion().equals(champion))) {
      return Optional.of("the champion is " + champion);
    }
    act(registry, NOTHING);
    half = notWhole(registry);
    if (half.isPresent() || !registry.drafts().isEmpty() || registry.isMovePending()) {
      return Optional.of("after the next writer: " + half + ", drafts " + registry.drafts());
    }
    State state = State.of(registry);
    boolean known =
        allowed.stream()
            .anyMatch(
                each ->
                    each.aliases.equals(state.aliases) && each.moves == state.moves && state.versions.containsAll(each.versions));
    return known ? Optional.empty() : Optional.of("after the next writer: " + state + " is none of " + allowed);
  }

  /** What a power cut left, and what it may be. */
  private record Question(Map<String, String> left, List<State> allowed) {}

  /** Most of what is left when one sync is taken out is what was left with all of them. */
  private final Map<Question, Optional<String>> answers = new HashMap<>();

  /** Looks at all that is left if the power is cut now. */
  private final class Cuts {
    private final SimulatedDisk disk;
    private final Path scratch;
    private String wrong;
    private final Set<Question> looked = new HashSet<>();

    Cuts(SimulatedDisk disk) throws IOException {
      this.disk = disk;
      this.scratch = folder();
    }

    void look(String when, List<State> allowed) throws IOException {
      if (wrong != null) {
        return;
      }
      for (Map<String, String> left : disk.afterPowerCut()) {
        Question question = new Question(left, allowed);
        Optional<String> why = answers.get(question);
        if (why == null) {
          why = wrong(left, scratch, allowed);
          answers.put(question, why);
        }
        looked.add(question);
        if (why.isPresent()) {
          wrong = when + ": " + why.get();
          return;
        }
      }
    }
  }

  /** Cuts the power before every operation of every act, and after each act; returns what went wrong first. */
  private Optional<String> powerCuts(SimulatedDisk.Ignored ignored, List<State> states, List<String> syncs, int[] looked)
      throws IOException {
    SimulatedDisk disk = new SimulatedDisk(folder(), ignored);
    ModelRegistry registry = new ModelRegistry(disk.top().resolve("models"), disk);
    Cuts cuts = new Cuts(disk);
    for (int a = 0; a < ACTS.size() && cuts.wrong == null; a++) {
      int act = a;
      List<State> either = List.of(states.get(a), states.get(a + 1));
      disk.fails((operation, what) -> cuts.look("act %d before operation %d, %s".formatted(act, operation, what), either));
      act(registry, ACTS.get(a));
      disk.fails(SimulatedDisk.NEVER);
      cuts.look("after act " + a, List.of(states.get(a + 1)));
    }
    syncs.addAll(disk.syncs());
    looked[0] += cuts.looked.size();
    return Optional.ofNullable(cuts.wrong);
  }

  /** Kills a writer before each operation of an act, lets the next one come, and cuts the power before each operation of that one. */
  private Optional<String> killsThenPowerCuts(int killed, Act next, SimulatedDisk.Ignored ignored, List<State> allowed)
      throws IOException {
    for (int n = 0; ; n++) {
      SimulatedDisk disk = new SimulatedDisk(folder(), ignored);
      ModelRegistry registry = new ModelRegistry(disk.top().resolve("models"), disk);
      for (Act act : ACTS.subList(0, killed)) {
        act(registry, act);
      }
      int last = n;
      disk.fails(
          (operation, what) -> {
            if (operation == last) {
              throw new Killed();
            }
          });
      try {
        act(registry, ACTS.get(killed));
        return Optional.empty(); // it has no such operation
      } catch (Killed e) {
        Cuts cuts = new Cuts(disk);
        disk.fails((operation, what) -> cuts.look("killed before operation %d, then before %s".formatted(last, what), allowed));
        act(registry, next);
        disk.fails(SimulatedDisk.NEVER);
        State reached = State.of(registry);
        cuts.look("killed before operation %d, then done".formatted(last), List.of(reached));
        if (cuts.wrong != null || !allowed.contains(reached)) {
          return Optional.of(cuts.wrong + "; " + reached);
        }
      }
    }
  }

  @Test
  void powerCut_atAnyOperation_leavesOldOrNew_andEverySyncIsNeeded() throws IOException {
    List<State> states = expected();
    List<String> syncs = new ArrayList<>();
    int[] looked = new int[1];
    assertEquals(Optional.empty(), powerCuts((sync, by) -> false, states, syncs, looked));
    assertTrue(looked[0] > 200 && syncs.size() > 40, looked[0] + " states, syncs by " + syncs);
    for (int k = 0; k < syncs.size(); k++) {
      int ignored = k;
      boolean noticed = powerCuts((sync, by) -> sync == ignored, states, new ArrayList<>(), looked).isPresent();
      // What is synced on opening is what a killed writer has left: the next test.
      assertEquals(!syncs.get(k).equals("open"), noticed, "sync %d of %d, by %s".formatted(k, syncs.size(), syncs.get(k)));
    }
  }

  @Test
  void powerCut_afterAKilledWriter_leavesOldOrNew_andEverySyncOnOpeningIsNeeded() throws IOException {
    List<State> states = expected();
    Act promoteWhatIsThere =
        writer -> {
          if (new ModelRegistry(writer.root()).versions().contains("0002")) {
            writer.promote("0002", "better", Map.of("loss", 0.1));
          }
        };
    State published = states.get(2);
    State withoutChallenger =
        new State(published.aliases.withChampion("0002", Optional.of("0001")), 3, List.of("0001", "0002"));
    List<State> either = List.of(states.get(2), states.get(3), states.get(4), withoutChallenger);
    assertEquals(Optional.empty(), killsThenPowerCuts(2, promoteWhatIsThere, (sync, by) -> false, either));
    assertTrue(killsThenPowerCuts(2, promoteWhatIsThere, (sync, by) -> by.equals("open"), either).isPresent());

    either = List.of(states.get(3), states.get(4));
    assertEquals(Optional.empty(), killsThenPowerCuts(3, NOTHING, (sync, by) -> false, either));
    assertTrue(killsThenPowerCuts(3, NOTHING, (sync, by) -> by.equals("finishPending"), either).isPresent());
  }

  /** One operation fails, or all from one on; then the disk works again. */
  @ParameterizedTest(name = "{0} operations fail")
  @ValueSource(ints = {1, 1000})
  void failure_atAnyOperation_leavesOldOrNew_andSaysWhich(int failures) throws IOException {
    List<State> states = expected();
    int fired = 0;
    for (int a = 0; a < ACTS.size(); a++) {
      boolean more = true;
      for (int n = 0; more; n++) {
        SimulatedDisk disk = new SimulatedDisk(folder(), (sync, by) -> false);
        ModelRegistry registry = new ModelRegistry(disk.top().resolve("models"), disk);
        for (Act act : ACTS.subList(0, a)) {
          act(registry, act);
        }
        int first = n;
        disk.fails(
            (operation, what) -> {
              if (operation >= first && operation < first + failures) {
                throw new IOException("No space left on device at " + what);
              }
            });
        Optional<String> message = Optional.empty();
        try {
          act(registry, ACTS.get(a));
          more = disk.operations() > first; // a draft that could not be removed is no failure
        } catch (IOException e) {
          fired++;
          message = Optional.of(e.getMessage());
          assertTrue(e.getMessage().contains("No space left on device at "), e.getMessage());
        }
        disk.fails(SimulatedDisk.NEVER);
        assertEquals(Optional.empty(), notWhole(registry), () -> "as left by a failure at " + first);
        boolean sureOfOld = message.isPresent() && message.get().contains("Nothing has changed");
        act(registry, NOTHING);
        State state = State.of(registry);
        List<State> allowed = sureOfOld ? List.of(states.get(a)) : List.of(states.get(a), states.get(a + 1));
        assertTrue(
            allowed.stream().anyMatch(each -> each.aliases.equals(state.aliases) && each.moves == state.moves),
            "act %d, failure at %d: %s; %s".formatted(a, n, state, message));
        assertTrue(registry.drafts().isEmpty() && !registry.isMovePending());
        if (message.isPresent() && State.of(registry).equals(states.get(a))) {
          act(registry, ACTS.get(a));
          assertEquals(states.get(a + 1), State.of(registry));
        }
      }
    }
    assertTrue(fired > 60, "only " + fired + " failures fired");
  }
}
