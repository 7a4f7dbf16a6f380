package io.stopcast.policy;

import io.stopcast.model.ModelFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes policies out of the words that their {@code toString} writes, as they stand in reports, decisions and policy files.
 *
 * <p>{@code patience(10 steps, min-delta 0.01 of span)}, {@code (prechelt-gl(20.0 %) or budget(cost 1e9)) not before 0.2 of plan}:
 * every rule of this library that is made of numbers and names alone, with {@code or} and {@code and} between parentheses, and all
 * conditions behind. What is read writes itself as it was, but for the form of its numbers. {@code learned(price 0.1)} is the model
 * that {@link #with} brought, at its own threshold for that price, and {@code learned(price 0.1, threshold 0.6)} the same at another
 * one, for tasks with a history and without. Not read are hybrid metrics and fronts, which are made of more than fits a line.
 *
 * <p>Immutable; safe for any thread as far as what brings the model is. For starts of runs, not for steps.
 */
public final class PolicyReader {
  private static final String NUMBER = "[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?";
  private static final String OF_WHAT = "(?: of span| of the value)?";

  /** How a rule is written: a name, and between parentheses words, numbers (X), whole numbers (N), and what may be left out in brackets. */
  private record Form(String written, Pattern pattern, Function<Words, StopPolicy> policy) {
    static Form of(String written, Function<Words, StopPolicy> policy) {
      String regex = written.replaceAll("[()%]", "\\\\$0").replace("[", "(?:").replace("]", ")?");
      for (String[] part :
          new String[][] {
            {"MIN-DELTA", "(min-delta " + NUMBER + OF_WHAT + ")"},
            {"DEVIATION", "(deviation below " + NUMBER + OF_WHAT + ")"},
            {"DROP", "(" + NUMBER + "(?: of best| of span| of noise)?(?:, " + NUMBER + " of that at the end)*)"},
            {"SIGNAL", "([^()]+)"},
          }) {
        regex = regex.replace(part[0], part[1]);
      }
      regex = regex.replaceAll("\\bX\\b", Matcher.quoteReplacement("(" + NUMBER + ")")).replaceAll("\\bN\\b", "(-?\\\\d+)");
      return new Form(written, Pattern.compile(regex), policy);
    }

    String name() {
      return written.split("\\(", 2)[0];
    }

    /** The form as people are told of it. */
    String explained() {
      return written
          .replace("MIN-DELTA", "min-delta X[ of span| of the value]")
          .replace("DEVIATION", "deviation below X[ of span| of the value]")
          .replace("DROP", "X[ of best| of span| of noise][, X of that at the end]");
    }
  }

  /** What stands in the gaps of a form, from left to right. */
  private record Words(Matcher matcher) {
    boolean has(int gap) {
      return matcher.group(gap) != null;
    }

    String text(int gap) {
      return matcher.group(gap);
    }

    double number(int gap) {
      return Double.parseDouble(text(gap));
    }

    int whole(int gap) {
      return Integer.parseInt(text(gap));
    }

    long count(int gap) {
      return Long.parseLong(text(gap));
    }

    MinDelta minDelta(int gap) {
      return has(gap) ? PolicyReader.minDelta(text(gap)) : MinDelta.NONE;
    }
  }

  private static final List<Form> FORMS =
      List.of(
          Form.of("never", w -> StopPolicy.NEVER),
          Form.of("fixed-share(X of plan)", w -> new FixedShare(w.number(1))),
          Form.of("patience(N steps[, MIN-DELTA])", w -> new Patience(w.whole(1), w.minDelta(2))),
          Form.of("patience(X of plan[, MIN-DELTA])", w -> new PatienceShare(w.number(1), w.minDelta(2))),
          Form.of("prechelt-gl(X %)", w -> new GeneralizationLoss(w.number(1))),
          Form.of("prechelt-pq(X, strips of N)", w -> new ProgressQuotient(w.number(1), w.whole(2))),
          Form.of("prechelt-up(N strips of N)", w -> new SuccessiveIncreases(w.whole(1), w.whole(2))),
          Form.of("moving-average(N rounds, tolerance X)", w -> new MovingAverage(w.whole(1), w.number(2))),
          Form.of("drop(X of span, N in a row)", w -> new RelativeDrop(w.number(1), w.whole(2))),
          Form.of("reduction(DROP, N in a row)", w -> new ReductionThreshold(drop(w.text(1)), w.whole(2))),
          Form.of("inc-to-dec(p X, wait N)", w -> new IncToDec(w.number(1), w.whole(2))),
          Form.of("wilcoxon(p X, wait N)", w -> new Wilcoxon(w.number(1), w.whole(2))),
          Form.of("power-law(X of gain)", w -> new PowerLaw(w.number(1))),
          Form.of("plateau(N points, DEVIATION)", w -> new Plateau(w.whole(1), w.minDelta(2))),
          Form.of("budget(cost X)", w -> Budget.ofCost(w.number(1))),
          Form.of("budget(N points)", w -> Budget.ofPoints(w.count(1))),
          Form.of("budget(cost X, N points)", w -> new Budget(w.number(1), w.count(2))),
          Form.of("target(X)", w -> Target.reached(w.number(1))),
          Form.of("target(beyond X)", w -> Target.beyond(w.number(1))),
          Form.of("out-of-reach(X, rate over N points)", w -> new OutOfReach(w.number(1), w.whole(2))),
          Form.of("divergence(X)", w -> new Divergence(w.number(1))),
          Form.of("non-finite(N in a row)", w -> new NonFinite(w.whole(1))),
          Form.of("limit(SIGNAL X)", w -> new SignalLimit(w.text(1), w.number(2))),
          Form.of(
              "keras(patience N, min-delta X[, baseline X][, from epoch N])",
              w ->
                  new KerasEarlyStopping(
                      w.whole(1), w.number(2), w.has(3) ? w.number(3) : Double.NaN, w.has(4) ? w.count(4) : 0)),
          Form.of("lightning(patience N, min-delta X)", w -> new LightningEarlyStopping(w.whole(1), w.number(2))),
          Form.of("transformers(patience N, threshold X)", w -> new TransformersEarlyStopping(w.whole(1), w.number(2))),
          Form.of("boosting(rounds N, min-delta X)", w -> new BoostingEarlyStopping(w.whole(1), w.number(2))),
          Form.of("dl4j(epochs N, min-improvement X)", w -> new Dl4jScoreImprovement(w.whole(1), w.number(2))));

  private static final String LEARNED = "learned(price X[, threshold X])";
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]+");

  /** A condition behind a policy; with the policy that it is of, it makes another one. */
  private record Suffix(Form form, BiFunction<StopPolicy, Words, StopPolicy> policy) {
    static Suffix of(String written, BiFunction<StopPolicy, Words, StopPolicy> policy) {
      return new Suffix(Form.of(written, words -> StopPolicy.NEVER), policy);
    }
  }

  private static final List<Suffix> SUFFIXES =
      List.of(
          Suffix.of(" not before point N", (policy, w) -> policy.notBefore(w.count(1))),
          Suffix.of(" not before cost X", (policy, w) -> policy.notBeforeCost(w.number(1))),
          Suffix.of(" not before X of plan", (policy, w) -> policy.notBeforeShare(w.number(1))),
          Suffix.of(" unless below X", (policy, w) -> policy.unlessBelow(w.number(1))),
          Suffix.of(
              " with probability X of runs (seed N)",
              (policy, w) -> Stochastic.of(policy, w.number(1), w.count(2))),
          Suffix.of(
              " with probability X at each step (seed N)",
              (policy, w) -> Stochastic.eachStep(policy, w.number(1), w.count(2))));

  private final DoubleFunction<? extends StopPolicy> learned;
  private final List<Form> forms;

  /** Knows the rules alone: {@code learned(...)} has no model to ask. */
  public PolicyReader() {
    this(
        price -> {
          throw new IllegalArgumentException("'learned' needs a model, and none was given to read this with");
        });
  }

  private PolicyReader(DoubleFunction<? extends StopPolicy> learned) {
    this.learned = learned;
    this.forms = Stream.concat(FORMS.stream(), Stream.of(Form.of(LEARNED, this::learned))).toList();
  }

  /** Knows as well what was learned, by the policy for a price; only a {@link LearnedPolicy} has a threshold to be set. */
  public PolicyReader with(DoubleFunction<? extends StopPolicy> model) {
    return new PolicyReader(Objects.requireNonNull(model, "model"));
  }

  /** Knows the model of this file as well. */
  public PolicyReader with(ModelFile file) {
    return with(price -> LearnedPolicy.of(file, price));
  }

  private StopPolicy learned(Words words) {
    double price = words.number(1);
    if (!(price > 0) || Double.isInfinite(price)) {
      throw new IllegalArgumentException("the price must be positive, such as 0.1, but was " + price);
    }
    StopPolicy policy = learned.apply(price);
    if (!words.has(2)) {
      return policy;
    }
    if (policy instanceof LearnedPolicy model) {
      return model.withThreshold(words.number(2));
    }
    throw new IllegalArgumentException("what was learned here has no threshold: " + policy);
  }

  /**
   * Returns the policy that is written.
   *
   * @throws IllegalArgumentException with what is wrong where, and how it would be right
   */
  public StopPolicy read(String text) {
    Reading reading = new Reading(text.strip());
    StopPolicy policy = reading.policy();
    if (!reading.isDone()) {
      throw reading.wrong("here only " + String.join(", ", SUFFIXES.stream().map(s -> s.form().explained().strip()).toList())
          + " may follow, and policies that are joined by 'or' or 'and' stand between parentheses");
    }
    return policy;
  }

  private final class Reading {
    private final String text;
    private int at;

    Reading(String text) {
      this.text = text;
    }

    boolean isDone() {
      return at == text.length();
    }

    StopPolicy policy() {
      StopPolicy policy = text.startsWith("(", at) ? joined() : rule();
      boolean more = true;
      while (more) {
        more = false;
        for (Suffix suffix : SUFFIXES) {
          Matcher matcher = suffix.form().pattern().matcher(text).region(at, text.length());
          if (matcher.lookingAt()) {
            StopPolicy inner = policy;
            policy = made(() -> suffix.policy().apply(inner, new Words(matcher)));
            at = matcher.end();
            more = true;
            break;
          }
        }
      }
      return policy;
    }

    private StopPolicy joined() {
      at++;
      StopPolicy first = policy();
      boolean or = text.startsWith(" or ", at);
      if (!or && !text.startsWith(" and ", at)) {
        throw wrong("between parentheses two policies are joined by 'or' or 'and'");
      }
      at += or ? 4 : 5;
      StopPolicy second = policy();
      if (!text.startsWith(")", at)) {
        throw wrong("')' is missing; three policies are joined as ((a or b) or c)");
      }
      at++;
      return or ? first.or(second) : first.and(second);
    }

    private StopPolicy rule() {
      Matcher name = NAME.matcher(text).region(at, text.length());
      String named = name.lookingAt() ? name.group() : "";
      List<Form> ofName = new ArrayList<>();
      for (Form form : forms) {
        if (form.name().equals(named)) {
          ofName.add(form);
        }
      }
      if (ofName.isEmpty()) {
        throw wrong("there is no such rule; there are " + forms.stream().map(Form::name).distinct().toList());
      }
      for (Form form : ofName) {
        Matcher matcher = form.pattern().matcher(text).region(at, text.length());
        if (matcher.lookingAt()) {
          StopPolicy policy = made(() -> form.policy().apply(new Words(matcher)));
          at = matcher.end();
          return policy;
        }
      }
      throw wrong("it is written " + String.join(" or ", ofName.stream().map(Form::explained).toList()));
    }

    private StopPolicy made(Supplier<StopPolicy> policy) {
      try {
        return policy.get();
      } catch (NumberFormatException e) {
        throw wrong("a number is too large");
      } catch (IllegalArgumentException e) {
        throw wrong(e.getMessage());
      }
    }

    IllegalArgumentException wrong(String why) {
      String rest = text.substring(at);
      String where = at == 0 || rest.isEmpty() ? "" : " at '" + rest + "'";
      return new IllegalArgumentException(text.isEmpty() ? "there is no policy" : "'" + text + "'" + where + ": " + why);
    }
  }

  private static MinDelta minDelta(String text) {
    String[] words = text.replace("deviation below", "min-delta").split(" ", 3);
    double by = Double.parseDouble(words[1]);
    String ofWhat = words.length < 3 ? "" : words[2];
    return switch (ofWhat) {
      case "of span" -> MinDelta.ofSpan(by);
      case "of the value" -> MinDelta.relative(by);
      default -> MinDelta.absolute(by);
    };
  }

  private static Drop drop(String text) {
    String[] parts = text.split(", ");
    String[] words = parts[0].split(" ", 2);
    double by = Double.parseDouble(words[0]);
    Drop drop =
        switch (words.length < 2 ? "" : words[1]) {
          case "of best" -> Drop.relative(by);
          case "of span" -> Drop.ofSpan(by);
          case "of noise" -> Drop.ofNoise(by);
          default -> Drop.absolute(by);
        };
    for (int i = 1; i < parts.length; i++) {
      drop = drop.tightening(Double.parseDouble(parts[i].split(" ")[0]));
    }
    return drop;
  }
}
