package io.stopcast.datasets.deep;

import io.stopcast.datasets.family.Family;
import io.stopcast.datasets.family.FamilyProvider;
import io.stopcast.datasets.table.DebianPackages;
import java.util.List;

/** Brings the families of this module to whoever has it on the class path. */
public final class DeepFamilies implements FamilyProvider {
  @Override
  public List<Family> families(DebianPackages packages) {
    return List.of(new Convolution(packages), new Sequences(packages));
  }
}
