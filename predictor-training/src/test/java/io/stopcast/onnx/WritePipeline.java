package io.stopcast.onnx;

import io.stopcast.model.ModelFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a model's pipeline into a file: {@code WritePipeline MODEL FILE}. Called by {@code checks/python}. */
public final class WritePipeline {
  private WritePipeline() {}

  public static void main(String[] args) throws Exception {
    Files.write(Path.of(args[1]), PipelineExport.write(ModelFile.read(Path.of(args[0]))));
  }
}
