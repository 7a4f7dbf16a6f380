package io.stopcast.cli;

import java.util.List;

/**
 * Brings verbs that another jar holds, by {@link java.util.ServiceLoader}: a verb that trains something needs more than this module has.
 */
public interface VerbProvider {
  /** New commands, as picocli knows them; the name stands in their annotation. */
  List<Object> verbs();
}
