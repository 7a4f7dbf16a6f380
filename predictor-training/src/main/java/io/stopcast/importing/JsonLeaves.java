package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Walks through a JSON object and the objects within it, whose keys are joined to one name. */
final class JsonLeaves {
  static final int LONGEST_NAME = 1 << 10;

  /** Told of what is found. */
  interface Visitor {
    /** A text, a number, a boolean or null. */
    void scalar(String name, JsonParser at) throws IOException;

    /** An array, to be read to its end. */
    default void array(String name, JsonParser at) throws IOException {
      at.skipChildren();
    }

    /** Whether to look into an object that begins with this key. */
    default boolean enters(String name, String firstKey) {
      return true;
    }
  }

  private final String separator;
  private final Visitor visitor;

  /** @param separator stands between the keys in a name */
  JsonLeaves(String separator, Visitor visitor) {
    this.separator = separator;
    this.visitor = visitor;
  }

  /** Walks from the value at hand; objects add to its name, which is empty at the top. */
  void walk(String name, JsonParser in) throws IOException {
    switch (in.currentToken()) {
      case START_OBJECT -> walkObject(name, in);
      case START_ARRAY -> visitor.array(name, in);
      default -> visitor.scalar(name, in);
    }
  }

  private void walkObject(String name, JsonParser in) throws IOException {
    boolean first = true;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      in.nextToken();
      if (first && !visitor.enters(name, key)) {
        skipRest(in);
        return;
      }
      first = false;
      String full = name.isEmpty() ? key : name + separator + key;
      if (full.isEmpty() || full.length() > LONGEST_NAME) {
        in.skipChildren();
      } else {
        walk(full, in);
      }
    }
  }

  private static void skipRest(JsonParser in) throws IOException {
    in.skipChildren();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      in.nextToken();
      in.skipChildren();
    }
  }
}
