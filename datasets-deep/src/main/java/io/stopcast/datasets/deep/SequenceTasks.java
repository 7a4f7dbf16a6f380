package io.stopcast.datasets.deep;

import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tasks whose problems are made on the fly. */
final class SequenceTasks {
  private static final String DIGITS = "0123456789";
  private static final String LETTERS = "abcdefghij";
  private static final String OPENING = "([{";
  private static final String CLOSING = ")]}";
  private static final int MODULUS = 31;
  private static final String RESIDUES =
      IntStream.range(0, MODULUS).mapToObj(i -> Integer.toString(i, MODULUS)).collect(Collectors.joining());
  private static final int LONGEST_CLOSING = 6;
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final int[] ROMAN_VALUES = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
  private static final List<String> ROMAN_DIGITS =
      List.of("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I");

  static final List<SequenceTask> ALL =
      List.of(
          new SequenceTask("copy", LETTERS, 10, 10, random -> text(random, LETTERS, 10), prompt -> prompt),
          new SequenceTask("reverse", LETTERS, 8, 8, random -> text(random, LETTERS, 8), SequenceTasks::reversed),
          new SequenceTask("sort", DIGITS, 8, 8, random -> text(random, DIGITS, 8), SequenceTasks::sorted),
          new SequenceTask("addition", DIGITS + "+", 5, 3, random -> sum(random, 2), prompt -> added(prompt, 3)),
          new SequenceTask(
              "addition-reversed", DIGITS + "+", 7, 4, random -> sum(random, 3), prompt -> reversed(added(prompt, 4))),
          new SequenceTask("addition-3", DIGITS + "+", 7, 4, random -> sum(random, 3), prompt -> added(prompt, 4)),
          new SequenceTask(
              "subtraction", DIGITS + "-", 5, 2, SequenceTasks::difference, SequenceTasks::subtracted),
          new SequenceTask("parity", "01", 10, 1, random -> text(random, "01", 10), SequenceTasks::parity),
          new SequenceTask("brackets", "()ny", 16, 1, random -> brackets(random, 16), SequenceTasks::balanced),
          new SequenceTask(
              "closing", OPENING + CLOSING, 10, LONGEST_CLOSING, SequenceTasks::opened, SequenceTasks::closed),
          new SequenceTask(
              "roman", DIGITS + "IVXLCDM", 3, 12, random -> "" + (1 + random.nextInt(999)), SequenceTasks::roman),
          new SequenceTask(
              "dates", DIGITS + "- abcdefgjlmnoprstuvy", 11, 10, SequenceTasks::date, SequenceTasks::isoDate),
          new SequenceTask("modular", RESIDUES, 2, 1, random -> text(random, RESIDUES, 2), SequenceTasks::modularSum),
          new SequenceTask(
              "counting", "abc" + DIGITS, 9, 3, random -> text(random, "abc", 9), SequenceTasks::counted),
          new SequenceTask(
              "maximum", DIGITS + " ", 11, 2, SequenceTasks::fourNumbers, SequenceTasks::largest));

  private SequenceTasks() {}

  /** The task of that name. */
  static SequenceTask of(String name) {
    return ALL.stream().filter(task -> task.name().equals(name)).findFirst().orElseThrow();
  }

