package io.stopcast.importing;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * What a run is called where only its folder tells: the run by the folder's last two parts, which is what differs between
 * {@code a/runs/1} and {@code a/runs/2}; the task by the nearest folder above whose name means something.
 */
record FolderName(String task, String run) {
  private static final Set<String> SAYS_NOTHING =
      Set.of(
          "runs", "run", "logs", "log", "tb_logs", "tb", "tensorboard", "tensorboard_logs", "lightning_logs", "events", "logdir",
          "summaries", "wandb", "ray_results", "outputs", "output", "out", "results", "checkpoints", "models", "experiments");

  static FolderName of(Path folder) {
    Path whole = folder.toAbsolutePath().normalize();
    int parts = whole.getNameCount();
    if (parts == 0) {
      return new FolderName("logs", "logs");
    }
    String name = whole.getFileName().toString();
    String run = parts == 1 ? name : whole.getName(parts - 2) + "/" + name;
    for (int i = parts - 2; i >= 0; i--) {
      String above = whole.getName(i).toString();
      if (!SAYS_NOTHING.contains(above.toLowerCase(Locale.ROOT))) {
        return new FolderName(above, run);
      }
    }
    return new FolderName(parts == 1 ? name : whole.getName(parts - 2).toString(), run);
  }
}
