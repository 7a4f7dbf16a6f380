package io.stopcast.policy;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which policy watches which run, as a file that people read and change: YAML, with comments.
 *
 * <pre>
 * keys: optimizer, parameters          # parameters of runs that conditions are about
 * contexts:                            # the first one whose conditions all hold decides
 * - when:
 *     task: mnist/* | cifar10
 *     optimizer: sgd
 *     planned: 100..                   # points; both ends belong to a range
 *   policy: patience(0.2 of plan, min-delta 0.01 of span) not before point 10
 * - when:
 *     parameters: ..1e6
 *   policy: learned(price 0.3)
 * otherwise: learned(price 0.1)
 * </pre>
 *
 * <p>Policies are written as {@link PolicyReader} reads them, conditions as in {@link Condition}: a value, several between {@code |}, or
 * a range. With {@code choose: after 5 points and 0.1 of plan} the choice is made then ({@link Selection}), and conditions may be about
 * the curve: {@code curve.noise.span: ..0.05}. Without it, it is made when the run starts ({@link ByContext}). The same value makes the
 * policy of a live run and of a replay. Immutable; safe for any thread.
 *
 * @param points the choice is made after so many; 0 for at the start
 * @param share and after this share of the plan, where it is known; within 0..1
 * @param keys parameters of runs that conditions may be about; a condition about another one is taken for a mistake
 * @param contexts in the order in which they are looked at
 * @param otherwise the policy for all other runs, as {@link PolicyReader} reads it
 */
public record PolicyFile(long points, double share, Set<String> keys, List<Context> contexts, String otherwise) {
  private static final String AT_START = "at the start";
  private static final Pattern MOMENT = Pattern.compile("after (\\d{1,9}) points?(?: and ([0-9.eE-]+) of plan)?");
  private static final Pattern RANGE = Pattern.compile("([-+0-9.eE]*?)\\.\\.([-+0-9.eE]*)");
  private static final Set<String> WORDS = new TreeSet<>(Set.of("choose", "keys", "contexts", "otherwise"));

  /**
   * One kind of runs and what watches them.
   *
   * @param when all of them hold
   * @param policy as {@link PolicyReader} reads it
   * @param note what the choice rests on, for people; becomes a comment
   * @param line where it stands in the file that it was read from; 0 if in none
   */
  public record Context(List<Condition> when, String policy, String note, int line) {
    public Context {
      when = List.copyOf(when);
      Objects.requireNonNull(policy, "policy");
      Objects.requireNonNull(note, "note");
    }
  }

  public PolicyFile {
    keys = Set.copyOf(keys);
    contexts = List.copyOf(contexts);
    Objects.requireNonNull(otherwise, "otherwise");
    if (contexts.isEmpty()) {
      throw new IllegalArgumentException("there is no context; where one policy serves all runs, no file is needed");
    }
    if (points > 0) {
      Selection.requireMoment(points, share);
    }
    Map<List<Condition>, Integer> seen = new HashMap<>();
    for (int i = 0; i < contexts.size(); i++) {
      Context context = contexts.get(i);
      String where = context.line() > 0 ? "line " + context.line() + ": " : "context " + (i + 1) + ": ";
      for (Condition condition : context.when()) {
        requireKnown(condition, keys, points, where);
      }
      if (context.when().isEmpty()) {
        throw new IllegalArgumentException(where + "a context needs a condition; what holds for all other runs stands behind 'otherwise'");
      }
      Integer before = seen.putIfAbsent(context.when(), i + 1);
      if (before != null) {
        throw new IllegalArgumentException(
            where + "no run comes here, as context " + before + " has the same conditions: " + context.when());
      }
    }
  }

