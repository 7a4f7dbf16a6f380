package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.ImportException;
import io.stopcast.run.End;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardReaderTest {
  private static final String NAME = "events.out.tfevents.1700000000.host.1.0";

  private final LogReader reader = new TensorBoardReader();
  @TempDir Path temp;
  private Path folder;
  private Path file;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectories(temp.resolve("digits/runs/7"));
    file = folder.resolve(NAME);
  }

  private CollectedLogs read(EventBytes events) throws IOException {
    Files.write(file, events.toBytes());
    return CollectedLogs.of(reader, folder);
  }

  @Test
  void read_simpleValues_keepsStepTimeAndValue() throws IOException {
    CollectedLogs logs =
        read(
            EventBytes.begunAt(1.7e9)
                .scalar(1700000000.25, 0, "loss", 0.5f)
                .scalar(1700000001.25, 1L << 40, "loss", Float.NaN)
                .scalar(1700000002.25, -3, "acc", Float.NEGATIVE_INFINITY));
    assertEquals(List.of("digits | runs/7"), List.copyOf(logs.runs.keySet()));
    assertEquals(
        List.of(
            new CollectedLogs.Value("loss", 0, 1700000000250L, 0.5),
            new CollectedLogs.Value("loss", 1L << 40, 1700000001250L, Double.NaN),
            new CollectedLogs.Value("acc", -3, 1700000002250L, Double.NEGATIVE_INFINITY)),
        logs.only().values);
    assertEquals(Instant.ofEpochSecond(1700000000), logs.only().started);
    assertEquals(End.UNKNOWN, logs.only().end);
    assertEquals(List.of(), logs.skipped);
    assertEquals(List.of(), logs.repaired);
  }

  @Test
  void read_everyKindOfTensor_givesItsNumber() throws IOException {
    EventBytes events = EventBytes.begunAt(1);
    int step = 0;
    for (Proto tensor :
        List.of(
            content(1, le(4).putFloat(0.5f)),
            content(2, le(8).putDouble(0.1)),
            content(3, le(4).putInt(-7)),
            content(4, le(1).put((byte) 200)),
            content(5, le(2).putShort((short) -5)),
            content(6, le(1).put((byte) -6)),
            content(9, le(8).putLong(-9)),
            content(10, le(1).put((byte) 1)),
            content(14, le(2).putShort((short) 0xc040)),
            content(17, le(2).putShort((short) 65535)),
            content(19, le(2).putShort((short) 0x3555)),
            content(22, le(4).putInt(-1)),
            content(23, le(8).putLong(-1)),
            new Proto().varint(1, 1).float32(5, 1.5f),
            new Proto().varint(1, 1).bytes(5, le(4).putFloat(2.5f).array()),
            new Proto().varint(1, 2).bytes(6, le(8).putDouble(3.5).array()),
            new Proto().varint(1, 3).varint(7, -4),
            new Proto().varint(1, 9).bytes(10, new byte[] {5}),
            new Proto().varint(1, 10).varint(11, 1),
            new Proto().varint(1, 19).varint(13, 0xfc00),
            new Proto().varint(1, 14).varint(13, 0x3f80),
            new Proto().varint(1, 22).varint(16, 6),
            new Proto().varint(1, 23).varint(17, 7),
            content(1, le(4).putFloat(8)).message(2, shape(1, 1)))) {
      events.tensor(1, step++, "v", tensor);
    }
    CollectedLogs logs = read(events);
    assertEquals(
        List.of(
            0.5, 0.1, -7.0, 200.0, -5.0, -6.0, -9.0, 1.0, -3.0, 65535.0, 0.333251953125, 4294967295.0, 0x1p64, 1.5, 2.5, 3.5, -4.0, 5.0,
            1.0, Double.NEGATIVE_INFINITY, 1.0, 6.0, 7.0, 8.0),
        logs.only().values.stream().map(CollectedLogs.Value::value).toList());
    assertEquals(List.of(), logs.skipped);
  }

  @Test
  void read_whatIsNoScalar_isNoMetric() throws IOException {
    Proto histogram = new Proto().message(1, new Proto().text(1, "histograms"));
    CollectedLogs logs =
        read(
            EventBytes.begunAt(1)
                .tensor(1, 1, "vector", content(1, le(8).putFloat(1).putFloat(2)).message(2, shape(2)))
                .tensor(1, 1, "text", new Proto().varint(1, 7).text(8, "hello"))
                .value(1, 1, new Proto().text(1, "image").message(4, new Proto().varint(1, 3)))
                .value(1, 1, new Proto().text(1, "h").message(8, content(1, le(4).putFloat(1))).message(9, histogram))
                .scalar(1, 1, "loss", 1));
    assertEquals(List.of("loss"), logs.only().metrics());
    assertEquals(List.of(), logs.skipped);
  }

  @Test
  void read_hyperParametersOfThePlugin_areParameters() throws IOException {
    Proto start =
        new Proto()
            .message(1, new Proto().text(1, "lr").message(2, new Proto().float64(2, 0.1)))
            .message(1, new Proto().text(1, "opt").message(2, new Proto().text(3, "adam")))
            .message(1, new Proto().text(1, "bn").message(2, new Proto().varint(4, 1)));
    CollectedLogs logs =
        read(
            EventBytes.begunAt(1)
                .value(1, 0, hparams("_hparams_/session_start_info", new Proto().message(3, start)))
                .scalar(1, 1, "loss", 1)
                .value(1, 0, hparams("_hparams_/session_end_info", new Proto().message(4, new Proto().varint(1, 1)))));
    assertEquals(Map.of("lr", 0.1, "opt", "adam", "bn", true), logs.only().parameters);
    assertEquals(End.COMPLETED, logs.only().end);
  }

  @Test
  void read_truncatedTail_keepsWhatCameBefore() throws IOException {
    byte[] whole = EventBytes.begunAt(1).scalar(1, 1, "loss", 4).scalar(1, 2, "loss", 3).toBytes();
    int lastRecord = (whole.length - EventBytes.begunAt(1).toBytes().length) / 2;
    for (int cut = 1; cut < lastRecord; cut++) {
      Files.write(file, Arrays.copyOf(whole, whole.length - cut));
      CollectedLogs logs = CollectedLogs.of(reader, folder);
      assertEquals(List.of("1=4.0"), logs.only().curve("loss"));
      assertEquals(List.of(), logs.skipped);
      assertEquals(1, logs.repaired.size(), "cut by " + cut);
      assertTrue(logs.repaired.get(0).startsWith(file + " record 3 at byte " + (whole.length - lastRecord)), logs.repaired.get(0));
      assertTrue(logs.repaired.get(0).endsWith("; 2 records before it were kept"), logs.repaired.get(0));
    }
  }

  @Test
  void read_badDataChecksum_skipsThatRecordOnly() throws IOException {
    int second = EventBytes.begunAt(1).toBytes().length;
    byte[] bytes = EventBytes.begunAt(1).scalar(1, 1, "loss", 4).scalar(1, 2, "loss", 3).toBytes();
    bytes[second + 14] ^= 1;
    Files.write(file, bytes);
    CollectedLogs logs = CollectedLogs.of(reader, folder);
    assertEquals(List.of("2=3.0"), logs.only().curve("loss"));
    assertEquals(
        List.of(file + " record 2 at byte " + second + ": its data do not fit their checksum; the record was left out"), logs.skipped);
  }

  @Test
  void read_badLengthChecksum_keepsWhatCameBeforeAndStops() throws IOException {
    int third = EventBytes.begunAt(1).scalar(1, 1, "loss", 4).toBytes().length;
    byte[] bytes = EventBytes.begunAt(1).scalar(1, 1, "loss", 4).scalar(1, 2, "loss", 3).scalar(1, 3, "loss", 2).toBytes();
    bytes[third + 2] ^= 1;
    Files.write(file, bytes);
    CollectedLogs logs = CollectedLogs.of(reader, folder);
    assertEquals(List.of("1=4.0"), logs.only().curve("loss"));
    assertEquals(1, logs.skipped.size());
    assertTrue(logs.skipped.get(0).contains("record 3 at byte " + third + ": its length does not fit its checksum"), logs.skipped.get(0));
  }

  @Test
  void read_noEventFile_isRefusedWithFileAndPlace() throws IOException {
    Files.writeString(file, "these are no events at all");
    ImportException refusal = assertThrows(ImportException.class, () -> CollectedLogs.of(reader, file));
    assertTrue(refusal.getMessage().startsWith(file + " record 1 at byte 0: its length, "), refusal.getMessage());
  }

  @Test
  void read_brokenRecordWithRightChecksum_isSkippedAndCounted() throws IOException {
    CollectedLogs logs =
        read(EventBytes.begunAt(1).record(new byte[] {0x2a, 0x50, 1}).scalar(1, 2, "loss", 3));
    assertEquals(List.of("2=3.0"), logs.only().curve("loss"));
    assertEquals(1, logs.skipped.size());
    assertTrue(logs.skipped.get(0).contains("protobuf field 5 says it is 80 bytes long, but 1 are left"), logs.skipped.get(0));
  }

  @Test
  void read_recordLongerThanAllowed_isPassedOver() throws IOException {
    CollectedLogs logs = read(EventBytes.begunAt(1).record(new byte[EventRecords.LONGEST + 1]).scalar(1, 2, "loss", 3));
    assertEquals(List.of("2=3.0"), logs.only().curve("loss"));
    assertEquals(1, logs.skipped.size());
    assertTrue(logs.skipped.get(0).contains("16777217 bytes are more than the 16777216 a record may have"), logs.skipped.get(0));
  }

  @Test
  void read_headerOnlyOrEmptyFile_isNoRun() throws IOException {
    CollectedLogs logs = read(EventBytes.begunAt(1));
    assertEquals(Map.of(), logs.runs);
    assertEquals(List.of(folder + ": no scalar was ever logged there"), logs.skipped);
    Files.write(file, new byte[0]);
    assertEquals(Map.of(), CollectedLogs.of(reader, file).runs);
  }

  @Test
  void read_severalFiles_areOneRunInTheOrderInWhichTheyBegan() throws IOException {
    Files.write(folder.resolve("a.tfevents.2"), EventBytes.begunAt(2000).restart(2000, 2).scalar(2001, 2, "loss", 2).toBytes());
    Files.write(
        folder.resolve("b.tfevents.1"),
        EventBytes.begunAt(1000).restart(1000, 0).scalar(1001, 1, "loss", 4).scalar(1002, 2, "loss", 3).toBytes());
    CollectedLogs logs = CollectedLogs.of(reader, folder);
    assertEquals(List.of("1=4.0", "2=3.0", "2=2.0"), logs.only().curve("loss"));
    assertEquals(List.of("2 after 2"), logs.only().restarts);
    assertEquals(Instant.ofEpochSecond(1000), logs.only().started);
  }

  @Test
  void read_trainAndValidationFolders_areOneRunInTheOrderOfTime() throws IOException {
    Path train = Files.createDirectory(folder.resolve("train"));
    Path validation = Files.createDirectory(folder.resolve("validation"));
    Files.write(train.resolve(NAME), EventBytes.begunAt(10).scalar(11, 0, "loss", 4).scalar(13, 1, "loss", 3).toBytes());
    Files.write(validation.resolve(NAME), EventBytes.begunAt(12).scalar(12, 0, "loss", 5).scalar(14, 1, "loss", 6).toBytes());
    assertTrue(reader.recognizes(LogPlace.of(folder)));
    CollectedLogs logs = CollectedLogs.of(reader, folder);
    assertEquals(
        List.of("train/loss 4.0", "validation/loss 5.0", "train/loss 3.0", "validation/loss 6.0"),
        logs.only().values.stream().map(v -> v.metric() + " " + v.value()).toList());
    LogPlace place = LogPlace.of(folder);
    assertTrue(reader.readsAlong(place, train));
    assertTrue(reader.readsAlong(place, train.resolve(NAME)));
    assertFalse(reader.readsAlong(place, folder.resolve("other")));
    assertFalse(reader.readsAlong(place, folder.resolve("other/" + NAME)));
  }

  @Test
  void read_oneOfSeveralFilesIsNoEventFile_readsTheOthers() throws IOException {
    Files.writeString(folder.resolve("broken.tfevents.1"), "these are no events at all");
    CollectedLogs logs = read(EventBytes.begunAt(1).scalar(1, 1, "loss", 4));
    assertEquals(List.of("1=4.0"), logs.only().curve("loss"));
    assertEquals(1, logs.skipped.size());
  }

  @Test
  void recognizes_byContentAndByName() throws IOException {
    Path renamed = folder.resolve("renamed.bin");
    Files.write(renamed, EventBytes.begunAt(1).toBytes());
    assertTrue(reader.recognizes(LogPlace.of(renamed)));
    Files.write(renamed, new EventBytes().record("a training example".getBytes()).toBytes());
    assertFalse(reader.recognizes(LogPlace.of(renamed)), "other records in the same frame");
    Files.writeString(file, "broken");
    assertTrue(reader.recognizes(LogPlace.of(file)));
    assertTrue(reader.recognizes(LogPlace.of(folder)));
    assertFalse(reader.recognizes(LogPlace.of(temp)));
  }

  @Test
  void read_anyBytes_neverThrowsAnythingElse() throws Exception {
    Proto lr = new Proto().text(1, "lr").message(2, new Proto().float64(2, 1));
    byte[] valid =
        EventBytes.begunAt(1)
            .scalar(1, 1, "loss", 4)
            .restart(2, 1)
            .tensor(1, 2, "v", content(1, le(4).putFloat(8)).message(2, shape(1, 1)))
            .tensor(1, 2, "w", new Proto().varint(1, 19).varint(13, 0xfc00))
            .value(1, 0, hparams("h", new Proto().message(3, new Proto().message(1, lr))))
            .toBytes();
    ReaderFuzz.run(reader, folder, file, List.of(valid), EventBytes::mend);
  }

  private static Proto hparams(String tag, Proto content) {
    Proto plugin = new Proto().text(1, "hparams").bytes(2, content.toBytes());
    return new Proto().text(1, tag).message(9, new Proto().message(1, plugin));
  }

  private static Proto content(int type, ByteBuffer bytes) {
    return new Proto().varint(1, type).bytes(4, bytes.array());
  }

  private static ByteBuffer le(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Proto shape(long... sizes) {
    Proto shape = new Proto();
    for (long size : sizes) {
      shape.message(2, new Proto().varint(1, size));
    }
    return shape;
  }
}
