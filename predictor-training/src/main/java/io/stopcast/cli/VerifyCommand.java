package io.stopcast.cli;

import io.stopcast.model.ModelFile;
import io.stopcast.model.Verification;
import io.stopcast.registry.ModelRegistry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a model file. */
@Command(
    name = "verify",
    description = "Checks a model file without trusting it, then its scorer against ONNX Runtime and against its golden rows.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "An alias (champion), a version folder or an .onnx file.")
  private String model;

  @Option(names = "--models", paramLabel = "DIR", description = "The registry for aliases. Default: the project's models/.")
  private Path models = Home.models();

  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ModelFile file = ModelRegistry.find(model, models);
    Verification result = Verification.of(file);
    PrintWriter out = spec.commandLine().getOut();
    if (json.isOn()) {
      JsonOption.print(out, result);
    } else {
      out.println(result);
    }
    return result.passed() ? Stopcast.OK : Stopcast.BAD_DATA;
  }
}
