package io.stopcast.model;

/** A model file that must not be used: says which rule it breaks, where, and with what value. */
public final class ModelRejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * @param code stable name of the rule, such as E-MODEL-014
   * @param where the file
   * @param reason what was found and what would be right
   */
  public ModelRejectedException(String code, String where, String reason) {
    super("%s %s rejected: %s".formatted(code, where, reason));
    this.code = code;
  }

  public String code() {
    return code;
  }
}
