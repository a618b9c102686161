package dev.galen.tensor.io;

import com.fasterxml.jackson.core.JsonFactory;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process of its own that saves the same model over and over, each time with another value in
 * every byte, until somebody ends it. It prints a line after each save, and the error that ends it.
 */
final class SavingProcess {
  static final int TENSORS = 4;
  static final int TENSOR_BYTES = 3 << 20;

  private SavingProcess() {}

  /** Starts saving to {@code dir}, in one file or in one per tensor, behind {@code prefix}. */
  static Process start(Path dir, boolean sharded, int firstValue, String... prefix)
      throws IOException {
    var command = new ArrayList<>(List.of(prefix));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            String.join(
                File.pathSeparator,
                home(SafetensorsWriter.class),
                home(SavingProcess.class),
                home(JsonFactory.class)),
            SavingProcess.class.getName(),
            dir.toString(),
            Boolean.toString(sharded),
            Integer.toString(firstValue)));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  // Where a class was loaded from. Not its code source: tests are patched into the module they
  // test,
  // and would claim to come from there.
  static String home(Class<?> type) {
    String name = type.getName().replace('.', '/') + ".class";
    String url = type.getResource("/" + name).toString();
    String home = url.substring(0, url.length() - name.length());
    if (home.startsWith("jar:")) {
      home = home.substring("jar:".length(), home.length() - "!/".length());
    }
    try {
      return Path.of(new URI(home)).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** One save, in one file or in one per tensor. */
  static void save(Path dir, boolean sharded, int value) throws IOException {
    var data = MemorySegment.ofArray(new byte[TENSOR_BYTES]).fill((byte) value);
    var tensors = new ArrayList<NamedTensorData>();
    for (int i = 0; i < TENSORS; i++) {
      tensors.add(NamedTensorData.of("t" + i, DType.U8, Shape.of(TENSOR_BYTES), data));
    }
    SafetensorsWriter.writeSharded(dir, tensors, Map.of(), sharded ? TENSOR_BYTES : Long.MAX_VALUE);
  }

  /** Arguments: directory, whether sharded, value of the first save. */
  public static void main(String[] args) {
    try {
      for (int value = Integer.parseInt(args[2]); ; value = (value + 1) % 128) {
        save(Path.of(args[0]), Boolean.parseBoolean(args[1]), value);
        System.out.println("saved " + value);
      }
    } catch (IOException e) {
      System.out.println(e.getMessage());
      System.exit(2);
    }
  }
}
