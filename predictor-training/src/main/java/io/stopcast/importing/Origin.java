package io.stopcast.importing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * Where runs came from, and what tells whether it has changed since.
 *
 * @param place the file or folder, or a database's address
 * @param format of the reader
 * @param bytes in all files
 * @param millis when the youngest file was changed, in milliseconds since 1970
 */
record Origin(String place, String format, long bytes, long millis) {
  static Origin of(Path path, String format) throws IOException {
    long bytes = 0;
    long millis = 0;
    try (Stream<Path> all = Files.walk(path)) {
      for (Iterator<Path> each = all.iterator(); each.hasNext(); ) {
        BasicFileAttributes file = Files.readAttributes(each.next(), BasicFileAttributes.class);
        if (file.isRegularFile()) {
          bytes += file.size();
          millis = Math.max(millis, file.lastModifiedTime().toMillis());
        }
      }
    }
    return new Origin(path.toString(), format, bytes, millis);
  }
}