  private static String text(Random random, String alphabet, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static String reversed(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  private static String sorted(String text) {
    return text.chars().sorted().mapToObj(Character::toString).collect(Collectors.joining());
  }

  private static String sum(Random random, int digits) {
    return text(random, DIGITS, digits) + "+" + text(random, DIGITS, digits);
  }

  private static String added(String prompt, int digits) {
    int sum = Stream.of(prompt.split("\\+")).mapToInt(Integer::parseInt).sum();
    return padded(sum, digits);
  }

  private static String difference(Random random) {
    int a = random.nextInt(100);
    int b = random.nextInt(100);
    return padded(Math.max(a, b), 2) + "-" + padded(Math.min(a, b), 2);
  }

  private static String subtracted(String prompt) {
    String[] numbers = prompt.split("-");
    return padded(Integer.parseInt(numbers[0]) - Integer.parseInt(numbers[1]), 2);
  }

  private static String padded(int number, int digits) {
    return ("%0" + digits + "d").formatted(number);
  }

  private static String parity(String bits) {
    return "" + bits.chars().filter(bit -> bit == '1').count() % 2;
  }

  /** Half of them balanced; most of the others but for one bracket that is turned round. */
  private static String brackets(Random random, int length) {
    StringBuilder text = new StringBuilder();
    int depth = 0;
    for (int left = length; left > 0; left--) {
      boolean opens = depth == 0 || depth < left && random.nextBoolean();
      text.append(opens ? '(' : ')');
      depth += opens ? 1 : -1;
    }
    if (random.nextBoolean()) {
      int at = random.nextInt(length);
      text.setCharAt(at, text.charAt(at) == '(' ? ')' : '(');
      int other = random.nextInt(length); // two turned brackets can keep the count right and the order wrong
      text.setCharAt(other, random.nextBoolean() ? '(' : ')');
    }
    return text.toString();
  }

  private static String balanced(String text) {
    int depth = 0;
    for (int i = 0; i < text.length() && depth >= 0; i++) {
      depth += text.charAt(i) == '(' ? 1 : -1;
    }
    return depth == 0 ? "y" : "n";
  }

  /** Well-nested brackets some of which are still open. */
  private static String opened(Random random) {
    while (true) {
      StringBuilder text = new StringBuilder();
      int length = 4 + random.nextInt(7);
      for (int i = 0; i < length; i++) {
        String missing = closed(text.toString());
        text.append(
            missing.isEmpty() || random.nextInt(5) < 3 ? OPENING.charAt(random.nextInt(3)) : missing.charAt(0));
      }
      int missing = closed(text.toString()).length();
      if (missing > 0 && missing <= LONGEST_CLOSING) {
        return text.toString();
      }
    }
  }

  /** The brackets that close what is open, innermost first. */
  private static String closed(String text) {
    StringBuilder missing = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      int kind = OPENING.indexOf(text.charAt(i));
      if (kind >= 0) {
        missing.insert(0, CLOSING.charAt(kind));
      } else {
        missing.deleteCharAt(0);
      }
    }
    return missing.toString();
  }

  private static String roman(String number) {
    StringBuilder roman = new StringBuilder();
    int left = Integer.parseInt(number);
    for (int i = 0; i < ROMAN_VALUES.length; i++) {
      for (; left >= ROMAN_VALUES[i]; left -= ROMAN_VALUES[i]) {
        roman.append(ROMAN_DIGITS.get(i));
      }
    }
    return roman.toString();
  }

  private static String date(Random random) {
    LocalDate date = LocalDate.of(1900, 1, 1).plusDays(random.nextInt(73_000)); // about 200 years
    return date.getDayOfMonth() + " " + MONTHS.get(date.getMonthValue() - 1) + " " + date.getYear();
  }

  private static String isoDate(String spoken) {
    String[] parts = spoken.split(" ");
    int month = MONTHS.indexOf(parts[1]) + 1;
    return LocalDate.of(Integer.parseInt(parts[2]), month, Integer.parseInt(parts[0])).toString();
  }

  private static String modularSum(String prompt) {
    int sum = RESIDUES.indexOf(prompt.charAt(0)) + RESIDUES.indexOf(prompt.charAt(1));
    return "" + RESIDUES.charAt(sum % MODULUS);
  }

  private static String counted(String text) {
    return Stream.of('a', 'b', 'c')
        .map(letter -> "" + text.chars().filter(c -> c == letter).count())
        .collect(Collectors.joining());
  }

  private static String fourNumbers(Random random) {
    return IntStream.range(0, 4).mapToObj(i -> text(random, DIGITS, 2)).collect(Collectors.joining(" "));
  }

  private static String largest(String numbers) {
    return Stream.of(numbers.split(" ")).max(String::compareTo).orElseThrow();
  }
}
