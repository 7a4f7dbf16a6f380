package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFileTest {
  private static final String TEXT =
      """
      # by hand
      keys: optimizer, parameters, seeded
      contexts:
      - when:
          task: mnist/* | cifar10   # either
          optimizer: sgd
          planned: 100..
        policy: patience(0.2 of plan, min-delta 0.01 of span) not before point 10
      - when:
          parameters: 1e3..1e6
        policy: "prechelt-gl(5 %)"
      -   when:
              seeded: true
          policy: never
      - when:
          goal: 'min'
        policy: patience(3 steps)
      otherwise: fixed-share(0.5 of plan)
      """;

  private static RunContext run(String task, Map<String, Object> parameters, long planned) {
    Horizon horizon = planned > 0 ? Horizon.ofPoints(planned) : Horizon.UNKNOWN;
    return new RunContext("lab", task, "r1", Objective.maximize("em"), horizon, "epochs", parameters);
  }

  @ParameterizedTest(name = "{0} {1} {2} of {3} points: {4}")
  @CsvSource({
    "mnist/mlp, sgd,  5,    100, 'patience(0.2 of plan, min-delta 0.01 of span) not before point 10'",
    "cifar10,   sgd,  5,    200, 'patience(0.2 of plan, min-delta 0.01 of span) not before point 10'",
    "cifar10,   sgd,  5,     99, fixed-share(0.5 of plan)",
    "cifar10,   sgd,  5,      0, fixed-share(0.5 of plan)",
    "cifar100,  sgd,  1000, 200, prechelt-gl(5.0 %)",
    "mnist/mlp, adam, 1e6,  100, prechelt-gl(5.0 %)",
    "mnist/mlp, adam, 1e7,  100, fixed-share(0.5 of plan)",
  })
  void policy_firstContextThatFits_watches(String task, String optimizer, double size, long planned, String expected) {
    ByContext policy = (ByContext) PolicyFile.parse(TEXT).policy(new PolicyReader());
    RunContext run = run(task, Map.of("optimizer", optimizer, "parameters", size), planned);
    assertEquals(expected, policy.policyFor(run).toString());
  }

  @Test
  void policy_otherKindsOfFacts_areCompared() {
    ByContext policy = (ByContext) PolicyFile.parse(TEXT).policy(new PolicyReader());
    assertEquals(StopPolicy.NEVER, policy.policyFor(run("x", Map.of("seeded", true), 0)));
    assertEquals(new PatienceShare(.2, MinDelta.ofSpan(.01)).notBefore(10), policy.cases().get(0).policy());
    assertEquals(new Patience(3), policy.policyFor(RunContext.of(Objective.minimize("loss"))));
    assertEquals(new FixedShare(.5), policy.policyFor(run("x", Map.of("parameters", "many"), 0)));
  }

  @Test
  void text_readAgain_isTheSameFile() {
    String odd = "it's 50 % | # \"of\" * \\ 1..2: ü\n";
    PolicyFile file =
        new PolicyFile(
            5, .1, Set.of("b", "a", "task"),
            List.of(
                new PolicyFile.Context(
                    List.of(Condition.OneOf.exactly("a", odd), Condition.OneOf.exactly("context.task", "1..2"), new Condition.OneOf("task", List.of("*x", "y"))),
                    "never", "12 runs", 0),
                new PolicyFile.Context(
                    List.of(new Condition.Within("curve.noise.span", Double.NEGATIVE_INFINITY, .1), new Condition.Within("planned", 3, 30)),
                    "prechelt-gl(20.0 %)", "", 0)),
            "(never or patience(3 steps))");
    PolicyFile again = PolicyFile.parse(file.text());
    assertEquals(file.text(), again.text().replace("- when:\n    a:", "- when:  # 12 runs\n    a:"));
    assertEquals(file.policy(new PolicyReader()), again.policy(new PolicyReader()));
    assertEquals(file.keys(), again.keys());
    ByContext atStart =
        new ByContext(List.of(new Case(List.of(again.contexts().get(0).when().get(0)), StopPolicy.NEVER)), new Patience(3));
    assertEquals(StopPolicy.NEVER, atStart.policyFor(run("t", Map.of("a", odd), 0)));
    assertEquals(new Patience(3), atStart.policyFor(run("t", Map.of("a", odd.replace("*", "some")), 0)));
  }

  @Test
  void parse_chooseLater_isASelection() {
    PolicyFile file =
        PolicyFile.parse(
            """
            choose: after 5 points and 0.1 of plan
            contexts:
            - when:
                curve.noise.span: 0.05..
              policy: never
            otherwise: patience(3 steps)
            """);
    assertEquals(
        new Selection(
            List.of(new Case(List.of(new Condition.Within("curve.noise.span", .05, Double.POSITIVE_INFINITY)), StopPolicy.NEVER)),
            new Patience(3), 5, .1),
        file.policy(new PolicyReader()));
  }

  private static final String HEAD = "contexts:\n- when:\n    task: a\n  policy: never\n";

  @ParameterizedTest(name = "{1}")
  @CsvSource(delimiter = '~', textBlock = """
      '' ~ line 1: there is nothing but comments and empty lines
      otherwise: never ~ line 1: 'contexts' is missing; there are [otherwise]
      HEAD ~ line 1: 'otherwise' is missing; there are [contexts]
      contexts: a^otherwise: never ~ line 1: 'contexts' is a list, each item of which begins with '- when:'
      contexts:^otherwise: never ~ line 1: 'contexts:' has no value
      HEADotherwise: never^else: b ~ line 6: there is no 'else'; a policy file has [choose, contexts, keys, otherwise]
      HEADotherwise: never^otherwise: never ~ line 6: 'otherwise' stands in line 5 already
      HEAD- when:^    optimzer: a^  policy: never^otherwise: never ~ line 6: there is no 'optimzer'; every run has some of [cost_unit, \
      goal, metric, planned, planned_cost, source, task], and the file names none as further keys. Add it to 'keys:' if it is a parameter of runs
      keys: optimizer^HEAD- when:^    context.goal: a^  policy: never^otherwise: never ~ line 7: there is no 'context.goal'; every run has \
      some of [cost_unit, goal, metric, planned, planned_cost, source, task], and the file names [optimizer] as further keys. Add it to \
      'keys:' if it is a parameter of runs
      HEAD- when:^    planned: 9..3^  policy: never^otherwise: never ~ line 6: 'planned' cannot lie within 9.0..3.0: the lower end comes first
      HEAD- when:^    planned: ..^  policy: never^otherwise: never ~ line 6: a range of 'planned' needs at least one end
      HEAD- when:^    planned: 1.1.1..3^  policy: never^otherwise: never ~ line 6: '1.1.1' is no number
      HEAD- when:^    curve.noise.span: 0..3^  policy: never^otherwise: never ~ line 6: 'curve.noise.span' is not known when a run starts; \
      say 'choose: after 5 points' to choose later
      HEAD- when:^    curve.noise.span: high^  policy: never^otherwise: never ~ line 6: 'curve.noise.span' is a number that hardly comes twice: \
      give a range, such as 0.1..0.5
      HEAD- when:^    task: a^  policy: patience(3 steps)^otherwise: never ~ line 7: no run comes here, as context 1 has the same conditions: [task: a]
      HEAD- when:^    task: *a^  policy: never^otherwise: never ~ line 6: YAML takes a text that begins with '*' for something else: put quotes around *a
      HEAD- when:^    task: a: b^  policy: never^otherwise: never ~ line 6: YAML takes ': ' for the end of a key: put quotes around a: b
      HEAD- when:^    task: 'a^  policy: never^otherwise: never ~ line 6: 'a lacks its closing quote
      HEAD- when: a^  policy: never^otherwise: never ~ line 5: below 'when' stands a condition a line, such as 'task: mnist'
      HEAD- when:^    task: b^otherwise: never ~ line 5: 'policy' is missing; there are [when]
      HEAD- when:^    task: b^  polcy: never^otherwise: never ~ line 7: there is no 'polcy' in a context; it has 'when' and 'policy'
      HEAD  more: never^otherwise: never ~ line 5: there is no 'more' in a context; it has 'when' and 'policy'
      HEAD   more: never^otherwise: never ~ line 5: 'more: never' is indented more than the line before it, or continues it
      choose: later^HEADotherwise: never ~ line 1: 'choose: later' is none of 'at the start', 'after 5 points', 'after 5 points and 0.1 of plan'
      choose: after 0 points^HEADotherwise: never ~ line 1: a policy is chosen after at least 1 point, but was to be after 0
      choose: after 2 points and 2 of plan^HEADotherwise: never ~ line 1: a policy is chosen after a share of the plan within 0..1, but was to be after 2.0
      ---  ~ line 1: '---' is no 'key: value'
      """)
  void parse_nonsense_saysWhatInWhichLine(String text, String message) {
    String lines = text.replace('^', '\n').replace("HEAD", HEAD).strip();
    assertEquals(message, assertThrows(IllegalArgumentException.class, () -> PolicyFile.parse(lines)).getMessage());
  }

  @Test
  void policy_nonsense_saysWhatInWhichLine() {
    PolicyFile file = PolicyFile.parse(HEAD.replace("never", "patience(3 steps) with probability 0 of runs (seed 1)") + "otherwise: never");
    assertEquals(
        "line 4: 'patience(3 steps) with probability 0 of runs (seed 1)' at ' with probability 0 of runs (seed 1)': the probability of"
            + " carrying out a stop must be above 0 and at most 1, but was 0.0",
        assertThrows(IllegalArgumentException.class, () -> file.policy(new PolicyReader())).getMessage());
  }

  @Test
  void read_readmesExample_isAFile() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    String section = readme.substring(readme.indexOf("\n**Other policies for other runs**"));
    String yaml = section.substring(section.indexOf("```yaml\n") + 8, section.indexOf("\n```\n") + 1);
    PolicyReader reader = new PolicyReader().with(price -> new FixedShare(price));
    ByContext policy = (ByContext) PolicyFile.parse(yaml).policy(reader);
    assertEquals(new PatienceShare(.2, MinDelta.ofSpan(.01)).notBefore(10), policy.policyFor(run("mnist/mlp", Map.of("optimizer", "sgd"), 100)));
    assertEquals(new FixedShare(.1), policy.policyFor(run("mnist/mlp", Map.of("optimizer", "sgd"), 99)));
  }

  @Test
  void read_file_namesItInWhatIsWrong(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("policies.yaml");
    Files.writeString(file, TEXT);
    assertEquals(PolicyFile.parse(TEXT), PolicyFile.read(file));
    Files.writeString(file, "contexts: a\n\totherwise: never\n");
    assertEquals(
        file + ", line 2: lines are indented by spaces, not by tabs",
        assertThrows(IllegalArgumentException.class, () -> PolicyFile.read(file)).getMessage());
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertEquals(file + " is no text in UTF-8", assertThrows(IllegalArgumentException.class, () -> PolicyFile.read(file)).getMessage());
  }
}
