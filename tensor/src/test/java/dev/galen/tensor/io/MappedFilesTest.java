package dev.galen.tensor.io;

import static dev.galen.tensor.io.RawFile.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensors;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is to blame where mapped memory cannot be read any more. */
final class MappedFilesTest {
  private static final int FLOATS = 100_000;
  private static final Error LOST =
      new InternalError("a fault occurred in an unsafe memory access operation");

  @TempDir Path dir;

  private Path write(String name) throws IOException {
    String header = "{" + tensor("w", "F32", "[" + FLOATS + "]", 0, 4 * FLOATS) + "}";
    return RawFile.write(dir.resolve(name), RawFile.of(header, 4 * FLOATS));
  }

  private static void shorten(Path path) throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(4096);
    }
  }

  private static String explain(Throwable fault) {
    String line = MappedFiles.explain(fault).orElseThrow();
    assertEquals(1, line.lines().count(), line);
    return line;
  }

  @Test
  void namesTheOneThatWasShortened() throws IOException {
    Path sound = write("sound.safetensors");
    Path model = write("model.safetensors");
    try (var a = SafetensorsFile.open(sound);
        var b = SafetensorsFile.open(model)) {
      shorten(model);
      String line = explain(new RuntimeException("in a worker", LOST));
      assertTrue(line.startsWith(model + " was shortened from "), line);
      assertTrue(line.contains(" to 4,096 bytes"), line);
      assertTrue(line.contains("mv"), line);
      assertEquals(line, explain(new IOException("Bad address")), "a save from mapped memory");
    }
  }

  /** As {@code cp} leaves it, once it is done. */
  @Test
  void namesTheOneThatWasOverwritten() throws IOException {
    Path model = write("model.safetensors");
    try (var file = SafetensorsFile.open(model)) {
      Files.setLastModifiedTime(model, FileTime.from(1, TimeUnit.DAYS));
      assertTrue(explain(LOST).startsWith(model + " was overwritten"), explain(LOST));
    }
  }

  @Test
  void blamesNoFileThatWasReplacedByARename() throws IOException {
    Path model = write("model.safetensors");
    try (var file = SafetensorsFile.open(model)) {
      Path other = Files.writeString(dir.resolve("other"), "short");
      Files.move(other, model, StandardCopyOption.REPLACE_EXISTING);
      assertTrue(explain(LOST).contains("(" + model + "): check the disk"), explain(LOST));
    }
  }

  @Test
  void forgetsWhatIsNotMappedAnyMore() throws IOException {
    Path model = write("model.safetensors");
    SafetensorsFile.open(model).close();
    shorten(model);
    assertTrue(explain(LOST).contains("not known which"), explain(LOST));
  }

  @Test
  void hasNothingToSayAboutOtherFaults() {
    assertEquals(Optional.empty(), MappedFiles.explain(new InternalError("another")));
    assertEquals(Optional.empty(), MappedFiles.explain(new IOException((String) null)));
    assertEquals(
        Optional.empty(), MappedFiles.explain(new RuntimeException(new IOException("No space"))));
  }

  /** The real thing, in a JVM of its own, which would have to bear a crash. */
  @Test
  void theJvmReportsLostMemoryAsThatError() throws Exception {
    Path model = write("model.safetensors");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(
                    File.pathSeparator,
                    SavingProcess.home(SafetensorsFile.class),
                    SavingProcess.home(Reader.class),
                    SavingProcess.home(JsonFactory.class)),
                Reader.class.getName(),
                model.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), output);
    assertEquals(2, output.lines().count(), output);
    for (String line : output.lines().toList()) {
      assertTrue(line.startsWith(model + " was shortened from 400,"), output);
    }
  }

  /** Computes with a mapped tensor whose file is shortened, and then writes it to another file. */
  static final class Reader {
    private Reader() {}

    public static void main(String[] args) throws IOException {
      Path model = Path.of(args[0]);
      var file = SafetensorsFile.open(model, Arena.ofAuto());
      var entry = file.entry("w");
      var mapped =
          Tensors.map(Device.REFERENCE.backend(), entry.dtype(), file.segment("w"), FLOATS);
      try (var channel = FileChannel.open(model, StandardOpenOption.WRITE)) {
        channel.truncate(4096);
      }
      try {
        System.out.println(mapped.add(1).toFloats()[FLOATS - 1]);
      } catch (Throwable e) {
        System.out.println(MappedFiles.explain(e).orElse(e.toString()));
      }
      var data = new NamedTensorData("w", entry.dtype(), entry.shape(), () -> file.segment("w"));
      try {
        SafetensorsWriter.write(model.resolveSibling("copy"), List.of(data), Map.of());
        System.out.println("written");
      } catch (Throwable e) {
        System.out.println(MappedFiles.explain(e).orElse(e.toString()));
      }
    }
  }
}