  private static void requireKnown(Condition condition, Set<String> keys, long points, String where) {
    String fact = condition.fact();
    if (points == 0 && !condition.isKnownAtStart()) {
      throw new IllegalArgumentException(
          where + "'" + fact + "' is not known when a run starts; say 'choose: after 5 points' to choose later");
    }
    boolean prefixed = fact.startsWith(Condition.CONTEXT);
    String key = prefixed ? fact.substring(Condition.CONTEXT.length()) : fact;
    if (condition.isKnownAtStart() && !keys.contains(key) && (prefixed || !Condition.FACTS.contains(fact))) {
      throw new IllegalArgumentException(
          "%sthere is no '%s'; every run has some of %s, and the file names %s as further keys. Add it to 'keys:' if it is a parameter of runs"
              .formatted(where, fact, new TreeSet<>(Condition.FACTS), keys.isEmpty() ? "none" : new TreeSet<>(keys)));
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it says what makes no sense; the message names the file and the line
   */
  public static PolicyFile read(Path file) throws IOException {
    try {
      return parse(Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + " is no text in UTF-8", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ", " + e.getMessage(), e);
    }
  }

  /**
   * Reads what a file says.
   *
   * @throws IllegalArgumentException if it makes no sense; the message begins with the line
   */
  public static PolicyFile parse(String text) {
    Outline.Mapping file = Outline.read(text);
    file.entries().forEach((word, node) -> {
      if (!WORDS.contains(word)) {
        throw Outline.wrong(node.line(), "there is no '" + word + "'; a policy file has " + WORDS);
      }
    });
    long points = 0;
    double share = 0;
    Outline.Node choose = file.entries().get("choose");
    if (choose != null) {
      String moment = text(choose, "choose");
      Matcher matcher = MOMENT.matcher(moment);
      if (matcher.matches()) {
        points = Long.parseLong(matcher.group(1));
        share = matcher.group(2) == null ? 0 : number(choose.line(), matcher.group(2));
        inLine(choose.line(), points, share);
      } else if (!moment.equals(AT_START)) {
        throw Outline.wrong(choose.line(), "'choose: " + moment + "' is none of 'at the start', 'after 5 points', 'after 5 points and 0.1 of plan'");
      }
    }
    Set<String> keys = new TreeSet<>();
    Outline.Node named = file.entries().get("keys");
    if (named != null) {
      Arrays.stream(text(named, "keys").split(",")).map(String::strip).filter(key -> !key.isEmpty()).forEach(keys::add);
    }
    Outline.Node otherwise = required(file, "otherwise");
    if (!(required(file, "contexts") instanceof Outline.Items items)) {
      throw Outline.wrong(file.entries().get("contexts").line(), "'contexts' is a list, each item of which begins with '- when:'");
    }
    List<Context> contexts = new ArrayList<>();
    for (Outline.Mapping map : items.maps()) {
      contexts.add(context(map, keys, points));
    }
    return new PolicyFile(points, share, keys, contexts, text(otherwise, "otherwise"));
  }

  private static void inLine(int line, long points, double share) {
    try {
      Selection.requireMoment(points, share);
    } catch (IllegalArgumentException e) {
      throw Outline.wrong(line, e.getMessage());
    }
  }

  private static Outline.Node required(Outline.Mapping map, String word) {
    Outline.Node node = map.entries().get(word);
    if (node == null) {
      throw Outline.wrong(map.line(), "'" + word + "' is missing; there are " + map.entries().keySet());
    }
    return node;
  }

  private static String text(Outline.Node node, String word) {
    if (node instanceof Outline.Scalar scalar) {
      return scalar.text();
    }
    throw Outline.wrong(node.line(), "'" + word + "' needs a text beside it");
  }

  private static Context context(Outline.Mapping map, Set<String> keys, long points) {
    map.entries().forEach((word, node) -> {
      if (!word.equals("when") && !word.equals("policy")) {
        throw Outline.wrong(node.line(), "there is no '" + word + "' in a context; it has 'when' and 'policy'");
      }
    });
    if (!(required(map, "when") instanceof Outline.Mapping when)) {
      throw Outline.wrong(map.line(), "below 'when' stands a condition a line, such as 'task: mnist'");
    }
    List<Condition> conditions = new ArrayList<>();
    when.entries().forEach((fact, node) -> {
      Condition condition = condition(node.line(), fact, text(node, fact));
      requireKnown(condition, keys, points, "line " + node.line() + ": ");
      conditions.add(condition);
    });
    return new Context(conditions, text(required(map, "policy"), "policy"), "", required(map, "policy").line());
  }

  private static Condition condition(int line, String fact, String value) {
    try {
      Matcher range = RANGE.matcher(value);
      return range.matches()
          ? new Condition.Within(
              fact,
              range.group(1).isEmpty() ? Double.NEGATIVE_INFINITY : number(line, range.group(1)),
              range.group(2).isEmpty() ? Double.POSITIVE_INFINITY : number(line, range.group(2)))
          : new Condition.OneOf(fact, List.of(value.split(" \\| ", -1)));
    } catch (IllegalArgumentException e) {
      throw e.getMessage().startsWith("line ") ? e : Outline.wrong(line, e.getMessage());
    }
  }

  private static double number(int line, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw Outline.wrong(line, "'" + text + "' is no number");
    }
  }

  /**
   * Returns the policy that the file describes.
   *
   * @param reader knows the model if the file names {@code learned}
   * @throws IllegalArgumentException if one of the policies makes no sense; the message begins with where it stands
   */
  public StopPolicy policy(PolicyReader reader) {
    List<Case> cases = new ArrayList<>();
    Map<String, StopPolicy> known = new HashMap<>(); // the same words are the same policy, and looked on once
    for (int i = 0; i < contexts.size(); i++) {
      Context context = contexts.get(i);
      String where = context.line() > 0 ? "line " + context.line() : "context " + (i + 1);
      cases.add(new Case(context.when(), known.computeIfAbsent(context.policy(), words -> read(reader, where, words))));
    }
    StopPolicy last = known.computeIfAbsent(otherwise, words -> read(reader, "otherwise", words));
    return points > 0 ? new Selection(cases, last, points, share) : new ByContext(cases, last);
  }

  private static StopPolicy read(PolicyReader reader, String where, String words) {
    try {
      return reader.read(words);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
  }

  /** The file, as {@link #parse} reads it; notes are comments. The same value gives the same text. */
  public String text() {
    StringBuilder text = new StringBuilder("# Which policy watches which run: the first context whose conditions all hold decides.\n");
    if (points > 0) {
      String ofPlan = share > 0 ? " and " + share + " of plan" : "";
      text.append("choose: after ").append(points).append(points == 1 ? " point" : " points").append(ofPlan).append('\n');
    }
    if (!keys.isEmpty()) {
      text.append("keys: ").append(Outline.written(String.join(", ", new TreeSet<>(keys)))).append('\n');
    }
    text.append("contexts:\n");
    for (Context context : contexts) {
      text.append("- when:");
      text.append(context.note().isEmpty() ? "" : "  # " + context.note().replace('\n', ' ')).append('\n');
      for (Condition condition : context.when()) {
        String value = condition.toString().substring(condition.fact().length() + 2);
        text.append("    ").append(Outline.written(condition.fact())).append(": ").append(Outline.written(value)).append('\n');
      }
      text.append("  policy: ").append(Outline.written(context.policy())).append('\n');
    }
    return text.append("otherwise: ").append(Outline.written(otherwise)).append('\n').toString();
  }
}
