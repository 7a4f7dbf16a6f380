package io.stopcast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stopcast.cli.Commands.Answer;
import io.stopcast.model.ModelFile;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.registry.RegistryWriter;
import io.stopcast.registry.RunSet;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.ScoredRun;
import io.stopcast.train.LearnedRecipe;
import io.stopcast.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The verbs of a registry, on one with a champion, the one before and a challenger that was refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelsCommandTest {
  @TempDir private Path temporary;
  private ModelFile first;
  private ModelFile second;
  private ModelFile third;
  private List<ScoredRun> runs;
  private Path root;
  private int folders;

  @BeforeAll
  void train() {
    runs = ScoredRun.of(RecordedRuns.history(3, 6, 1));
    first = model(2);
    second = model(3);
    third = model(4);
  }

  private ModelFile model(int trees) {
    Recipe recipe = new Recipe(trees, 2, 0.3, 0.6, 0.8, 1, 1, 8, Integer.MAX_VALUE, 0.3, 0, 0, 10, 10, 1, 2, 0.5, 0.5, 1);
    return new LearnedRecipe(recipe).train(runs, new double[] {0.1}, Map.of());
  }

  @BeforeEach
  void publish() throws IOException {
    root = temporary.resolve("models" + folders++);
    try (RegistryWriter writer = new ModelRegistry(root).writer()) {
      Map<String, byte[]> few = Map.of(RunSet.FILE, RunSet.of(runs.subList(0, 12)).format());
      Map<String, byte[]> all = Map.of(RunSet.FILE, RunSet.of(runs).format());
      writer.promote(writer.publish(first, "# First\n", Map.of("runs", 12), few, "trained", Map.of()), "passed", Map.of());
      writer.promote(writer.publish(second, "# Second\n", Map.of("runs", 18), all, "trained", Map.of()), "passed", Map.of());
      writer.refuse(writer.publish(third, "# Third\n", Map.of("runs", 18), all, "trained", Map.of()), "worse by 0.02", Map.of());
    }
  }

  private JsonNode json(Object... args) throws IOException {
    Answer answer = Commands.run(args);
    assertEquals(0, answer.exit(), answer.err());
    return new ObjectMapper().readTree(answer.out());
  }

  @Test
  void list_tellsVersionsAliasesAndMoves() throws IOException {
    Answer answer = Commands.run("models", "list", "--models", root);
    List<String> lines = answer.out().lines().toList();
    assertTrue(lines.get(1).startsWith("0001     previous                     "), answer.out());
    assertTrue(lines.get(2).startsWith("0002     champion                     "), answer.out());
    assertTrue(lines.get(3).startsWith("0003     challenger                   "), answer.out());
    assertEquals("   6  refuse 0003: worse by 0.02", lines.get(9));
    JsonNode all = json("models", "list", "--models", root, "--json", "--moves", 1);
    assertEquals("[\"champion\"]", all.at("/versions/1/aliases").toString());
    assertEquals(second.sha256(), all.at("/versions/1/sha256").asText());
    assertEquals("refuse", all.at("/moves/0/event").asText());
  }

  @Test
  void show_tellsWhatItIs_andItsCard() throws IOException {
    Answer answer = Commands.run("models", "show", "--models", root);
    assertTrue(answer.out().startsWith("version              0002\n"), answer.out());
    assertTrue(answer.out().contains("seen_runs            18\n"), answer.out());
    assertEquals("# First\n", Commands.run("models", "show", "previous", "--card", "--models", root).out());
    assertEquals(3, json("models", "show", "0001", "--json", "--models", root).at("/trees").asInt() + 1);
    Answer unknown = Commands.run("models", "show", "0007", "--models", root);
    assertEquals(1, unknown.exit());
    assertTrue(unknown.err().contains("there is no version '0007' in "), unknown.err());
  }

  @Test
  void diff_tellsInWhatTheyDiffer() throws IOException {
    JsonNode differences = json("models", "diff", "previous", "champion", "--json", "--models", root).path("differences");
    assertEquals("[2,3]", differences.path("trees").toString());
    assertEquals("[12,18]", differences.path("seen_runs").toString());
    assertEquals("[0,6]", differences.path("runs that only it has seen").toString());
    assertTrue(differences.path("features").isMissingNode(), differences.toString());
    assertTrue(Commands.run("models", "diff", "0001", "0002", "--models", root).out().contains("\ntrees                                        2 "));
  }

  @Test
  void promote_refusedByTheGate_needsForce() throws IOException {
    Answer refused = Commands.run("models", "promote", "challenger", "--models", root);
    assertEquals(3, refused.exit());
    assertEquals("version 0003 was refused: worse by 0.02. Promote it all the same by --force\n", refused.err());
    Answer forced = Commands.run("models", "promote", "challenger", "--force", "--reason", "we know better", "--models", root);
    assertEquals("version 0003 is the champion in %s; the one before is 0002\n".formatted(root), forced.out());
    JsonNode last = json("models", "list", "--json", "--models", root).at("/moves/6");
    assertEquals("we know better", last.path("reason").asText());
    assertTrue(last.at("/figures/forced").asBoolean());
  }

  @Test
  void rollback_goesBack_andThenThereIsNoMore() throws IOException {
    Answer answer = Commands.run("models", "rollback", "--reason", "it harms", "--models", root);
    assertEquals("version 0001 is the champion in %s; the one before is not known\n".formatted(root), answer.out());
    assertEquals("0001\n", Files.readString(root.resolve("champion")));
    Answer none = Commands.run("models", "rollback", "--models", root);
    assertEquals(1, none.exit());
    assertTrue(none.err().contains("there is no champion before 0001 in "), none.err());
  }

  @Test
  void verify_findsADamagedByte_andPromotesNoSuch() throws IOException {
    assertEquals(
        "3 versions are as their manifests say, and aliases and history are whole\n", Commands.run("models", "verify", "--models", root).out());
    Path card = root.resolve("versions/0001/card.md");
    Files.writeString(card, "# Fist\n");
    Answer answer = Commands.run("models", "verify", "--models", root);
    assertEquals(4, answer.exit());
    assertTrue(answer.out().startsWith("0001/card.md has 7 bytes with sha256 "), answer.out());
    assertEquals(0, Commands.run("models", "verify", "champion", "--models", root).exit());
    assertEquals(1, Commands.run("models", "rollback", "--models", root).exit());
    assertEquals(1, Commands.run("models", "promote", "0001", "--models", root).exit());
  }

  @Test
  void list_oneVersionIsDamaged_tellsTheOthersAllTheSame() throws IOException {
    Path seen = root.resolve("versions/0003/runs.txt");
    Files.writeString(seen, Files.readString(seen).substring(0, 17 * 3));
    Answer answer = Commands.run("models", "list", "--models", root);
    assertEquals(4, answer.exit(), answer.err());
    List<String> lines = answer.out().lines().toList();
    assertTrue(lines.get(2).contains(" " + second.sha256().substring(0, 12)), answer.out());
    assertTrue(
        lines.get(3).startsWith("0003     challenger                     cannot be read: " + seen + " is not what was published: 51 bytes with sha256 "),
        answer.out());
    Answer json = Commands.run("models", "list", "--models", root, "--json");
    assertEquals(4, json.exit());
    assertTrue(new ObjectMapper().readTree(json.out()).at("/versions/2/fault").asText().contains(" is not what was published: "), json.out());
  }

  @Test
  void verbs_noSuchFolder_sayWhatToDo() {
    Answer answer = Commands.run("models", "list", "--models", root.resolve("none"));
    assertEquals(1, answer.exit());
    assertTrue(answer.err().contains("is no folder of models; run './stopcast retrain --models "), answer.err());
  }
}
