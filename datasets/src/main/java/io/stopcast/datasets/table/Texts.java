package io.stopcast.datasets.table;

import io.stopcast.datasets.rdata.RFiles;
import io.stopcast.datasets.rdata.RTable;
import io.stopcast.datasets.table.TableSource.Question;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts as tables: a column counts the words, or the runs of a few characters, that one bucket of a hash function
 * takes.
 */
final class Texts {
  static final List<TableSource> TABLES =
      List.of(
          text("food-reviews", "r-cran-modeldata", Question.LOGLOSS, Texts::foodReviews),
          text("novel-by-characters", "r-cran-janeaustenr", Question.LOGLOSS, Texts::novelByCharacters),
          text("novel-by-words", "r-cran-janeaustenr", Question.ACCURACY, Texts::novelByWords),
          text("place-in-novel", "r-cran-janeaustenr", Question.RMSE, Texts::placeInNovel),
          text("syllables", "festlex-cmu", Question.ACCURACY, Texts::syllables),
          text("year-of-artwork", "r-cran-modeldata", Question.RMSE, Texts::yearOfArtwork));

  private static final int WORD_BUCKETS = 1024;
  private static final int CHARACTER_BUCKETS = 512;
  /** More would only fill memory: a run trains on 3,000 at most. */
  private static final int MAX_TEXTS = 6000;
  private static final String MODELDATA = "usr/lib/R/site-library/modeldata/data/Rdata";
  private static final String AUSTEN = "usr/lib/R/site-library/janeaustenr/data/Rdata";
  private static final List<String> NOVELS =
      List.of("emma", "mansfieldpark", "northangerabbey", "persuasion", "prideprejudice", "sensesensibility");
  private static final String PRONUNCIATIONS = "usr/share/festival/dicts/cmu/cmudict-0.4.out";
  /** {@code ("aachen" nil (((aa) 1) ((k ax n) 0)))}: each syllable ends with its stress. */
  private static final Pattern ENTRY = Pattern.compile("\\(\"([a-z]{3,})\" \\S+ \\((.*)\\)\\)");

  private static final Pattern STRESS = Pattern.compile("\\) [0-9]\\)");

  private Texts() {}

  /** What is asked of texts. */
  private record Corpus(List<String> texts, double[] targets, int classes) {
    /** The words or the runs of characters of each text, counted by bucket. */
    Table words(TableSource source) {
      return table(source, WORD_BUCKETS, 0);
    }

    Table characters(TableSource source, int length) {
      return table(source, CHARACTER_BUCKETS, length);
    }

    private Table table(TableSource source, int buckets, int length) {
      int[] order = Seeds.permutation(texts.size(), Seeds.random(1, "texts of " + source.name()));
      int count = Math.min(MAX_TEXTS, order.length);
      double[][] features = new double[count][buckets];
      double[] kept = new double[count];
      for (int i = 0; i < count; i++) {
        for (String token : tokens(texts.get(order[i]), length)) {
          features[i][(int) Long.remainderUnsigned(Seeds.of(0, token), buckets)]++;
        }
        kept[i] = targets[order[i]];
      }
      return new Table(source, features, kept, classes);
    }
  }

  private static TableSource text(String name, String debianPackage, Question question, TableSource.Reader reader) {
    return new TableSource(name, debianPackage, question, reader);
  }

  /** The text's words in small letters or, for a positive length, its runs of that many characters. */
  static List<String> tokens(String text, int length) {
    List<String> tokens = new ArrayList<>();
    String lower = text.toLowerCase(Locale.ROOT);
    if (length > 0) {
      String framed = "^" + lower + "$";
      for (int i = 0; i + length <= framed.length(); i++) {
        tokens.add(framed.substring(i, i + length));
      }
      return tokens;
    }
    for (String word : lower.split("[^a-z0-9']+")) {
      if (!word.isEmpty()) {
        tokens.add(word);
      }
    }
    return tokens;
  }

