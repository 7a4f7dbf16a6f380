package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.stopcast.run.Direction;
import io.stopcast.run.End;
import java.io.IOException;
import java.util.Arrays;

/**
 * Tells a run what the records of one {@code .wandb} file say: history, configuration, metric definitions, start and exit.
 *
 * <p>Keys that begin with an underscore are W&B's own: {@code _step} and {@code _timestamp} place the others, {@code
 * _runtime} is cost.
 */
final class WandbRun {
  private static final String RUNTIME = "_runtime";
  private static final int MOST_ITEMS = 1 << 16;

  private final LogSink sink;
  private final Wire wire = new Wire();
  private final Names names = new Names();
  private final JsonNumber number = new JsonNumber();
  private final Items items = new Items();
  private byte[] joined = new byte[256];
  private LoggedRun run;
  private String project;
  private String id;
  private boolean costsTime;
  private boolean hasGoal;
  private String summarized;
  private Direction summarizedDirection;
  private boolean summarizedTwice;
  private boolean exited;

  /** @param fileId the run's id as far as only the file's name tells */
  WandbRun(LogSink sink, FolderName folder, String fileId) {
    this.sink = sink;
    this.project = folder.task();
    this.id = fileId;
  }

  /** What one record of history holds: names, and where their JSON lies, or their numbers. */
  private static final class Items {
    String[] names = new String[16];
    int[] from = new int[16];
    int[] to = new int[16];
    double[] numbers = new double[16];
    int count;

    void add(String name, int start, int stop, double value) throws MalformedRecordException {
      if (count == MOST_ITEMS) {
        throw new MalformedRecordException("history of more than %d values at one step".formatted(MOST_ITEMS));
      }
      if (count == names.length) {
        names = Arrays.copyOf(names, 2 * count);
        from = Arrays.copyOf(from, 2 * count);
        to = Arrays.copyOf(to, 2 * count);
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      names[count] = name;
      from[count] = start;
      to[count] = stop;
      numbers[count++] = value;
    }
  }

  void read(WandbRecords record) throws IOException {
    wire.open(record.bytes(), record.from(), record.to());
    while (wire.next()) {
      switch (wire.field()) {
        case 2 -> readHistory(record);
        case 5 -> {
          wire.chunk();
          readConfig(record.bytes(), wire.from(), wire.to());
        }
        case 12 -> readMetric();
        case 17 -> readRun(record.bytes());
        case 18 -> readExit();
        default -> {}
      }
    }
  }

  /** After the last record. */
  void finish() throws IOException {
    if (run == null) {
      return;
    }
    if (!exited) {
      run.end(End.TRUNCATED);
    }
    if (!hasGoal && summarized != null && !summarizedTwice) {
      run.objective(summarized, summarizedDirection);
    }
  }

  boolean isEmpty() {
    return run == null;
  }

  private void readHistory(WandbRecords record) throws IOException {
    byte[] bytes = record.bytes();
    items.count = 0;
    boolean hasStep = false;
    long step = 0;
    double timestamp = Double.NaN;
    int whole = wire.enter();
    while (wire.next()) {
      if (wire.field() == 1) {
        readItem(bytes);
      } else if (wire.field() == 2) {
        hasStep = true;
        int inner = wire.enter();
        while (wire.next()) {
          if (wire.field() == 1) {
            step = wire.varint();
          }
        }
        wire.leave(inner);
      }
    }
    wire.leave(whole);
    for (int i = 0; i < items.count; i++) {
      String name = items.names[i];
      if (name.charAt(0) != '_') {
        continue;
      }
      if (name.equals("_step") && !hasStep && isNumber(bytes, i)) {
        step = (long) items.numbers[i];
        hasStep = true;
      } else if (name.equals("_timestamp") && isNumber(bytes, i)) {
        timestamp = items.numbers[i];
      }
    }
    if (!hasStep) {
      sink.skipped(record.where(), "history without a step; the record was left out");
      return;
    }
    tell(record, step, Times.millis(timestamp));
  }

