package io.stopcast.policy;

import io.stopcast.model.Attribution;
import io.stopcast.model.Outlook;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/** A watch that answers as another one does, in all but what it decides. */
abstract class ForwardingWatch implements StopPolicy.Watch {
  final StopPolicy.Watch inner;

  ForwardingWatch(StopPolicy.Watch inner) {
    this.inner = inner;
  }

  @Override
  public final double score() {
    return inner.score();
  }

  @Override
  public final Optional<Outlook> outlook() {
    return inner.outlook();
  }

  @Override
  public final Optional<Attribution> attribution() {
    return inner.attribution();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    inner.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    inner.restore(in);
  }
}
