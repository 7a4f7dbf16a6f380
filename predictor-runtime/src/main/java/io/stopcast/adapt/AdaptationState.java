package io.stopcast.adapt;

import io.stopcast.run.RunContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an {@link Adaptation} has learned so far, and what it gave to runs that have not ended yet. Immutable.
 *
 * <p>As text, one tab-separated line each, so that a person can read it and a program tell what changed:
 *
 * <pre>
 * stopcast-adaptation 1
 * terms      price 0.1, families by source
 * candidate  patience(10 steps)
 * runs       12 learned  3 hidden
 * family     taskset  12 runs  weight  gap  a loss for each candidate
 * given      task  run  family  candidate  leader  exempt  a chance for each candidate
 * sha256     of all lines before
 * </pre>
 *
 * Sums are discounted; a loss over the weight is the mean loss of that candidate. Of a run that was given something it is remembered
 * until it has ended, of {@value #MOST_GIVEN} runs at most: of more, what the oldest were given is forgotten, and nothing is learned from
 * them.
 */
public final class AdaptationState {
  /** Of how many runs that have not ended it is known what they were given. */
  public static final int MOST_GIVEN = 10_000;

  private static final int MOST_FAMILIES = 10_000;
  private static final String FIRST_LINE = "stopcast-adaptation";
  private static final int VERSION = 1;

  private final String terms;
  private final List<String> candidates;
  private final long learned;
  private final long hidden;
  private final Map<String, Tally> families;
  private final Map<List<String>, Choice> given;

  private AdaptationState(
      String terms,
      List<String> candidates,
      long learned,
      long hidden,
      Map<String, Tally> families,
      Map<List<String>, Choice> given) {
    this.terms = terms;
    this.candidates = List.copyOf(candidates);
    this.learned = learned;
    this.hidden = hidden;
    this.families = Collections.unmodifiableMap(families);
    this.given = Collections.unmodifiableMap(given);
  }

  static AdaptationState none(Adaptation adaptation) {
    List<String> names = adaptation.candidates().stream().map(Candidate::name).toList();
    return new AdaptationState(adaptation.terms(), names, 0, 0, new TreeMap<>(), new LinkedHashMap<>());
  }

  /** From how many runs was learned. */
  public long learned() {
    return learned;
  }

  /** How many runs have ended without showing any loss. */
  public long hidden() {
    return hidden;
  }

  /** How many runs were given something and have not ended yet. */
  public int given() {
    return given.size();
  }

  /** The families of which something is known, in the order of their names. */
  public List<String> families() {
    return List.copyOf(families.keySet());
  }

  /** The discounted mean loss of each candidate in a family, in their order; NaN where nothing is known. */
  public double[] meanLosses(String family) {
    Tally own = own(family);
    return Arrays.stream(own.losses()).map(loss -> loss / own.weight()).toArray();
  }

  void requireOf(Adaptation adaptation) {
    List<String> names = adaptation.candidates().stream().map(Candidate::name).toList();
    if (!names.equals(candidates) || !terms.equals(adaptation.terms())) {
      throw new IllegalArgumentException(
          "the state is one of %s of %s, but the adaptation has %s of %s; start anew and learn again from recorded runs"
              .formatted(candidates, terms, names, adaptation.terms()));
    }
  }

  Tally own(String family) {
    return families.getOrDefault(family, Tally.none(candidates.size()));
  }

  /** What is known of a family with what it borrows from all others. */
  Tally known(String family, double borrowed) {
    Map<String, Tally> others = new TreeMap<>(families);
    others.remove(family);
    return own(family).borrowing(others.values(), borrowed);
  }

  AdaptationState with(String family, Tally tally) {
    Map<String, Tally> more = new TreeMap<>(families);
    more.put(family, tally);
    if (more.size() > MOST_FAMILIES) {
      throw new IllegalArgumentException(
          "there are more than %d families, the last '%s'; group runs by what more of them share".formatted(MOST_FAMILIES, family));
    }
    return new AdaptationState(terms, candidates, learned + 1, hidden, more, given);
  }

  /** One run more has ended without showing any loss. */
  public AdaptationState withHidden() {
    return new AdaptationState(terms, candidates, learned, hidden + 1, families, given);
  }

  /** What a run was given, if it is known and has not ended. The source of a run, which an import may set, does not count. */
  public Optional<Choice> given(RunContext run) {
    return Optional.ofNullable(given.get(key(run)));
  }

  /** The same, remembering what a run was given. */
  public AdaptationState giving(RunContext run, Choice choice) {
    Map<List<String>, Choice> more = new LinkedHashMap<>(given);
    more.put(key(run), choice);
    if (more.size() > MOST_GIVEN) {
      more.remove(more.keySet().iterator().next());
    }
    return new AdaptationState(terms, candidates, learned, hidden, families, more);
  }

  /** The same after a run has ended. */
  public AdaptationState ended(RunContext run) {
    Map<List<String>, Choice> fewer = new LinkedHashMap<>(given);
    fewer.remove(key(run));
    return new AdaptationState(terms, candidates, learned, hidden, families, fewer);
  }

  private static List<String> key(RunContext run) {
    return List.of(run.task(), run.run());
  }

  /** As text, from which {@link #parse} gives an equal state. */
  public String format() {
    StringBuilder text = new StringBuilder();
    line(text, FIRST_LINE + " " + VERSION);
    line(text, "terms", terms);
    candidates.forEach(name -> line(text, "candidate", name));
    line(text, "runs", learned + " learned", hidden + " hidden");
    families.forEach(
        (name, tally) -> {
          List<String> fields = new ArrayList<>(List.of("family", name, tally.runs() + " runs", tally.weight() + "", tally.gap() + ""));
          Arrays.stream(tally.losses()).forEach(loss -> fields.add(Double.toString(loss)));
          line(text, fields.toArray(String[]::new));
        });
    given.forEach(
        (run, choice) -> {
          List<String> fields = new ArrayList<>(List.of("given", run.get(0), run.get(1), choice.family()));
          fields.addAll(List.of(choice.candidate() + "", choice.leader() + "", choice.exempt() + ""));
          Arrays.stream(choice.chances()).forEach(chance -> fields.add(Double.toString(chance)));
          line(text, fields.toArray(String[]::new));
        });
    line(text, "sha256", sha256(text.toString()));
    return text.toString();
  }

  /** The first 16 digits of the SHA-256 of the text: what an audit calls this state. */
  public String digest() {
    return sha256(format()).substring(0, 16);
  }

  /**
   * Reads what {@link #format} wrote.
   *
   * @throws AdaptationStateException if it is anything else, be it by one character
   */
  public static AdaptationState parse(String text) throws AdaptationStateException {
    int last = text.lastIndexOf("sha256\t");
    String first = text.lines().findFirst().orElse("");
    if (!first.startsWith(FIRST_LINE + " ")) {
      throw new AdaptationStateException("the text is no state of an adaptation: it does not begin with '" + FIRST_LINE + "'");
    }
    if (!first.equals(FIRST_LINE + " " + VERSION)) {
      throw new AdaptationStateException(
          "the state is of version '%s', but this runtime reads %d; read it with the runtime that wrote it"
              .formatted(first.substring(FIRST_LINE.length() + 1), VERSION));
    }
    if (last < 0 || !text.substring(last).equals("sha256\t" + sha256(text.substring(0, last)) + "\n")) {
      throw new AdaptationStateException(
          "the state is damaged: its checksum, in the last line, is not that of the lines before; take an older copy, or start anew");
    }
    try {
      return new Reading(text.substring(0, last).lines().skip(1).toList()).state();
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new AdaptationStateException("the state has the checksum that it should have, but cannot be read: " + e.getMessage(), e);
    }
  }

  private static final class Reading {
    private final List<String> candidates = new ArrayList<>();
    private final Map<String, Tally> families = new TreeMap<>();
    private final Map<List<String>, Choice> given = new LinkedHashMap<>();
    private String terms = "";
    private long learned;
    private long hidden;

    Reading(List<String> lines) {
      for (String line : lines) {
        List<String> fields = Arrays.stream(line.split("\t", -1)).map(AdaptationState::unescaped).toList();
        switch (fields.get(0)) {
          case "terms" -> terms = fields.get(1);
          case "candidate" -> candidates.add(fields.get(1));
          case "runs" -> {
            learned = Long.parseLong(before(fields.get(1), " learned"));
            hidden = Long.parseLong(before(fields.get(2), " hidden"));
          }
          case "family" ->
              families.put(
                  fields.get(1),
                  new Tally(
                      Long.parseLong(before(fields.get(2), " runs")),
                      Double.parseDouble(fields.get(3)),
                      numbers(fields, 5),
                      Double.parseDouble(fields.get(4))));
          case "given" -> {
            int candidate = index(fields.get(4), -1);
            int leader = index(fields.get(5), 0);
            double exempt = Double.parseDouble(fields.get(6));
            given.put(List.of(fields.get(1), fields.get(2)), new Choice(fields.get(3), candidate, leader, numbers(fields, 7), exempt));
          }
          default -> throw new IllegalArgumentException("nobody knows a line of '" + fields.get(0) + "'");
        }
      }
    }

    private int index(String digits, int least) {
      int index = Integer.parseInt(digits);
      if (index < least || index >= candidates.size()) {
        throw new IllegalArgumentException("there is no candidate " + index);
      }
      return index;
    }

    private double[] numbers(List<String> fields, int from) {
      if (fields.size() - from != candidates.size()) {
        throw new IllegalArgumentException(
            "a %s needs %d numbers, one for each candidate, but has %d".formatted(fields.get(0), candidates.size(), fields.size() - from));
      }
      return fields.subList(from, fields.size()).stream().mapToDouble(Double::parseDouble).toArray();
    }

    AdaptationState state() {
      return new AdaptationState(terms, candidates, learned, hidden, families, given);
    }
  }

  private static String before(String text, String end) {
    if (!text.endsWith(end)) {
      throw new IllegalArgumentException("'" + text + "' should end with '" + end + "'");
    }
    return text.substring(0, text.length() - end.length());
  }

  private static void line(StringBuilder text, String... fields) {
    for (int i = 0; i < fields.length; i++) {
      text.append(i == 0 ? "" : "\t").append(escaped(fields[i]));
    }
    text.append('\n');
  }

  /** Names may hold anything; a line holds no tab, no line break of any kind, and nothing that no encoding has. */
  private static String escaped(String field) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      boolean isPlain = c >= ' ' && c < 0x7f && c != '\\';
      text.append(isPlain ? String.valueOf(c) : "\\u%04x".formatted((int) c));
    }
    return text.toString();
  }

  private static String unescaped(String field) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      if (field.charAt(i) == '\\') {
        text.append((char) Integer.parseInt(field, i + 2, i + 6, 16));
        i += 5;
      } else {
        text.append(field.charAt(i));
      }
    }
    return text.toString();
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AdaptationState state && format().equals(state.format());
  }

  @Override
  public int hashCode() {
    return format().hashCode();
  }

  @Override
  public String toString() {
    return "%d runs learned from, %d hidden, %d families".formatted(learned, hidden, families.size());
  }
}
