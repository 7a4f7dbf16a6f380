package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.ImportException;
import io.stopcast.run.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WandbReaderTest {
  private static final Proto RUN =
      new Proto().text(1, "abc").text(3, "digits").text(8, "calm-sea-1").message(17, new Proto().varint(1, 1700000000).varint(2, 500000000));

  private final LogReader reader = new WandbReader();
  @TempDir Path temp;
  private Path wandb;
  private Path file;

  @BeforeEach
  void makeFolder() throws IOException {
    wandb = temp.resolve("wandb");
    file = Files.createDirectories(wandb.resolve("offline-run-20240131_120000-abc")).resolve("run-abc.wandb");
  }

  private CollectedLogs read(WandbBytes records) throws IOException {
    Files.write(file, records.toBytes());
    return CollectedLogs.of(reader, file);
  }

  @Test
  void read_history_keepsStepTimeAndValue() throws IOException {
    CollectedLogs logs =
        read(
            new WandbBytes()
                .run(RUN)
                .history(0, "_timestamp", "1.7000000012500000e+09", "_runtime", "1.25", "_step", "0", "loss", "0.12345678901234567")
                .history(7, "_timestamp", "1700000002", "_runtime", "2", "_step", "7", "loss", "NaN", "acc", "\"-Infinity\"")
                .exit(0));
    assertEquals(List.of("digits | abc"), List.copyOf(logs.runs.keySet()));
    CollectedLogs.Collected run = logs.only();
    assertEquals(
        List.of(
            new CollectedLogs.Value("_runtime", 0, 1700000001250L, 1.25),
            new CollectedLogs.Value("loss", 0, 1700000001250L, 0.12345678901234567),
            new CollectedLogs.Value("_runtime", 7, 1700000002000L, 2),
            new CollectedLogs.Value("loss", 7, 1700000002000L, Double.NaN),
            new CollectedLogs.Value("acc", 7, 1700000002000L, Double.NEGATIVE_INFINITY)),
        run.values);
    assertEquals("_runtime in seconds", run.cost);
    assertEquals(End.COMPLETED, run.end);
    assertEquals(Instant.parse("2023-11-14T22:13:20.500Z"), run.started);
    assertEquals(Map.of("display_name", "calm-sea-1"), run.parameters);
    assertEquals(List.of(), logs.skipped);
    assertEquals(List.of(), logs.repaired);
  }

  @Test
  void read_nestedKeysOfEveryClient_areJoined() throws IOException {
    Proto nested = new Proto().text(2, "val").text(2, "top").text(2, "acc").text(16, "0.5");
    Proto plain = new Proto().text(1, "loss").text(16, "3");
    Proto object = new Proto().text(1, "gen").text(16, "{\"x\": 1, \"y\": {\"z\": 2.5, \"t\": \"text\"}}");
    Proto typed = new Proto().text(2, "count").varint(5, 13);
    Proto typedNumber = new Proto().text(2, "share").float64(6, 0.1);
    Proto oldStep = new Proto().text(1, "_step").text(16, "4");
    Proto history = new Proto();
    for (Proto item : List.of(nested, plain, object, typed, typedNumber, oldStep)) {
      history.message(1, item);
    }
    CollectedLogs logs = read(new WandbBytes().run(RUN).record(new Proto().message(2, history)));
    assertEquals(
        List.of("val.top.acc 4 0.5", "loss 4 3.0", "gen.x 4 1.0", "gen.y.z 4 2.5", "count 4 -7.0", "share 4 0.1"),
        logs.only().values.stream().map(v -> v.metric() + " " + v.step() + " " + v.value()).toList());
  }

  @Test
  void read_mediaTextsAndBooleans_areNoMetrics() throws IOException {
    CollectedLogs logs =
        read(
            new WandbBytes()
                .run(RUN)
                .history(
                    1, "image", "{\"_type\": \"image-file\", \"width\": 3}", "note", "\"good\"", "ok", "true", "list", "[1,2]", "none", "null",
                    "loss", "1"));
    assertEquals(List.of("loss"), logs.only().metrics());
    assertEquals(List.of(), logs.skipped);
  }

  @Test
  void read_configuration_isParameters() throws IOException {
    Proto config =
        new Proto()
            .message(1, new Proto().text(1, "lr").text(16, "0.1"))
            .message(1, new Proto().text(1, "opt").text(16, "{\"name\": \"adam\", \"betas\": [0.9, 0.99], \"deep\": {\"er\": true}}"))
            .message(1, new Proto().text(1, "_wandb").text(16, "{\"version\": 1}"))
            .message(1, new Proto().text(1, "nothing").text(16, "null"));
    Proto later = new Proto().message(1, new Proto().text(2, "data").text(2, "size").text(16, "60000"));
    CollectedLogs logs = read(new WandbBytes().run(new Proto().text(1, "abc").text(3, "p").message(4, config)).record(new Proto().message(5, later)));
    assertEquals(
        Map.of("lr", 0.1, "opt.name", "adam", "opt.betas", "[0.9,0.99]", "opt.deep.er", true, "data.size", 60000L), logs.only().parameters);
  }

  @ParameterizedTest(name = "exit {0} -> {1}")
  @CsvSource({"0, COMPLETED", "1, CRASHED", "255, CRASHED"})
  void read_exit_isHowItEnded(int code, End end) throws IOException {
    assertEquals(end, read(new WandbBytes().run(RUN).exit(code)).only().end);
  }

  @Test
  void read_noExit_isTruncated() throws IOException {
    assertEquals(End.TRUNCATED, read(new WandbBytes().run(RUN).history(1, "loss", "1")).only().end);
  }

  @Test
  void read_metricDefinitions_nameTheObjective() throws IOException {
    Proto minimized = new Proto().text(1, "val/loss").varint(8, 1);
    Proto largest = new Proto().text(1, "acc").message(7, new Proto().varint(2, 1));
    Proto smallest = new Proto().text(1, "loss").message(7, new Proto().varint(1, 1));
    assertEquals("val/loss MINIMIZE", definitions(largest, minimized));
    assertEquals("acc MAXIMIZE", definitions(largest));
    assertEquals(null, definitions(largest, smallest), "two summaries do not tell by which the run is judged");
  }

  private String definitions(Proto... metrics) throws IOException {
    WandbBytes records = new WandbBytes().run(RUN);
    for (Proto metric : metrics) {
      records.record(new Proto().message(12, metric));
    }
    return read(records).only().objective;
  }

  @Test
  void read_recordOverSeveralBlocks_isPutTogether() throws IOException {
    String text = "\"" + "x".repeat(100_000) + "\"";
    CollectedLogs logs = read(new WandbBytes().run(RUN).history(1, "text", text, "loss", "1").history(2, "loss", "2"));
    assertEquals(List.of("1=1.0", "2=2.0"), logs.only().curve("loss"));
    assertEquals(List.of(), logs.skipped);
  }

  @Test
  void read_everyOffsetOfABlocksEnd_keepsAll() throws IOException {
    for (int pad = WandbRecords.BLOCK - 40; pad < WandbRecords.BLOCK; pad++) {
      WandbBytes records = new WandbBytes().run(RUN);
      records.record(new Proto().bytes(4, new byte[pad - records.size()])).history(1, "loss", "1").history(2, "loss", "2");
      CollectedLogs logs = read(records);
      assertEquals(List.of("1=1.0", "2=2.0"), logs.only().curve("loss"), "padded to " + pad);
      assertEquals(List.of(), logs.skipped);
    }
  }

  @Test
  void read_truncatedTail_keepsWhatCameBefore() throws IOException {
    WandbBytes records = new WandbBytes().run(RUN).history(1, "loss", "1");
    int kept = records.size();
    byte[] whole = records.history(2, "loss", "2").toBytes();
    for (int size = kept + 1; size < whole.length; size++) {
      Files.write(file, Arrays.copyOf(whole, size));
      CollectedLogs logs = CollectedLogs.of(reader, file);
      assertEquals(List.of("1=1.0"), logs.only().curve("loss"));
      assertEquals(List.of(file + " at byte " + kept + ": the last record is cut off; 2 records before it were kept"), logs.repaired);
      assertEquals(List.of(), logs.skipped);
    }
  }

  @Test
  void read_badChecksum_losesTheRestOfTheBlockOnly() throws IOException {
    WandbBytes records = new WandbBytes().run(RUN).history(1, "loss", "1");
    int damaged = records.size();
    records.history(2, "loss", "2").history(3, "loss", "3");
    records.record(new Proto().bytes(4, new byte[2 * WandbRecords.BLOCK])).history(4, "loss", "4");
    byte[] bytes = records.toBytes();
    bytes[damaged + 10] ^= 1;
    Files.write(file, bytes);
    CollectedLogs logs = CollectedLogs.of(reader, file);
    assertEquals(List.of("1=1.0", "4=4.0"), logs.only().curve("loss"));
    assertEquals(1, logs.skipped.size());
    assertTrue(logs.skipped.get(0).startsWith(file + " record 3 at byte " + damaged + ": its data do not fit"), logs.skipped.get(0));
  }

  @Test
  void read_emptyFile_isToldAndNoRun() throws IOException {
    Files.write(file, new byte[0]);
    CollectedLogs logs = CollectedLogs.of(reader, file);
    assertEquals(Map.of(), logs.runs);
    assertEquals(List.of(file + ": an empty file; the run logged nothing before it ended"), logs.skipped);
  }

  @Test
  void read_otherFile_isRefused() throws IOException {
    Files.writeString(file, "something else");
    ImportException refusal = assertThrows(ImportException.class, () -> CollectedLogs.of(reader, file));
    assertTrue(refusal.getMessage().startsWith(file + " at byte 0: expected the header :W&B"), refusal.getMessage());
  }

  @Test
  void read_folderOfRuns_joinsARunThatWasResumed() throws IOException {
    Files.write(file, new WandbBytes().run(RUN).history(1, "loss", "1").history(2, "loss", "2").toBytes());
    Path again = Files.createDirectories(wandb.resolve("offline-run-20240201_090000-abc")).resolve("run-abc.wandb");
    Proto resumed = new Proto().text(1, "abc").text(3, "digits").varint(14, 2).varint(18, 1);
    Files.write(again, new WandbBytes().run(resumed).history(2, "loss", "5").exit(0).toBytes());
    Path broken = Files.createDirectories(wandb.resolve("run-20240202_090000-xyz")).resolve("run-xyz.wandb");
    Files.writeString(broken, "broken file");
    assertTrue(reader.recognizes(LogPlace.of(wandb)));
    CollectedLogs logs = CollectedLogs.of(reader, wandb);
    assertEquals(List.of("1=1.0", "2=2.0", "2=5.0"), logs.only().curve("loss"));
    assertEquals(List.of("2 after 2"), logs.only().restarts);
    assertEquals(End.COMPLETED, logs.only().end);
    assertEquals(1, logs.skipped.size());
  }

  @Test
  void recognizes_byContentAndByName() throws IOException {
    Path renamed = temp.resolve("renamed.bin");
    Files.write(renamed, new WandbBytes().toBytes());
    assertTrue(reader.recognizes(LogPlace.of(renamed)));
    Files.writeString(renamed, "other");
    assertFalse(reader.recognizes(LogPlace.of(renamed)));
    assertFalse(reader.recognizes(LogPlace.of(temp)));
  }

  @Test
  void read_anyBytes_neverThrowsAnythingElse() throws Exception {
    Proto config = new Proto().message(1, new Proto().text(1, "o").text(16, "{\"n\": \"adam\", \"b\": [0.9, 1]}"));
    byte[] valid =
        new WandbBytes()
            .run(new Proto().text(1, "abc").text(3, "p").message(4, config).message(17, new Proto().varint(1, 1)).varint(18, 1).varint(14, 9))
            .record(new Proto().message(12, new Proto().text(1, "loss").varint(8, 1)))
            .history(1, "loss", "1.5e-3", "_timestamp", "1.7e9", "o", "{\"a\": 1, \"b\": {\"c\": 2}}", "_runtime", "1", "x", "NaN")
            .history(2, "loss", "0.12345678901234567890", "long", "123456789012345678901234567890")
            .exit(0)
            .toBytes();
    ReaderFuzz.run(reader, file, file, List.of(valid), WandbBytes::mend);
  }
}
