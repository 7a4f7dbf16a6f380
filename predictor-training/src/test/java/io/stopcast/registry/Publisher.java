package io.stopcast.registry;

import io.stopcast.model.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process that publishes and promotes one model after the other, and says so on standard output, until it is killed. */
final class Publisher {
  private Publisher() {}

  /** @param args a registry's folder, and at least two model files */
  public static void main(String[] args) throws Exception {
    List<ModelFile> models = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      models.add(ModelFile.read(Path.of(args[i])));
    }
    ModelRegistry registry = new ModelRegistry(Path.of(args[0]));
    for (int i = 0; ; i++) {
      publish(registry, models.get(i % models.size()));
    }
  }

  private static void publish(ModelRegistry registry, ModelFile model) throws IOException {
    try (RegistryWriter writer = registry.writer()) {
      String version = writer.publish(model, "card", Map.of("sha256", model.sha256()), Map.of(), "again", Map.of());
      say("published " + version);
      writer.promote(version, "newest", Map.of());
      say("promoted " + version);
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
