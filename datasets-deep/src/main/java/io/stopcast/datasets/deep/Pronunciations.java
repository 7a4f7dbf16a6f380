package io.stopcast.datasets.deep;

import io.stopcast.datasets.table.DebianPackages;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How English words are spoken, by the Carnegie Mellon pronouncing dictionary in the form that Festival has it.
 *
 * <p>Short words without their stress, so that a small network has a chance. A word that is spoken in several ways
 * counts with the first.
 */
final class Pronunciations {
  static final String NAME = "pronunciation";
  static final String PACKAGE = "festlex-cmu";

  private static final String FILE = "usr/share/festival/dicts/cmu/cmudict-0.4.out";
  private static final int SHORTEST = 3;
  private static final int LONGEST = 7;
  /** The task's {@link SequenceTask#length}, known without its data. */
  static final int LENGTH = 2 * LONGEST;

  private static final Pattern ENTRY = Pattern.compile("\\(\"([a-z]+)\" \\S+ \\((.*)\\)\\)");
  private static final Pattern SYLLABLE = Pattern.compile("\\(\\(([a-z ]+)\\) [0-9]\\)");
  private static final char FIRST_PHONEME = '\u00c0'; // any that is no letter of a word
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

  private Pronunciations() {}

  /**
   * Returns the task of pronouncing words.
   *
   * @throws IOException if the package cannot be had or its file is not what it was
   */
  static SequenceTask open(DebianPackages packages) throws IOException {
    return read(packages.root(PACKAGE).resolve(FILE));
  }

  static SequenceTask read(Path file) throws IOException {
    Map<String, List<String>> spoken = new LinkedHashMap<>();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher entry = ENTRY.matcher(line);
        if (entry.matches()) {
          List<String> phonemes = new ArrayList<>();
          Matcher syllable = SYLLABLE.matcher(entry.group(2));
          while (syllable.find()) {
            phonemes.addAll(List.of(syllable.group(1).split(" ")));
          }
          if (isShort(entry.group(1).length()) && isShort(phonemes.size())) {
            spoken.putIfAbsent(entry.group(1), phonemes);
          }
        }
      }
    }
    if (spoken.isEmpty()) {
      throw new IOException("expected lines such as (\"cot\" nil (((k aa t) 1))) in " + file + ", but found none");
    }
    return task(spoken);
  }

  private static boolean isShort(int length) {
    return length >= SHORTEST && length <= LONGEST;
  }

  /** Each phoneme becomes a character of its own. */
  private static SequenceTask task(Map<String, List<String>> spoken) {
    List<String> phonemes = List.copyOf(new TreeSet<>(spoken.values().stream().flatMap(List::stream).toList()));
    StringBuilder alphabet = new StringBuilder(LETTERS);
    for (int i = 0; i < phonemes.size(); i++) {
      alphabet.append(character(i));
    }
    Map<String, String> answers = new LinkedHashMap<>();
    spoken.forEach(
        (word, sounds) -> {
          StringBuilder answer = new StringBuilder();
          sounds.forEach(sound -> answer.append(character(phonemes.indexOf(sound))));
          answers.put(word, answer.toString());
        });
    List<String> words = List.copyOf(answers.keySet());
    return new SequenceTask(
        NAME,
        alphabet.toString(),
        LONGEST,
        LONGEST,
        random -> words.get(random.nextInt(words.size())),
        answers::get);
  }

  private static char character(int phoneme) {
    return (char) (FIRST_PHONEME + phoneme);
  }
}
