package dev.galen.tensor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
  @TempDir Path dir;

  private List<String> files() throws IOException {
    try (var files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static long distinct(byte[] bytes) {
    var seen = new BitSet();
    for (byte b : bytes) {
      seen.set(b & 0xff);
    }
    return seen.cardinality();
  }

  @Test
  void createsAndReplaces() throws IOException {
    Path path = dir.resolve("config.json");
    AtomicFile.writeString(path, "{\"é\": 1}");
    assertEquals("{\"é\": 1}", Files.readString(path));
    AtomicFile.write(path, new byte[] {1, 2});
    assertEquals(2, Files.size(path));
    AtomicFile.write(path, channel -> {});
    assertEquals(0, Files.size(path));
    assertEquals(List.of("config.json"), files());
  }

  @Test
  void aRelativePathHasAFolderToo() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path path = here.relativize(dir.toRealPath().resolve("x"));
    AtomicFile.writeString(path, "1");
    assertEquals("1", Files.readString(dir.resolve("x")));
  }

  @Test
  void theOldFileStandsUntilTheNewOneIsWhole() throws IOException {
    Path path = dir.resolve("x");
    AtomicFile.writeString(path, "old");
    AtomicFile.write(
        path,
        channel -> {
          channel.write(ByteBuffer.wrap(new byte[100]));
          assertEquals("old", Files.readString(path));
        });
    assertEquals(100, Files.size(path));
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
    Path path = dir.resolve("x");
    AtomicFile.writeString(path, "old");
    var full = new IOException("No space left on device");
    var e =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    path,
                    channel -> {
                      channel.write(ByteBuffer.wrap(new byte[100]));
                      throw full;
                    }));
    assertEquals(
        "cannot write " + path + ": No space left on device; make room, or choose another folder",
        e.getMessage());
    assertEquals(full, e.getCause());
    var bug = new IllegalStateException("bug");
    var thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                AtomicFile.write(
                    path,
                    channel -> {
                      throw bug;
                    }));
    assertEquals(bug, thrown);
    assertEquals("old", Files.readString(path));
    assertEquals(List.of("x"), files());
  }

  @Test
  void namesFoldersThatAreMissingOrInTheWay() throws IOException {
    Path absent = dir.resolve("absent/x");
    var e = assertThrows(IOException.class, () -> AtomicFile.writeString(absent, ""));
    assertEquals(
        "cannot write " + absent + ": no such folder as " + absent.getParent(), e.getMessage());
    e = assertThrows(IOException.class, () -> AtomicFile.writeString(dir, ""));
    assertEquals("cannot write " + dir + ": it is a directory", e.getMessage());
  }

  @Test
  void aReadOnlyFolderIsNamed() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("folder"));
    Path path = folder.resolve("x");
    AtomicFile.writeString(path, "old");
    assumeTrue(folder.toFile().setWritable(false), "skipped: cannot make a folder read-only here");
    try {
      assumeTrue(!Files.isWritable(folder), "skipped: this user may write to read-only folders");
      var e = assertThrows(IOException.class, () -> AtomicFile.writeString(path, "new"));
      assertEquals("cannot write " + path + ": permission denied", e.getMessage());
      assertEquals("old", Files.readString(path));
    } finally {
      folder.toFile().setWritable(true);
    }
  }

  @Test
  void permissionsAreKeptAndOtherwiseUsual() throws IOException {
    boolean posix = dir.getFileSystem().supportedFileAttributeViews().contains("posix");
    assumeTrue(posix, "skipped: no POSIX permissions here");
    Path usual = Files.createFile(dir.resolve("usual"));
    Path path = dir.resolve("x");
    AtomicFile.writeString(path, "1");
    assertEquals(Files.getPosixFilePermissions(usual), Files.getPosixFilePermissions(path));
    var secret = PosixFilePermissions.fromString("rw-------");
    Files.setPosixFilePermissions(path, secret);
    AtomicFile.write(
        path,
        channel -> {
          for (String name : files()) {
            if (name.startsWith(".x.")) {
              assertEquals(secret, Files.getPosixFilePermissions(dir.resolve(name)));
            }
          }
        });
    assertEquals(secret, Files.getPosixFilePermissions(path));
  }

  @Test
  void aLinkIsReplacedAndItsTargetLeftAlone() throws IOException {
    Path blob = Files.writeString(dir.resolve("blob"), "shared");
    Path path = dir.resolve("x");
    try {
      Files.createSymbolicLink(path, blob);
    } catch (IOException | UnsupportedOperationException e) {
      assumeTrue(false, "skipped: no symbolic links here: " + e);
    }
    AtomicFile.writeString(path, "mine");
    assertFalse(Files.isSymbolicLink(path));
    assertEquals("shared", Files.readString(blob));
  }

  @Test
  void clearsAwayWhatDeadProcessesLeftAndNothingElse() throws IOException {
    Path path = dir.resolve("x");
    Files.writeString(dir.resolve(".x.0123456789abcdef.tmp"), "dead");
    Files.writeString(dir.resolve(".x.tmp"), "not ours");
    Files.writeString(dir.resolve(".xy.0123456789abcdef.tmp"), "another file's");
    AtomicFile.write(
        path,
        channel -> {
          assertEquals(3, files().size(), "ours, and two of others: " + files());
          // A second writer in the middle of the first leaves it alone.
          AtomicFile.writeString(path, "inner");
          assertTrue(channel.isOpen());
          channel.write(ByteBuffer.wrap(new byte[7]));
        });
    assertEquals(7, Files.size(path));
    assertEquals(List.of(".x.tmp", ".xy.0123456789abcdef.tmp", "x"), files());
  }

  @Test
  void twoWritersNeverMix() throws Exception {
    Path path = dir.resolve("x");
    var written = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      var bytes = new byte[100_000];
      Arrays.fill(bytes, (byte) i);
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int round = 0; round < 25; round++) {
                      try {
                        AtomicFile.write(path, bytes);
                        written.incrementAndGet();
                      } catch (IOException e) {
                        throw new UncheckedIOException(e);
                      }
                    }
                  }));
    }
    while (threads.stream().anyMatch(Thread::isAlive)) {
      if (Files.exists(path)) {
        byte[] found = Files.readAllBytes(path);
        assertEquals(100_000, found.length);
        assertEquals(1, distinct(found));
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(100, written.get(), "every one of them succeeds");
    assertEquals(List.of("x"), files());
  }

  /** Writes one file many times; what fails ends it with a stack trace. */
  static final class Writer {
    private static final int TIMES = 400;

    private Writer() {}

    public static void main(String[] args) throws IOException {
      for (int i = 0; i < TIMES; i++) {
        AtomicFile.writeString(Path.of(args[0]), args[1]);
      }
    }
  }

  private Process writer(Path path, String text) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            SavingProcess.home(AtomicFile.class)
                + File.pathSeparator
                + SavingProcess.home(Writer.class),
            Writer.class.getName(),
            path.toString(),
            text)
        .redirectErrorStream(true)
        .start();
  }

  @Test
  void twoProcessesWriteOneFileWithoutFailing() throws Exception {
    Path path = dir.resolve("x");
    List<Process> writers = List.of(writer(path, "one"), writer(path, "two"), writer(path, "six"));
    for (Process writer : writers) {
      String said = new String(writer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, writer.waitFor(), said);
    }
    assertEquals(3, Files.size(path));
    assertEquals(List.of("x"), files());
  }
}
