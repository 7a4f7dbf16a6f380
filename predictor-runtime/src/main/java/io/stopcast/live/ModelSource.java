package io.stopcast.live;

import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.policy.LearnedPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Where models come from. Reading takes milliseconds and is done on the thread of whoever asks. */
interface ModelSource {
  /**
   * The model that new runs should use; empty if it still is the known one.
   *
   * @param known a version; null if none
   */
  Optional<Loaded> changedFrom(String known) throws IOException, ModelRejectedException;

  /** The model of a version, for a run that started with it. */
  Loaded version(String version) throws IOException, ModelRejectedException;

  /** Always the same model. It has no version, so its digest stands for one. */
  static ModelSource of(Path path, Function<ModelFile, LearnedPolicy> terms) throws ModelRejectedException {
    ModelFile file = ModelFile.read(path);
    Loaded only = Loaded.of(file.sha256().substring(0, 12), file, terms);
    return new ModelSource() {
      @Override
      public Optional<Loaded> changedFrom(String known) {
        return only.version().equals(known) ? Optional.empty() : Optional.of(only);
      }

      @Override
      public Loaded version(String version) throws IOException {
        if (!only.version().equals(version)) {
          throw new IOException("the only model here is " + only.version());
        }
        return only;
      }
    };
  }
}
