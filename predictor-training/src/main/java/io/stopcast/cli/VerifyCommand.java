package io.stopcast.cli;

import io.stopcast.model.ModelFile;
import io.stopcast.model.Verification;
import io.stopcast.registry.ModelRegistry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
  private static final int RANDOM_ROWS = 100_000;
  private static final int SEED = 17;

  @Parameters(paramLabel = "MODEL", description = "An alias (champion), a version folder or an .onnx file.")
  private String model;

  @Option(names = "--models", paramLabel = "DIR", description = "The registry for aliases. Default: the project's models/.")
  private Path models = Home.models();

  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ModelFile file = ModelRegistry.find(model, models);
    Verification result = verify(file);
    PrintWriter out = spec.commandLine().getOut();
    if (json.isOn()) {
      JsonOption.print(out, asMap(result));
    } else {
      out.println(describe(file, result));
    }
    return result.passed() ? Stopcast.OK : Stopcast.BAD_DATA;
  }

  /** Checks the golden rows, then as many random ones as make a difference unlikely to be missed. */
  static Verification verify(ModelFile file) {
    return Verification.of(file, RANDOM_ROWS, SEED);
  }

  private static Map<String, Object> asMap(Verification result) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("passed", result.passed());
    map.put("goldenRows", result.goldenRows());
    map.put("comparedRows", result.comparedRows());
    map.put("onnxRuntime", result.onnxRuntime());
    map.put("differing", result.differing());
    map.put("maxDifference", result.maxDifference());
    map.put("failure", result.failure().orElse(null));
    return map;
  }

  private static String describe(ModelFile file, Verification result) {
    if (!result.passed()) {
      return "%s does NOT verify: %s (%d differences, the largest %s)"
          .formatted(file.where(), result.failure().orElseThrow(), result.differing(), result.maxDifference());
    }
    return String.format(
        Locale.ROOT,
        "%s verifies: %d trees, %,d bytes; %d golden rows met bit for bit; %s",
        file.where(),
        file.trees(),
        file.size(),
        result.goldenRows(),
        result.onnxRuntime()
            ? String.format(Locale.ROOT, "Java and ONNX Runtime agree bit for bit on %,d rows", result.comparedRows())
            : "ONNX Runtime is not at hand, so nothing was compared with it");
  }
}
