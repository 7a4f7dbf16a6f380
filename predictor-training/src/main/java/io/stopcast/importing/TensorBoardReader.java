package io.stopcast.importing;

import io.stopcast.history.ImportException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * TensorBoard event files, as TensorFlow, Keras, PyTorch, tensorboardX and JAX write them.
 *
 * <p>The files of a folder are one run, in the order in which they were begun. Keras and TensorFlow's Estimator log training
 * and validation of one run into folders {@code train}, {@code validation} or {@code eval} within: these belong to the run
 * too, their metrics named {@code validation/epoch_loss}, and all events stand in the order of their times.
 */
final class TensorBoardReader implements LogReader {
  private static final Set<String> PARTS =
      Set.of("train", "training", "validation", "valid", "val", "eval", "evaluation", "test");
  private static final byte[] VERSION = "brain.Event:".getBytes(StandardCharsets.US_ASCII);
  private static final Comparator<Path> BY_NAME = Comparator.comparing(Path::toString);

  private record Begun(double wallTime, Path file) {}

  @Override
  public String format() {
    return "tensorboard";
  }

  @Override
  public Duplicates duplicates() {
    return Duplicates.PURGE_AFTER_RESTART;
  }

  @Override
  public boolean recognizes(LogPlace place) throws IOException {
    if (!place.isFolder()) {
      return isEventFile(place.path()) || EventRecords.startsWithHeader(place.head()) && firstRecordIsVersion(place.head());
    }
    return !eventFiles(place.path()).isEmpty() || parts(place.path()).size() > 1;
  }

  @Override
  public boolean readsAlong(LogPlace folder, Path below) {
    Path parent = below.getParent();
    if (folder.path().equals(parent)) {
      return isEventFile(below) || isPart(below);
    }
    return parent != null && folder.path().equals(parent.getParent()) && isPart(parent) && isEventFile(below);
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    Path path = place.path();
    List<EventStream> streams = new ArrayList<>();
    Path folder = path;
    if (place.isFolder()) {
      add(streams, "", path, sink);
      for (Path part : parts(path)) {
        add(streams, part.getFileName().toString(), part, sink);
      }
      if (streams.isEmpty()) {
        throw new ImportException("%s holds no event file, which TensorBoard names events.out.tfevents...".formatted(path));
      }
    } else {
      folder = path.toAbsolutePath().getParent();
      streams.add(new EventStream("", List.of(path), sink));
    }
    Events events = new Events(sink, FolderName.of(folder));
    try {
      merge(streams, events, sink);
    } finally {
      for (EventStream stream : streams) {
        stream.close();
      }
    }
    if (events.isEmpty()) {
      sink.skipped(path.toString(), "no scalar was ever logged there");
    }
  }

  /** All events by their times, each stream's own in their order. */
  private static void merge(List<EventStream> streams, Events events, LogSink sink) throws IOException {
    List<EventStream> going = new ArrayList<>();
    for (EventStream stream : streams) {
      if (stream.advance()) {
        going.add(stream);
      }
    }
    while (!going.isEmpty()) {
      EventStream first = going.get(0);
      for (int i = 1; i < going.size(); i++) {
        if (going.get(i).wallTime() < first.wallTime()) {
          first = going.get(i);
        }
      }
      try {
        events.read(first);
      } catch (MalformedRecordException e) {
        sink.skipped(first.event().where(), e.getMessage() + "; the rest of the record was left out");
      }
      if (!first.advance()) {
        going.remove(first);
      }
    }
    List<ImportException> refusals = streams.stream().flatMap(s -> s.refusal().stream()).toList();
    if (refusals.size() == streams.size()) {
      throw refusals.get(0);
    }
    for (ImportException refusal : refusals) {
      sink.skipped("a part of the run", refusal.getMessage());
    }
  }

  private static void add(List<EventStream> streams, String prefix, Path folder, LogSink sink) throws IOException {
    List<Path> files = eventFiles(folder);
    if (!files.isEmpty()) {
      streams.add(new EventStream(prefix, inOrder(files), sink));
    }
  }

  /** By the time that the first event of each tells, and by name where none does, as TensorBoard does. */
  private static List<Path> inOrder(List<Path> files) throws IOException {
    if (files.size() == 1) {
      return files;
    }
    List<Begun> begun = new ArrayList<>();
    for (Path file : files) {
      begun.add(new Begun(firstTime(file), file));
    }
    begun.sort(Comparator.comparingDouble(Begun::wallTime).thenComparing(Begun::file, BY_NAME));
    return begun.stream().map(Begun::file).toList();
  }

  /** The first event's time: it is the first field, at the record's start. */
  private static double firstTime(Path file) throws IOException {
    byte[] head;
    try (var in = Files.newInputStream(file)) {
      head = in.readNBytes(EventRecords.HEADER + 9);
    }
    if (head.length < EventRecords.HEADER + 9 || head[EventRecords.HEADER] != 9) {
      return 0;
    }
    return ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getDouble(EventRecords.HEADER + 1);
  }

  private static List<Path> eventFiles(Path folder) throws IOException {
    return list(folder).filter(f -> isEventFile(f) && Files.isRegularFile(f)).toList();
  }

  private static List<Path> parts(Path folder) throws IOException {
    List<Path> parts = new ArrayList<>();
    for (Path inside : list(folder).filter(f -> isPart(f) && Files.isDirectory(f, LinkOption.NOFOLLOW_LINKS)).toList()) {
      if (!eventFiles(inside).isEmpty()) {
        parts.add(inside);
      }
    }
    return parts;
  }

  private static Stream<Path> list(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.sorted(BY_NAME).toList().stream();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isEventFile(Path path) {
    return path.getFileName() != null && path.getFileName().toString().contains("tfevents");
  }

  private static boolean isPart(Path path) {
    return path.getFileName() != null && PARTS.contains(path.getFileName().toString().toLowerCase(Locale.ROOT));
  }

  private static boolean firstRecordIsVersion(byte[] head) {
    int last = Math.min(head.length, 64) - VERSION.length;
    for (int i = EventRecords.HEADER; i <= last; i++) {
      if (Arrays.equals(head, i, i + VERSION.length, VERSION, 0, VERSION.length)) {
        return true;
      }
    }
    return false;
  }
}
