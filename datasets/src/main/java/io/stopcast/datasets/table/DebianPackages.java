package io.stopcast.datasets.table;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Fetches Debian packages with the system's package manager and unpacks them, without installing, into a cache folder.
 *
 * <p>Needs {@code apt-get} and {@code dpkg-deb} only for packages that the cache lacks; no rights beyond writing there.
 * Several processes may share a cache.
 */
public final class DebianPackages {
  private final Path cache;

  /** A cache in this folder, which need not exist yet. */
  public DebianPackages(Path cache) {
    this.cache = cache;
  }

  /**
   * Returns the folder with the package's files, fetching the package first if the cache lacks it.
   *
   * @throws IOException if the package cannot be had; the message says what to do
   */
  public Path root(String debianPackage) throws IOException {
    Path root = cache.resolve(debianPackage);
    if (!Files.isDirectory(root)) {
      fetch(debianPackage, root);
    }
    return root;
  }

  /** Returns the version of a fetched package, or {@code unknown} if somebody put its files into the cache by hand. */
  public String version(String debianPackage) throws IOException {
    Path version = cache.resolve(debianPackage + ".version");
    return Files.exists(version) ? Files.readString(version).strip() : "unknown";
  }

  private void fetch(String debianPackage, Path root) throws IOException {
    Files.createDirectories(cache);
    Path work = Files.createTempDirectory(cache, debianPackage + "-");
    try {
      download(debianPackage, work);
      Path archive;
      try (Stream<Path> files = Files.list(work)) {
        archive =
            files
                .filter(file -> file.toString().endsWith(".deb"))
                .findFirst()
                .orElseThrow(() -> new IOException("'apt-get download " + debianPackage + "' left no .deb file"));
      }
      String version = run(debianPackage, work, "dpkg-deb", "--field", archive.toString(), "Version");
      Path files = work.resolve("files");
      run(debianPackage, work, "dpkg-deb", "--extract", archive.toString(), files.toString());
      Files.writeString(work.resolve("version"), version);
      Path kept = cache.resolve(debianPackage + ".version");
      Files.move(work.resolve("version"), kept, StandardCopyOption.REPLACE_EXISTING);
      Files.move(files, root, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      // Another process was faster; its files are as good.
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("cannot move files within " + cache + "; choose a folder on a local disk as data cache", e);
    } finally {
      delete(work);
    }
  }

  /** With the system's lists of packages or, where they are missing or old, with lists of our own. */
  private void download(String debianPackage, Path work) throws IOException {
    try {
      run(debianPackage, work, "apt-get", "download", "--quiet", debianPackage);
    } catch (PackageManagerFailedException e) {
      Path lists = Files.createDirectories(cache.resolve("lists/partial")).getParent();
      String[] own = {"-o", "Dir::State::lists=" + lists, "-o", "Dir::Cache=" + work};
      run(debianPackage, work, "apt-get", own[0], own[1], own[2], own[3], "update", "--quiet");
      run(debianPackage, work, "apt-get", own[0], own[1], own[2], own[3], "download", "--quiet", debianPackage);
    }
  }

  private String run(String debianPackage, Path folder, String... command) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException(
          ("the data of these runs comes from Debian package '%s', but '%s' is not to be found here. "
                  + "Run on Debian, or unpack the package elsewhere and put its files into %s")
              .formatted(debianPackage, command[0], cache.resolve(debianPackage)),
          e);
    }
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      int status = process.waitFor();
      if (status != 0) {
        throw new PackageManagerFailedException(
            "'%s' failed with status %d: %s. Look whether this machine reaches its package source"
                .formatted(String.join(" ", Arrays.asList(command)), status, output.strip()));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while fetching package '" + debianPackage + "'", e);
    }
    return output;
  }

  /** The package manager is there, but did not do what was asked. */
  private static final class PackageManagerFailedException extends IOException {
    private static final long serialVersionUID = 1;

    PackageManagerFailedException(String message) {
      super(message);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