  private static Table foodReviews(TableSource source, Path root) throws IOException {
    List<String> texts = new ArrayList<>();
    List<Double> targets = new ArrayList<>();
    for (String name : List.of("training_data", "testing_data")) {
      RTable table = RFiles.readLazy(root.resolve(MODELDATA), name);
      texts.addAll(texts(table, "review"));
      for (double value : column(table, "score").values()) {
        targets.add(value);
      }
    }
    return new Corpus(texts, toArray(targets), 2).words(source);
  }

  private static Table yearOfArtwork(TableSource source, Path root) throws IOException {
    RTable table = RFiles.readLazy(root.resolve(MODELDATA), "tate_text");
    List<String> titles = texts(table, "title");
    List<String> media = texts(table, "medium");
    double[] years = column(table, "year").values();
    List<String> texts = new ArrayList<>();
    List<Double> targets = new ArrayList<>();
    for (int i = 0; i < years.length; i++) {
      if (!Double.isNaN(years[i])) {
        texts.add(titles.get(i) + " " + media.get(i));
        targets.add(years[i]);
      }
    }
    return new Corpus(texts, toArray(targets), 0).words(source);
  }

  private static Table novelByWords(TableSource source, Path root) throws IOException {
    return novels(root, NOVELS, 6).words(source);
  }

  private static Table novelByCharacters(TableSource source, Path root) throws IOException {
    return novels(root, List.of("emma", "mansfieldpark"), 2).characters(source, 3);
  }

  private static Corpus novels(Path root, List<String> names, int lines) throws IOException {
    List<String> texts = new ArrayList<>();
    List<Double> targets = new ArrayList<>();
    for (int novel = 0; novel < names.size(); novel++) {
      for (String passage : passages(root, names.get(novel), lines)) {
        texts.add(passage);
        targets.add((double) novel);
      }
    }
    return new Corpus(texts, toArray(targets), names.size());
  }

  private static Table placeInNovel(TableSource source, Path root) throws IOException {
    List<String> texts = new ArrayList<>();
    List<Double> targets = new ArrayList<>();
    for (String novel : NOVELS) {
      List<String> passages = passages(root, novel, 10);
      for (int i = 0; i < passages.size(); i++) {
        texts.add(passages.get(i));
        targets.add((double) i / passages.size());
      }
    }
    return new Corpus(texts, toArray(targets), 0).words(source);
  }

  /** Neighbouring lines of a novel, empty ones left out, joined. */
  private static List<String> passages(Path root, String novel, int lines) throws IOException {
    List<String> full =
        texts(RFiles.readLazy(root.resolve(AUSTEN), novel), "V").stream().filter(line -> !line.isBlank()).toList();
    List<String> passages = new ArrayList<>();
    for (int i = 0; i + lines <= full.size(); i += lines) {
      passages.add(String.join(" ", full.subList(i, i + lines)));
    }
    return passages;
  }

  /** How many syllables a word has, 1 to 5, from how it is spelt. */
  private static Table syllables(TableSource source, Path root) throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    for (String line : Files.readAllLines(root.resolve(PRONUNCIATIONS), StandardCharsets.ISO_8859_1)) {
      Matcher entry = ENTRY.matcher(line);
      if (entry.matches()) {
        int count = (int) STRESS.matcher(entry.group(2)).results().count();
        if (count >= 1 && count <= 5) {
          counts.putIfAbsent(entry.group(1), count - 1);
        }
      }
    }
    double[] targets = counts.values().stream().mapToDouble(Integer::doubleValue).toArray();
    return new Corpus(new ArrayList<>(counts.keySet()), targets, 5).characters(source, 2);
  }

  private static List<String> texts(RTable table, String name) throws IOException {
    RTable.Column column = column(table, name);
    List<String> texts = new ArrayList<>();
    for (double value : column.values()) {
      texts.add(Double.isNaN(value) ? "" : column.levels().get((int) value));
    }
    return texts;
  }

  private static RTable.Column column(RTable table, String name) throws IOException {
    for (RTable.Column column : table.columns()) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    throw new IOException(
        "expected a column '%s', but there are %s"
            .formatted(name, table.columns().stream().map(RTable.Column::name).toList()));
  }

  private static double[] toArray(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
