package io.stopcast.registry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which versions the aliases name.
 *
 * @param champion the model in use
 * @param challenger the last one that was published, promoted or not
 * @param previous the champion before this one
 */
public record Aliases(Optional<String> champion, Optional<String> challenger, Optional<String> previous) {
  static final List<String> NAMES = List.of(ModelRegistry.CHAMPION, ModelRegistry.CHALLENGER, ModelRegistry.PREVIOUS);
  static final Aliases NONE = new Aliases(Optional.empty(), Optional.empty(), Optional.empty());

  Aliases withChampion(String version, Optional<String> before) {
    return new Aliases(Optional.of(version), challenger, before);
  }

  Aliases withChallenger(String version) {
    return new Aliases(champion, Optional.of(version), previous);
  }

  /** Versions by alias, in the order in which readers may learn of them: the way back first. */
  Map<String, Optional<String>> byName() {
    Map<String, Optional<String>> byName = new LinkedHashMap<>();
    byName.put(ModelRegistry.PREVIOUS, previous);
    byName.put(ModelRegistry.CHALLENGER, challenger);
    byName.put(ModelRegistry.CHAMPION, champion);
    return byName;
  }

  /** The aliases that name a version, in the order champion, challenger, previous. */
  public List<String> of(String version) {
    Map<String, Optional<String>> byName = byName();
    return NAMES.stream().filter(name -> byName.get(name).equals(Optional.of(version))).toList();
  }
}
