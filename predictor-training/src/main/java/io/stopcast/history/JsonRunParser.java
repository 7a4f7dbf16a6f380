package io.stopcast.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.stopcast.run.Direction;
import io.stopcast.run.End;
import io.stopcast.run.Exemption;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One run from one line of JSON in the canonical form.
 *
 * <p>Strict: a missing or unknown key, a key twice, a value of the wrong kind, steps or costs that go back, anything
 * after the object. Bare {@code NaN} and {@code Infinity}, as Python writes them, are read as values. Values named in
 * {@code labels}, and all whose names start with {@code test_}, become labels unless they are the objective.
 *
 * <p>Keys that come twice are found here, not by Jackson, which would look at each step's names anew. Not safe for several
 * threads: it shares the lists of names between steps.
 */
final class JsonRunParser {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(64)
                  .maxNumberLength(64)
                  .maxStringLength(64 << 10)
                  .maxNameLength(1 << 10)
                  .maxDocumentLength(Lines.LONGEST)
                  .build())
          .build();

  private final Map<List<String>, List<String>> sharedNames = new HashMap<>();
  private final Values values = new Values();

  /** What a line says, before it is known which of its values are labels. */
  private static final class Draft {
    String source;
    String task;
    String run;
    final Map<String, Object> parameters = new TreeMap<>();
    Objective objective;
    End end;
    long planned;
    double plannedCost = Double.NaN;
    String costUnit;
    final Set<String> labels = new HashSet<>();
    Exempt exempt;
    List<RawStep> steps;
  }

  private record Exempt(long step, double propensity) {}

  private record RawStep(long index, double cost, String[] names, double[] values) {}

  Run parse(byte[] bytes, int length) throws IOException {
    try (JsonParser in = JSON.createParser(bytes, 0, length)) {
      expect(in.nextToken(), JsonToken.START_OBJECT, in, "a run as a JSON object");
      Draft draft = new Draft();
      Set<String> keys = new HashSet<>();
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String key = in.currentName();
        requireNew(in, keys, key);
        in.nextToken();
        readField(in, key, draft);
      }
      if (in.nextToken() != null) {
        throw fault(in, "expected nothing after the run's closing brace, found " + describe(in));
      }
      return build(draft);
    } catch (JsonParseException e) {
      throw new Fault("not JSON at column %d: %s".formatted(e.getLocation().getColumnNr(), e.getOriginalMessage()));
    }
  }

  private void readField(JsonParser in, String key, Draft draft) throws IOException {
    switch (key) {
      case "source" -> draft.source = text(in, key);
      case "task" -> draft.task = text(in, key);
      case "run" -> draft.run = text(in, key);
      case "context" -> readContext(in, draft.parameters);
      case "objective" -> draft.objective = readObjective(in);
      case "end" -> draft.end = readEnd(in);
      case "planned" -> draft.planned = isNull(in) ? 0 : positive(in, key, whole(in, key));
      case "planned_cost" -> draft.plannedCost = isNull(in) ? Double.NaN : positive(in, key, number(in, key));
      case "cost_unit" -> draft.costUnit = text(in, key);
      case "labels" -> readLabels(in, draft.labels);
      case "exempt" -> draft.exempt = readExempt(in);
      case "steps" -> draft.steps = readSteps(in);
      default ->
          throw fault(
              in,
              ("unknown key %s; a run has source, task, run, context, objective, end, planned, planned_cost, cost_unit,"
                      + " labels, exempt, steps")
                  .formatted(Quoted.of(key)));
    }
  }

  private static void readContext(JsonParser in, Map<String, Object> parameters) throws IOException {
    expect(in.currentToken(), JsonToken.START_OBJECT, in, "'context' as an object");
    Set<String> keys = new HashSet<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String key = in.currentName();
      requireNew(in, keys, key);
      switch (in.nextToken()) {
        case VALUE_STRING -> parameters.put(key, in.getText());
        case VALUE_TRUE, VALUE_FALSE -> parameters.put(key, in.getBooleanValue());
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parameters.put(key, number(in, key));
        case VALUE_NULL -> {} // not known
        default ->
            throw fault(in, "expected a scalar for context key %s, found %s".formatted(Quoted.of(key), describe(in)));
      }
    }
  }

  private static Objective readObjective(JsonParser in) throws IOException {
    expect(in.currentToken(), JsonToken.START_OBJECT, in, "'objective' as an object");
    String name = null;
    Direction direction = null;
    Set<String> keys = new HashSet<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String key = in.currentName();
      requireNew(in, keys, key);
      in.nextToken();
      switch (key) {
        case "name" -> name = text(in, "objective.name");
        case "goal" ->
            direction =
                switch (text(in, "objective.goal")) {
                  case "max" -> Direction.MAXIMIZE;
                  case "min" -> Direction.MINIMIZE;
                  default -> throw fault(in, "expected objective.goal 'max' or 'min', found " + describe(in));
                };
        default -> throw fault(in, "unknown key %s in 'objective'; it has name and goal".formatted(Quoted.of(key)));
      }
    }
    if (name == null || name.isEmpty() || direction == null) {
      throw fault(in, "expected 'objective' to have a name and a goal");
    }
    return new Objective(name, direction);
  }

  private static Exempt readExempt(JsonParser in) throws IOException {
    expect(in.currentToken(), JsonToken.START_OBJECT, in, "'exempt' as an object");
    Long step = null;
    Double propensity = null;
    Set<String> keys = new HashSet<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String key = in.currentName();
      requireNew(in, keys, key);
      in.nextToken();
      switch (key) {
        case "step" -> step = whole(in, "exempt.step");
        case "propensity" -> propensity = number(in, "exempt.propensity");
        default -> throw fault(in, "unknown key %s in 'exempt'; it has step and propensity".formatted(Quoted.of(key)));
      }
    }
    if (step == null || propensity == null) {
      throw fault(in, "expected 'exempt' to have a step and a propensity");
    }
    return new Exempt(step, propensity);
  }

  private static End readEnd(JsonParser in) throws IOException {
    String text = text(in, "end");
    for (End end : End.values()) {
      if (text.equals(end.word())) {
        return end;
      }
    }
    throw fault(
        in,
        "expected 'end' to be one of %s, found %s"
            .formatted(Arrays.stream(End.values()).map(End::word).toList(), Quoted.of(text)));
  }

  private static void readLabels(JsonParser in, Set<String> labels) throws IOException {
    expect(in.currentToken(), JsonToken.START_ARRAY, in, "'labels' as an array of names");
    while (in.nextToken() != JsonToken.END_ARRAY) {
      labels.add(text(in, "labels"));
    }
  }

  private static void requireNew(JsonParser in, Set<String> keys, String key) throws Fault {
    if (!keys.add(key)) {
      throw twice(in, key);
    }
  }

  private static Fault twice(JsonParser in, String key) {
    return fault(in, "Duplicate field " + Quoted.of(key));
  }

  private List<RawStep> readSteps(JsonParser in) throws IOException {
    expect(in.currentToken(), JsonToken.START_ARRAY, in, "'steps' as an array");
    List<RawStep> steps = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      RawStep step = readStep(in, steps.size() + 1);
      if (!steps.isEmpty()) {
        RawStep before = steps.get(steps.size() - 1);
        if (step.index <= before.index) {
          throw fault(in, "steps must increase, but step %d follows step %d".formatted(step.index, before.index));
        }
        if (step.cost < before.cost) {
          throw fault(
              in,
              "'cost' is cumulative and must not fall, but is %s at step %d after %s"
                  .formatted(step.cost, step.index, before.cost));
        }
      }
      steps.add(step);
    }
    return steps;
  }

  private RawStep readStep(JsonParser in, int ordinal) throws IOException {
    expect(in.currentToken(), JsonToken.START_OBJECT, in, "an object as entry " + ordinal + " of 'steps'");
    long index = 0;
    double cost = Double.NaN;
    boolean hasIndex = false;
    boolean hasValues = false;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String key = in.currentName();
      in.nextToken();
      switch (key) {
        case "step" -> {
          if (hasIndex) {
            throw twice(in, key);
          }
          index = whole(in, "step");
          hasIndex = true;
        }
        case "cost" -> {
          if (!Double.isNaN(cost)) {
            throw twice(in, key);
          }
          cost = number(in, "cost");
          if (!(cost >= 0) || Double.isInfinite(cost)) {
            throw fault(in, "expected a finite 'cost' of at least 0, found " + describe(in));
          }
        }
        case "values" -> {
          if (hasValues) {
            throw twice(in, key);
          }
          expect(in.currentToken(), JsonToken.START_OBJECT, in, "'values' as an object");
          values.read(in);
          hasValues = true;
        }
        default -> throw fault(in, "unknown key %s in a step; it has step, cost, values".formatted(Quoted.of(key)));
      }
    }
    if (!hasIndex || Double.isNaN(cost) || !hasValues) {
      throw fault(in, "expected entry %d of 'steps' to have step, cost and values".formatted(ordinal));
    }
    return new RawStep(index, cost, values.names(), values.values());
  }

  /** The values of one step. Most steps report what the one before did: these share one array of names. */
  private static final class Values {
    /** From so many names on, a set finds those that come twice. */
    private static final int MANY = 16;

    private final Set<String> seen = new HashSet<>();
    private String[] names = new String[8];
    private double[] values = new double[8];
    private int length;
    private String[] last = {};

    void read(JsonParser in) throws IOException {
      length = 0;
      seen.clear();
      boolean asBefore = true;
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String name = in.currentName();
        // What is as in the step before was told apart there.
        asBefore = asBefore && length < last.length && name.equals(last[length]);
        if (!asBefore && isTwice(name)) {
          throw twice(in, name);
        }
        in.nextToken();
        add(name, number(in, name));
      }
      if (!asBefore || length != last.length) {
        last = Arrays.copyOf(names, length);
      }
    }

    private boolean isTwice(String name) {
      if (length < MANY) {
        for (int i = 0; i < length; i++) {
          if (name.equals(names[i])) {
            return true;
          }
        }
        return false;
      }
      if (seen.isEmpty()) {
        seen.addAll(Arrays.asList(names).subList(0, length));
      }
      return !seen.add(name);
    }

    private void add(String name, double value) {
      if (length == names.length) {
        names = Arrays.copyOf(names, 2 * length);
        values = Arrays.copyOf(values, 2 * length);
      }
      names[length] = name;
      values[length++] = value;
    }

    String[] names() {
      return last;
    }

    double[] values() {
      return Arrays.copyOf(values, length);
    }
  }

  private Run build(Draft draft) throws Fault {
    require(draft.source, "source");
    require(draft.task, "task");
    require(draft.run, "run");
    require(draft.objective, "objective");
    require(draft.end, "end");
    require(draft.costUnit, "cost_unit");
    require(draft.steps, "steps");
    List<Step> steps = new ArrayList<>(draft.steps.size());
    Map<String, double[]> labels = new HashMap<>();
    String[] last = null;
    List<String> shared = List.of();
    boolean hasLabels = false;
    for (int t = 0; t < draft.steps.size(); t++) {
      RawStep raw = draft.steps.get(t);
      if (raw.names != last) {
        last = raw.names;
        List<String> signals = Arrays.stream(last).filter(name -> !isLabel(name, draft)).toList();
        hasLabels = signals.size() < last.length;
        shared = sharedNames.computeIfAbsent(signals, List::copyOf);
      }
      double[] signals = raw.values;
      if (hasLabels) {
        signals = new double[shared.size()];
        int n = 0;
        for (int i = 0; i < last.length; i++) {
          if (isLabel(last[i], draft)) {
            labels.computeIfAbsent(last[i], name -> nans(draft.steps.size()))[t] = raw.values[i];
          } else {
            signals[n++] = raw.values[i];
          }
        }
      }
      steps.add(Step.of(raw.index, raw.cost, shared, signals));
    }
    RunContext context =
        new RunContext(
            draft.source,
            draft.task,
            draft.run,
            draft.objective,
            new Horizon(draft.planned, draft.plannedCost),
            draft.costUnit,
            draft.parameters);
    return new Run(context, steps, labels, draft.end, exemption(draft));
  }

  private static Optional<Exemption> exemption(Draft draft) throws Fault {
    Exempt exempt = draft.exempt;
    if (exempt == null) {
      return Optional.empty();
    }
    if (!(exempt.propensity > 0 && exempt.propensity < 1)) {
      throw new Fault(
          "expected 'exempt.propensity' of run %s, how probable it was that it went on, to be above 0 and below 1, found %s; leave 'exempt' out of a run that nothing would have stopped"
              .formatted(Quoted.of(draft.run), exempt.propensity));
    }
    if (draft.steps.stream().noneMatch(step -> step.index == exempt.step)) {
      throw new Fault(
          "expected 'exempt.step' of run %s to be one of its steps, at which it would have been stopped, found %d"
              .formatted(Quoted.of(draft.run), exempt.step));
    }
    return Optional.of(new Exemption(exempt.step, exempt.propensity));
  }

  private static boolean isLabel(String name, Draft draft) {
    return (name.startsWith("test_") || draft.labels.contains(name)) && !name.equals(draft.objective.metric());
  }

  private static double[] nans(int n) {
    double[] all = new double[n];
    Arrays.fill(all, Double.NaN);
    return all;
  }

  private static void require(Object value, String key) throws Fault {
    if (value == null) {
      throw new Fault("the run has no '%s', which every run needs".formatted(key));
    }
  }

  private static String text(JsonParser in, String key) throws IOException {
    expect(in.currentToken(), JsonToken.VALUE_STRING, in, "text for '" + key + "'");
    return in.getText();
  }

  private static long whole(JsonParser in, String key) throws IOException {
    if (in.currentToken() != JsonToken.VALUE_NUMBER_INT || in.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw fault(in, "expected a whole number of at most 64 bits for '%s', found %s".formatted(key, describe(in)));
    }
    return in.getLongValue();
  }

  private static double number(JsonParser in, String key) throws IOException {
    if (!in.currentToken().isNumeric()) {
      throw fault(in, "expected a number for %s, found %s".formatted(Quoted.of(key), describe(in)));
    }
    double value = in.getDoubleValue();
    if (Double.isInfinite(value) && !in.getText().contains("Inf")) {
      throw fault(in, "the number for %s is too large: %s".formatted(Quoted.of(key), Quoted.of(in.getText())));
    }
    return value;
  }

  /** Python's None: not known. */
  private static boolean isNull(JsonParser in) {
    return in.currentToken() == JsonToken.VALUE_NULL;
  }

  private static long positive(JsonParser in, String key, long value) throws Fault {
    if (value < 1) {
      throw fault(in, "expected '%s' to be at least 1, found %d; leave it out if unknown".formatted(key, value));
    }
    return value;
  }

  private static double positive(JsonParser in, String key, double value) throws Fault {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw fault(in, "expected '%s' to be positive, found %s; leave it out if unknown".formatted(key, value));
    }
    return value;
  }

  private static void expect(JsonToken found, JsonToken wanted, JsonParser in, String what) throws IOException {
    if (found != wanted) {
      throw fault(in, "expected %s, found %s".formatted(what, describe(in)));
    }
  }

  private static String describe(JsonParser in) throws IOException {
    JsonToken token = in.currentToken();
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      default -> Quoted.of(in.getText());
    };
  }

  private static Fault fault(JsonParser in, String message) {
    return new Fault("column %d: %s".formatted(in.currentTokenLocation().getColumnNr(), message));
  }

  /** What is wrong with a line; the reader adds which line. */
  static final class Fault extends IOException {
    private static final long serialVersionUID = 1L;

    Fault(String message) {
      super(message);
    }
  }
}
