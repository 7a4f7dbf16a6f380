package io.stopcast.model;

/**
 * A model file was refused; whatever model was in use before stays in use.
 *
 * <p>Text from the file appears in the message quoted, without control characters, and cut.
 */
public final class ModelRejectedException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int QUOTED_CHARS = 120;

  /** What is wrong, by kind; the number is part of the message and never changes its meaning. */
  enum Code {
    UNREADABLE(1),
    SIZE(2),
    SHA256(3),
    MALFORMED(4),
    FIELD(5),
    VERSION(6),
    OUTSIDE_DATA(7),
    GRAPH(8),
    ATTRIBUTE(9),
    LIMIT(10),
    LENGTH(11),
    NOT_FINITE(13),
    ID_RANGE(14),
    TREE_SHAPE(15),
    LEAF_WEIGHT(16),
    FEATURE_RANGE(17),
    METADATA(18),
    SCHEMA(19),
    GOLDEN(20),
    ONNX_RUNTIME(21);

    private final String text;

    Code(int number) {
      text = "E-MODEL-%03d".formatted(number);
    }
  }

  private final String code;
  private final String where;

  ModelRejectedException(Code code, String where, String detail) {
    this(code, where, detail, null);
  }

  ModelRejectedException(Code code, String where, String detail, Throwable cause) {
    super(code.text + " " + where + " rejected: " + detail, cause);
    this.code = code.text;
    this.where = where;
  }

  /** The kind of fault, such as {@code E-MODEL-014}; stable across versions. */
  public String code() {
    return code;
  }

  /** The file, or whatever the caller named the bytes. */
  public String where() {
    return where;
  }

  /** Text out of a model file, fit to be shown: quoted, control characters escaped, cut after 120 characters. */
  static String quote(String untrusted) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < untrusted.length() && i < QUOTED_CHARS; i++) {
      char c = untrusted.charAt(i);
      boolean plain = c != '"' && c != '\\' && (c >= ' ' && c < 0x7f || Character.isLetterOrDigit(c));
      text.append(plain ? String.valueOf(c) : "\\u%04x".formatted((int) c));
    }
    return text.append(untrusted.length() > QUOTED_CHARS ? "...\"" : "\"").toString();
  }
}
