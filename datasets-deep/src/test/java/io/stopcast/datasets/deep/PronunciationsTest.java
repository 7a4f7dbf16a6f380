package io.stopcast.datasets.deep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PronunciationsTest {
  @TempDir private Path folder;

  @Test
  void read_takesShortWordsWithTheirFirstSounds() throws IOException {
    Path file = folder.resolve("dictionary");
    Files.writeString(
        file,
        """
        MNCL
        ("AWOL" n (((ey) 1) ((w ao l) 0)))
        ("cota" nil (((k ow) 1) ((t ax) 0)))
        ("cota" nil (((t ow) 1) ((t ax) 0)))
        ("cot" n (((k aa t) 1)))
        ("oh" nil (((ow) 1)))
        """);

    SequenceTask task = Pronunciations.read(file);

    // Sounds in order: aa, ax, k, ow, t.
    assertEquals("\u00c2\u00c3\u00c4\u00c1", task.answers().apply("cota"));
    assertEquals("\u00c2\u00c0\u00c4", task.answers().apply("cot"));
    assertEquals(26 + 5, task.alphabet().length());
    assertEquals(Pronunciations.LENGTH, task.length());
  }

  @Test
  void read_otherFile_saysWhatWasExpected() throws IOException {
    Path file = Files.writeString(folder.resolve("dictionary"), "cot k aa t\n");

    IOException failure = assertThrows(IOException.class, () -> Pronunciations.read(file));

    assertEquals(
        "expected lines such as (\"cot\" nil (((k aa t) 1))) in " + file + ", but found none", failure.getMessage());
  }
}
