package io.stopcast.datasets.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextsTest {
  @Test
  void tokens_words_areSmallAndWithoutMarks() {
    assertEquals(
        List.of("it", "is", "a", "truth", "isn't", "it", "2"), Texts.tokens("It is a TRUTH; isn't it? (2)", 0));
  }

  @Test
  void tokens_characters_runOverTheFramedText() {
    assertEquals(List.of("^to", "to ", "o b", " be", "be$"), Texts.tokens("To be", 3));
  }
}
