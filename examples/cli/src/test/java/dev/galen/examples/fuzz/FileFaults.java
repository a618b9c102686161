package dev.galen.examples.fuzz;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The library of {@code filefaults.c}: what a JVM that was started with it does to files can be
 * counted, ended at a chosen operation, or find the disk full from there on.
 */
public final class FileFaults {
  private static final int FULL = 2;

  private final MethodHandle arm;
  private final MethodHandle disarm;

  /** The library {@code preloaded} of this process. */
  public FileFaults(Path preloaded) {
    var symbols = SymbolLookup.libraryLookup(preloaded, Arena.global());
    var linker = Linker.nativeLinker();
    this.arm =
        linker.downcallHandle(
            symbols.findOrThrow("fault_arm"),
            FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_INT));
    this.disarm =
        linker.downcallHandle(
            symbols.findOrThrow("fault_disarm"), FunctionDescriptor.of(JAVA_LONG));
  }

  /** Compiles the library; empty where there is no C compiler or no such preloading. */
  public static Optional<Path> compile(Path folder) throws IOException, InterruptedException {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    Path source = folder.resolve("filefaults.c");
    try (InputStream text = FileFaults.class.getResourceAsStream("filefaults.c")) {
      Files.copy(text, source);
    }
    Path library = folder.resolve("filefaults.so");
    var command =
        new ProcessBuilder(
            "cc", "-O1", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl");
    Process compiler;
    try {
      compiler = command.redirectErrorStream(true).start();
    } catch (IOException noCompiler) {
      return Optional.empty();
    }
    String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (compiler.waitFor() != 0) {
      throw new IOException("cc refuses filefaults.c: " + said);
    }
    return Optional.of(library);
  }

  /** Lets the disk of {@code folder} be full from this process's {@code at}th operation on. */
  public void fillDisk(Path folder, long at) {
    try (var arena = Arena.ofConfined()) {
      arm.invokeExact(arena.allocateFrom(folder.toString()), at, FULL);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Gives the disk room again; returns how many operations were refused. */
  public long makeRoom() {
    try {
      return (long) disarm.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
