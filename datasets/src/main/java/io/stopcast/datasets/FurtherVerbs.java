package io.stopcast.datasets;

import io.stopcast.cli.VerbProvider;
import io.stopcast.datasets.demo.Demo;
import java.util.List;

/** The verbs that train something. */
public final class FurtherVerbs implements VerbProvider {
  @Override
  public List<Object> verbs() {
    return List.of(new Demo(), new Datasets());
  }
}
