package io.stopcast;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of the runtime, and what it must never do in a trainer's process. */
@AnalyzeClasses(packages = "io.stopcast", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule ARROWS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("run").definedBy("io.stopcast.run")
          .layer("feature").definedBy("io.stopcast.feature")
          .layer("model").definedBy("io.stopcast.model")
          .layer("policy").definedBy("io.stopcast.policy")
          .optionalLayer("live").definedBy("io.stopcast.live")
          .whereLayer("live").mayNotBeAccessedByAnyLayer()
          .whereLayer("policy").mayOnlyBeAccessedByLayers("live")
          .whereLayer("model").mayOnlyBeAccessedByLayers("policy", "live")
          .whereLayer("feature").mayOnlyBeAccessedByLayers("model", "policy", "live");

  @ArchTest static final ArchRule NO_CYCLES = slices().matching("io.stopcast.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ONNX_RUNTIME_STAYS_IN_ITS_CLASS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.stopcast.model.OnnxRuntimeModel")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule NO_SOCKETS_AND_NO_THREADS =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "java.nio.channels..", "java.util.concurrent..")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class);

  @ArchTest
  static final ArchRule NOTHING_BUT_THE_JDK =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages("java..", "io.stopcast..", "ai.onnxruntime..");
}
