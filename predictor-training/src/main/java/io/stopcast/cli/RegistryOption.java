package io.stopcast.cli;

import io.stopcast.registry.ModelRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which registry a verb is about. */
final class RegistryOption {
  @Option(names = "--models", paramLabel = "DIR", description = "The registry. Default: the project's models/.")
  private Path models = Home.models();

  /** The registry, which must be there. */
  ModelRegistry existing() throws IOException {
    if (!Files.isDirectory(models)) {
      throw new IOException("%s is no folder of models; run './stopcast retrain --models %s', or name another by --models".formatted(models, models));
    }
    return new ModelRegistry(models);
  }
}
