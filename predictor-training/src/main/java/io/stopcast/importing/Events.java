package io.stopcast.importing;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells a run what TensorBoard events say: scalars, restarts, hyper-parameters of the HParams plugin.
 *
 * <p>A run appears in the sink with its first value or hyper-parameter: a file without any is none.
 */
final class Events {
  private static final int SESSION_START = 1;
  private static final int DATA_CLASS_SCALAR = 1;

  private final LogSink sink;
  private final FolderName name;
  private final Wire wire = new Wire();
  private final Names tags = new Names();
  private final ScalarTensor tensor = new ScalarTensor();
  private final HparamsSession session = new HparamsSession();
  private final Map<String, Map<String, String>> prefixed = new HashMap<>();
  private long begin = LoggedRun.NO_TIME;
  private LoggedRun run;
  private boolean hasValues;
  private EventStream restarted;

  Events(LogSink sink, FolderName name) {
    this.sink = sink;
    this.name = name;
  }

  /** Reads the stream's current event. */
  void read(EventStream stream) throws IOException {
    EventRecords event = stream.event();
    long millis = Times.millis(stream.wallTime());
    if (begin == LoggedRun.NO_TIME) {
      begin = millis;
    }
    wire.open(event.bytes(), event.from(), event.to());
    while (wire.next()) {
      if (wire.field() == 5) {
        int whole = wire.enter();
        while (wire.next()) {
          if (wire.field() == 1) {
            int summary = wire.enter();
            readValue(stream, millis);
            wire.leave(summary);
          }
        }
        wire.leave(whole);
      } else if (wire.field() == 7) {
        readSession(stream);
      }
    }
  }

  boolean isEmpty() {
    return run == null;
  }

  private void readSession(EventStream stream) throws IOException {
    int status = 0;
    int whole = wire.enter();
    while (wire.next()) {
      if (wire.field() == 1) {
        status = (int) wire.varint();
      }
    }
    wire.leave(whole);
    // the part that says so first speaks for all: what another part logged meanwhile is not wiped out again
    if (status == SESSION_START && hasValues && (restarted == null || restarted == stream)) {
      restarted = stream;
      run().restart(stream.step());
    }
  }

  private void readValue(EventStream stream, long millis) throws IOException {
    byte[] bytes = stream.event().bytes();
    String tag = "";
    boolean isSimple = false;
    boolean isTensor = false;
    boolean isOther = false;
    double value = 0;
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> tag = wire.text(tags);
        case 2 -> {
          value = wire.float32();
          isSimple = true;
        }
        case 8 -> {
          int whole = wire.enter();
          tensor.read(wire, bytes);
          wire.leave(whole);
          isTensor = true;
        }
        case 9 -> isOther = !readMetadata(bytes);
        default -> {}
      }
    }
    if (isOther || tag.isEmpty()) {
      return;
    }
    if (isTensor && !isSimple) {
      if (!tensor.isScalar()) {
        return;
      }
      value = tensor.value();
    } else if (!isSimple) {
      return; // an image, a histogram, audio
    }
    hasValues = true;
    run().value(metric(stream, tag), stream.step(), millis, value);
  }

  /** False if the value is for a plugin that shows no scalars. */
  private boolean readMetadata(byte[] bytes) throws IOException {
    boolean plain = true;
    boolean declared = false;
    int whole = wire.enter();
    while (wire.next()) {
      if (wire.field() == 1) {
        String plugin = "";
        int from = 0;
        int to = 0;
        int inner = wire.enter();
        while (wire.next()) {
          if (wire.field() == 1) {
            plugin = wire.text(tags);
          } else if (wire.field() == 2) {
            wire.chunk();
            from = wire.from();
            to = wire.to();
          }
        }
        wire.leave(inner);
        plain = plugin.isEmpty() || plugin.equals("scalars");
        if (plugin.equals("hparams") && to > from) {
          session.read(bytes, from, to, run());
        }
      } else if (wire.field() == 4) {
        declared = wire.varint() == DATA_CLASS_SCALAR;
      }
    }
    wire.leave(whole);
    return plain || declared;
  }

  private String metric(EventStream stream, String tag) {
    if (stream.prefix().isEmpty()) {
      return tag;
    }
    Map<String, String> known = prefixed.computeIfAbsent(stream.prefix(), p -> new HashMap<>());
    String metric = known.get(tag);
    if (metric == null) {
      metric = stream.prefix() + "/" + tag;
      if (known.size() < 1 << 10) { // a file may name any number of tags
        known.put(tag, metric);
      }
    }
    return metric;
  }

  private LoggedRun run() throws IOException {
    if (run == null) {
      run = sink.run(name.task(), name.run());
      Times.tellStart(run, begin);
    }
    return run;
  }
}
