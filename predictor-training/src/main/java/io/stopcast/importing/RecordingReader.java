package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.stopcast.history.ImportException;
import io.stopcast.run.End;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What our own runtime wrote of the runs that it watched: a line that tells of the run, a line for each step, and one for its
 * end unless the process died. A run that was started again goes on in its file with another first line.
 */
final class RecordingReader implements LogReader {
  static final String POLICY = "stopcast.policy";
  static final String PROBABILITY = "stopcast.probability";
  static final String COST = "stopcast.cost";

  @Override
  public String format() {
    return "recording";
  }

  /** A run that is started again goes on from a checkpoint: what had been seen beyond that does not count. */
  @Override
  public Duplicates duplicates() {
    return Duplicates.PURGE_AFTER_RESTART;
  }

  @Override
  public boolean recognizes(LogPlace place) {
    if (place.isFolder()) {
      return false;
    }
    try (JsonParser in = LogJson.open(place.head(), 0, place.head().length)) {
      return in.nextToken() == JsonToken.START_OBJECT
          && RecordingHeader.MARK.equals(in.nextFieldName())
          && RecordingHeader.KIND.equals(in.nextTextValue());
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    Path file = place.path();
    Recordings recordings = new Recordings(sink);
    JsonLines.read(file, sink, recordings);
    recordings.finishRun();
    if (!recordings.any) {
      throw new ImportException(
          "%s: no line tells of a run, as the first line of a recording does; put it back, or remove the file".formatted(file));
    }
  }

  /** Hands on one line after the other; a line is read as a whole before anything of it counts. */
  private static final class Recordings implements JsonLines.Reader {
    private final LogSink sink;
    private final RecordedStep step = new RecordedStep();
    private LoggedRun run;
    private boolean any;
    private boolean isResumed;
    private boolean isStopped;
    private boolean costs;
    private String unit;
    private End end;

    Recordings(LogSink sink) {
      this.sink = sink;
    }

    @Override
    public void read(JsonParser in, String where) throws IOException {
      String first = in.nextFieldName();
      switch (first == null ? "" : first) {
        case RecordingHeader.MARK -> {
          finishRun(); // whatever this line says, the steps behind it belong to another run, or to this one started again
          start(RecordingHeader.read(in), where);
        }
        case RecordedStep.STEP -> {
          step.read(in);
          if (run == null) {
            throw new MalformedRecordException("a step, but no line before it tells of which run");
          }
          tellStep();
        }
        case "end" -> {
          End how = end(in);
          if (run == null) {
            throw new MalformedRecordException("an end, but no line before it tells of which run");
          }
          end = how;
        }
        default -> throw new MalformedRecordException("neither a run nor a step nor an end of a recording");
      }
    }

    private void start(RecordingHeader header, String where) throws IOException {
      run = sink.run(header.source(), header.task(), header.run());
      any = true;
      isResumed = header.isResumed();
      isStopped = false;
      end = null;
      costs = false;
      unit = header.costUnit();
      header.tell(run, where, sink);
    }

    private void tellStep() throws IOException {
      if (isResumed) {
        run.restart(step.index());
        isResumed = false;
      }
      for (int i = 0; i < step.count(); i++) {
        run.value(step.name(i), step.index(), LoggedRun.NO_TIME, step.value(i));
      }
      if (!Double.isNaN(step.cost())) {
        if (!costs) {
          run.costMetric(COST, unit);
          costs = true;
        }
        run.value(COST, step.index(), LoggedRun.NO_TIME, step.cost());
      }
      if (!Double.isNaN(step.probability())) {
        run.value(PROBABILITY, step.index(), LoggedRun.NO_TIME, step.probability());
      }
      isStopped = step.isStop();
      if (step.propensity() < 1 && !isStopped) {
        run.exempt(step.index(), step.propensity());
      }
    }

    private static End end(JsonParser in) throws IOException {
      String word = in.nextTextValue();
      for (End end : End.values()) {
        if (end.word().equals(word)) {
          RecordedStep.skipRest(in);
          return end;
        }
      }
      throw new MalformedRecordException("an end that no run has");
    }

    /** Tells how the run ended: of one that was started again, the last time. */
    void finishRun() {
      if (run != null) {
        run.end(end != null ? end : isStopped ? End.EARLY_STOPPED : End.UNKNOWN);
        run = null;
      }
    }
  }
}
