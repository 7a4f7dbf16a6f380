package io.stopcast.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void toString_numbersToTheRight_textToTheLeft() {
    assertEquals(
        """
        name        n          x
        a           7     0.1235
        b?    1000000      12346
        c          -1          -
        d           0     0.0000
        e           0  5.000e-08
        """,
        new TextTable("name", "n", "x")
            .row("a", 7, 0.12345678)
            .row("b\u001b", 1_000_000, 12345.678)
            .row("c", -1, Double.NaN)
            .row("d", 0, 0.0)
            .row("e", 0, 5e-8)
            .toString());
  }

  @Test
  void row_wrongNumberOfValues_isRefused() {
    assertEquals(
        "the table has 2 columns [a, b], but the row 1 values [x]",
        assertThrows(IllegalArgumentException.class, () -> new TextTable("a", "b").row("x")).getMessage());
  }
}
