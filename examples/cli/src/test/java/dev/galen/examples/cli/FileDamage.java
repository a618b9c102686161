package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/** What can stand where a file is expected. */
enum FileDamage {
  FOLDER {
    @Override
    void put(Path file, byte[] sound) throws IOException {
      Files.createDirectory(file);
    }
  },
  NOT_UTF8 {
    @Override
    void put(Path file, byte[] sound) throws IOException {
      byte[] bytes = sound.clone();
      bytes[bytes.length / 2] = (byte) 0xff;
      Files.write(file, bytes);
    }
  },
  /** As Windows' Notepad saves what it calls Unicode. */
  UTF16 {
    @Override
    void put(Path file, byte[] sound) throws IOException {
      String text = new String(sound, StandardCharsets.UTF_8);
      Files.write(file, ("\ufeff" + text).getBytes(StandardCharsets.UTF_16LE));
    }
  },
  EMPTY {
    @Override
    void put(Path file, byte[] sound) throws IOException {
      Files.createFile(file);
    }
  },
  TRUNCATED {
    @Override
    void put(Path file, byte[] sound) throws IOException {
      Files.write(file, Arrays.copyOf(sound, sound.length / 2));
    }
  },
  /** As some file systems leave a file after a crash. */
  ZEROS {
    @Override
    void put(Path file, byte[] sound) throws IOException {
      Files.write(file, new byte[sound.length]);
    }
  },
  UNREADABLE {
    @Override
    void put(Path file, byte[] sound) throws IOException {
      Files.write(file, sound);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    }

    @Override
    void assume(Path folder) throws IOException {
      Path file = folder.resolve("unreadable");
      put(file, new byte[1]);
      boolean readable = Files.isReadable(file);
      Files.delete(file);
      assumeTrue(!readable, "skipped: this user may read every file, as root may");
    }
  },
  DANGLING_LINK {
    @Override
    void put(Path file, byte[] sound) throws IOException {
      Files.createSymbolicLink(file, Path.of("nowhere"));
    }
  },
  LINK_TO_ITSELF {
    @Override
    void put(Path file, byte[] sound) throws IOException {
      Files.createSymbolicLink(file, file.getFileName());
    }
  },
  /** A file whose first byte is an input/output error. */
  FAILING_DISK {
    @Override
    void put(Path file, byte[] sound) throws IOException {
      Files.createSymbolicLink(file, Path.of("/proc/self/mem"));
    }

    @Override
    void assume(Path folder) {
      assumeTrue(
          Files.exists(Path.of("/proc/self/mem")), "skipped: there is no file that cannot be read");
    }
  };

  /**
   * Puts it there.
   *
   * @param file where nothing stands
   * @param sound what stood there
   */
  abstract void put(Path file, byte[] sound) throws IOException;

  /** Skips the test where this user or system cannot have it. */
  void assume(Path folder) throws IOException {}
}
