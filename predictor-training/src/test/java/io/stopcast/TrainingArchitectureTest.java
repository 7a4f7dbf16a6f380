package io.stopcast;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of the training module, and that the runtime never depends on it. */
@AnalyzeClasses(packages = "io.stopcast", importOptions = ImportOption.DoNotIncludeTests.class)
class TrainingArchitectureTest {
  @ArchTest
  static final ArchRule ARROWS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("history").definedBy("io.stopcast.history")
          .layer("importing").definedBy("io.stopcast.importing")
          .layer("label").definedBy("io.stopcast.label")
          .layer("replay").definedBy("io.stopcast.replay")
          .layer("inspect").definedBy("io.stopcast.inspect")
          .layer("train").definedBy("io.stopcast.train")
          .layer("risk").definedBy("io.stopcast.risk")
          .layer("onnx").definedBy("io.stopcast.onnx")
          .layer("registry").definedBy("io.stopcast.registry")
          .layer("report").definedBy("io.stopcast.report")
          .layer("explain").definedBy("io.stopcast.explain")
          .layer("notebook").definedBy("io.stopcast.notebook")
          .layer("nightly").definedBy("io.stopcast.nightly")
          .layer("cli").definedBy("io.stopcast.cli")
          .whereLayer("cli").mayNotBeAccessedByAnyLayer()
          .whereLayer("nightly").mayOnlyBeAccessedByLayers("cli")
          .whereLayer("importing").mayOnlyBeAccessedByLayers("cli", "nightly")
          .whereLayer("report").mayOnlyBeAccessedByLayers("cli")
          .whereLayer("explain").mayOnlyBeAccessedByLayers("cli")
          .whereLayer("notebook").mayOnlyBeAccessedByLayers("cli")
          .whereLayer("inspect").mayOnlyBeAccessedByLayers("cli", "report")
          .whereLayer("onnx").mayOnlyBeAccessedByLayers("registry")
          .whereLayer("registry").mayOnlyBeAccessedByLayers("cli", "nightly", "report", "notebook")
          .whereLayer("risk").mayOnlyBeAccessedByLayers("cli", "nightly", "report", "registry")
          .whereLayer("train").mayOnlyBeAccessedByLayers("cli", "report", "registry", "risk")
          .whereLayer("replay").mayOnlyBeAccessedByLayers("cli", "nightly", "report", "registry", "train", "risk", "explain", "notebook", "inspect")
          .whereLayer("label").mayOnlyBeAccessedByLayers("cli", "report", "registry", "train", "replay", "risk", "explain", "inspect");

  @ArchTest static final ArchRule NO_CYCLES = slices().matching("io.stopcast.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule RUNTIME_DOES_NOT_KNOW_TRAINING =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.stopcast.run", "io.stopcast.feature", "io.stopcast.model", "io.stopcast.policy", "io.stopcast.sweep",
              "io.stopcast.live", "io.stopcast.adapt")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.stopcast.history",
              "io.stopcast.label",
              "io.stopcast.replay",
              "io.stopcast.inspect",
              "io.stopcast.train",
              "io.stopcast.risk",
              "io.stopcast.onnx",
              "io.stopcast.registry",
              "io.stopcast.report",
              "io.stopcast.explain",
              "io.stopcast.notebook",
              "io.stopcast.nightly",
              "io.stopcast.cli");
}