  private void readItem(byte[] bytes) throws IOException {
    String name = null;
    int from = -1;
    int to = -1;
    double value = Double.NaN;
    boolean isNumber = false;
    int parts = 0;
    int used = 0;
    int item = wire.enter();
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> name = wire.text(names);
        case 2 -> {
          wire.chunk();
          if (parts++ == 0) {
            name = names.of(bytes, wire.from(), wire.to());
            used = join(0, bytes);
          } else {
            used = join(used, bytes);
            name = names.of(joined, 0, used);
          }
        }
        case 5 -> {
          long zigzag = wire.varint();
          value = (zigzag >>> 1) ^ -(zigzag & 1);
          isNumber = true;
        }
        case 6 -> {
          value = wire.float64();
          isNumber = true;
        }
        case 8, 16 -> {
          wire.chunk();
          from = wire.from();
          to = wire.to();
        }
        default -> {}
      }
    }
    wire.leave(item);
    if (name != null && !name.isEmpty() && (isNumber || from >= 0)) {
      items.add(name, isNumber ? -1 : from, to, value);
    }
  }

  /** Adds a part to a nested key. */
  private int join(int used, byte[] bytes) throws MalformedRecordException {
    int more = wire.to() - wire.from();
    if (used + more + 1 > JsonLeaves.LONGEST_NAME) {
      throw new MalformedRecordException("a nested key of more than %d bytes".formatted(JsonLeaves.LONGEST_NAME));
    }
    if (used + more + 1 > joined.length) {
      joined = new byte[JsonLeaves.LONGEST_NAME];
    }
    int at = used;
    if (used > 0) {
      joined[at++] = '.';
    }
    System.arraycopy(bytes, wire.from(), joined, at, more);
    return at + more;
  }

  private boolean isNumber(byte[] bytes, int i) throws MalformedRecordException {
    if (items.from[i] >= 0) {
      if (!number.read(bytes, items.from[i], items.to[i])) {
        return false;
      }
      items.numbers[i] = number.value();
      items.from[i] = -1;
    }
    return true;
  }

  private void tell(WandbRecords record, long step, long millis) throws IOException {
    byte[] bytes = record.bytes();
    for (int i = 0; i < items.count; i++) {
      String name = items.names[i];
      try {
        if (name.charAt(0) == '_' && !name.equals(RUNTIME)) {
          continue;
        }
        if (isNumber(bytes, i)) {
          if (!costsTime && name.equals(RUNTIME)) {
            costsTime = true;
            run().costMetric(RUNTIME, "seconds");
          }
          run().value(name, step, millis, items.numbers[i]);
        } else if (items.to[i] > items.from[i] && bytes[items.from[i]] == '{') {
          readObject(bytes, i, step, millis);
        }
      } catch (MalformedRecordException e) {
        sink.skipped(record.where(), "a value that cannot be read: " + e.getMessage());
      } catch (JsonProcessingException e) {
        sink.skipped(record.where(), "a value that cannot be read: " + LogJson.fault(e));
      }
    }
  }

  /** Older clients log nested values as JSON; an object with a {@code _type} is a picture, a table or a histogram. */
  private void readObject(byte[] bytes, int i, long step, long millis) throws IOException {
    LoggedRun target = run();
    JsonLeaves.Visitor visitor =
        new JsonLeaves.Visitor() {
          @Override
          public void scalar(String name, JsonParser at) throws IOException {
            if (at.currentToken().isNumeric()) {
              target.value(name, step, millis, LogJson.number(at));
            }
          }

          @Override
          public boolean enters(String name, String firstKey) {
            return !firstKey.equals("_type");
          }
        };
    try (JsonParser in = LogJson.open(bytes, items.from[i], items.to[i])) {
      in.nextToken();
      new JsonLeaves(".", visitor).walk(items.names[i], in);
    }
  }

  private void readConfig(byte[] bytes, int start, int stop) throws IOException {
    Wire config = new Wire();
    config.open(bytes, start, stop);
    while (config.next()) {
      if (config.field() != 1) {
        continue;
      }
      StringBuilder name = new StringBuilder();
      int from = 0;
      int to = 0;
      int item = config.enter();
      while (config.next()) {
        switch (config.field()) {
          case 1 -> name.append(config.text());
          case 2 -> name.append(name.isEmpty() ? "" : ".").append(config.text());
          case 16 -> {
            config.chunk();
            from = config.from();
            to = config.to();
          }
          default -> {}
        }
      }
      config.leave(item);
      if (name.isEmpty() || name.length() > JsonLeaves.LONGEST_NAME || name.indexOf("_wandb") == 0) {
        continue;
      }
      try (JsonParser in = LogJson.open(bytes, from, to)) {
        if (in.nextToken() != null) {
          JsonParameters.read(name.toString(), in, run());
        }
      } catch (JsonProcessingException e) {
        throw new MalformedRecordException("a configuration value is " + LogJson.fault(e));
      }
    }
  }

  private void readRun(byte[] bytes) throws IOException {
    String newId = null;
    String newProject = null;
    String name = "";
    String group = "";
    String jobType = "";
    String sweep = "";
    long startingStep = 0;
    double start = Double.NaN;
    boolean resumed = false;
    int from = 0;
    int to = 0;
    int whole = wire.enter();
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> newId = wire.text(names);
        case 3 -> newProject = wire.text(names);
        case 4 -> {
          wire.chunk();
          from = wire.from();
          to = wire.to();
        }
        case 6 -> group = wire.text(names);
        case 7 -> jobType = wire.text(names);
        case 8 -> name = wire.text(names);
        case 12 -> sweep = wire.text(names);
        case 14 -> startingStep = wire.varint();
        case 17 -> start = readTimestamp();
        case 18 -> resumed = wire.varint() != 0;
        default -> {}
      }
    }
    wire.leave(whole);
    if (run == null) {
      id = newId == null || newId.isEmpty() ? id : newId;
      project = newProject == null || newProject.isEmpty() ? project : newProject;
      Times.tellStart(run(), Times.millis(start));
      if (resumed && startingStep > 0) {
        run().restart(startingStep);
      }
    }
    tellText("display_name", name);
    tellText("group", group);
    tellText("job_type", jobType);
    tellText("sweep", sweep);
    if (to > from) {
      readConfig(bytes, from, to);
    }
  }

  private void tellText(String parameter, String value) throws IOException {
    if (!value.isEmpty()) {
      run().parameter(parameter, value);
    }
  }

  private double readTimestamp() throws MalformedRecordException {
    double seconds = 0;
    int whole = wire.enter();
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> seconds += wire.varint();
        case 2 -> seconds += wire.varint() / 1e9;
        default -> {}
      }
    }
    wire.leave(whole);
    return seconds;
  }

  private void readMetric() throws IOException {
    String name = "";
    long goal = 0;
    Direction summary = null;
    int whole = wire.enter();
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> name = wire.text(names);
        case 7 -> {
          int inner = wire.enter();
          while (wire.next()) {
            switch (wire.field()) {
              case 1 -> summary = wire.varint() != 0 ? Direction.MINIMIZE : summary;
              case 2 -> summary = wire.varint() != 0 ? Direction.MAXIMIZE : summary;
              default -> {}
            }
          }
          wire.leave(inner);
        }
        case 8 -> goal = wire.varint();
        default -> {}
      }
    }
    wire.leave(whole);
    if (name.isEmpty()) {
      return;
    }
    if (goal == 1 || goal == 2) {
      hasGoal = true;
      run().objective(name, goal == 1 ? Direction.MINIMIZE : Direction.MAXIMIZE);
    } else if (summary != null) {
      summarizedTwice |= summarized != null && !summarized.equals(name);
      summarized = name;
      summarizedDirection = summary;
    }
  }

  private void readExit() throws IOException {
    long code = 0;
    int whole = wire.enter();
    while (wire.next()) {
      if (wire.field() == 1) {
        code = wire.varint();
      }
    }
    wire.leave(whole);
    exited = true;
    run().end(code == 0 ? End.COMPLETED : End.CRASHED);
  }

  private LoggedRun run() throws IOException {
    if (run == null) {
      run = sink.run(project, id);
    }
    return run;
  }
}
