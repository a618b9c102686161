package dev.galen.bench.peer;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * llm.c's CPU program (github.com/karpathy/llm.c), compiled from the user's own copy of its sources
 * with the flags of its Makefile.
 */
public final class LlmcPeer implements AutoCloseable {
  private static final int MAGIC = 20240326;
  private static final int VERSION = 3;
  private static final int HEADER_INTS = 256;
  private static final int CONTEXT = 1024;
  private static final int VOCABULARY = 50257;
  private static final int LAYERS = 12;
  private static final int HEADS = 12;
  private static final int CHANNELS = 768;

  /** A multiple of 128. */
  private static final int PADDED_VOCABULARY = 50304;

  private static final String DRIVER = "llmc.c";
  private static final String PROGRAM = "llmc";
  private static final String CHECKPOINT = "random.bin";
  private static final List<String> FILES = List.of(DRIVER, PROGRAM, CHECKPOINT);

  private final Path folder;

  private LlmcPeer(Path folder) {
    this.folder = folder;
  }

  /**
   * Compiles the program and writes a checkpoint of random weights, both in a temporary folder.
   *
   * @param sources llm.c's folder
   * @throws IOException if sources or compiler are missing
   */
  public static LlmcPeer compile(Path sources) throws IOException {
    if (!Files.exists(sources.resolve("train_gpt2.c"))) {
      throw new NoSuchFileException(sources + ": holds no train_gpt2.c, so it is not llm.c");
    }
    Path folder = Files.createTempDirectory("galen-llmc");
    deleteOnExit(folder);
    var peer = new LlmcPeer(folder);
    try {
      try (InputStream in = LlmcPeer.class.getResourceAsStream(DRIVER)) {
        Files.copy(in, folder.resolve(DRIVER));
      }
      compile(sources, folder);
      writeCheckpoint(folder.resolve(CHECKPOINT));
    } catch (IOException e) {
      peer.close();
      throw e;
    }
    return peer;
  }

  /** For where Ctrl-C leaves no time to close; the JVM deletes the last named first. */
  private static void deleteOnExit(Path folder) {
    folder.toFile().deleteOnExit();
    for (String name : FILES) {
      folder.resolve(name).toFile().deleteOnExit();
    }
  }

  private static void compile(Path sources, Path folder) throws IOException {
    Process gcc =
        new ProcessBuilder(
                "gcc",
                "-Ofast",
                "-march=native",
                "-fopenmp",
                "-DOMP",
                "-w",
                "-I" + sources.toAbsolutePath(),
                folder.resolve(DRIVER).toString(),
                "-lm",
                "-o",
                folder.resolve(PROGRAM).toString())
            .inheritIO()
            .start();
    try {
      if (gcc.waitFor() != 0) {
        throw new IOException("gcc could not compile llm.c in " + sources);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void writeCheckpoint(Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      var header = ByteBuffer.allocate(4 * HEADER_INTS).order(ByteOrder.nativeOrder());
      header.putInt(MAGIC).putInt(VERSION).putInt(CONTEXT).putInt(VOCABULARY);
      header.putInt(LAYERS).putInt(HEADS).putInt(CHANNELS).putInt(PADDED_VOCABULARY);
      out.write(header.array());
      var random = new SplittableRandom(1);
      var weights = ByteBuffer.allocate(4 * CHANNELS).order(ByteOrder.nativeOrder());
      for (long i = 0; i < parameters() / CHANNELS; i++) {
        weights.clear();
        for (int j = 0; j < CHANNELS; j++) {
          weights.putFloat(0.02f * random.nextInt() * 0x1p-31f);
        }
        out.write(weights.array());
      }
    }
  }

  /** Embeddings, twelve matrices' worth and thirteen vectors' a block, the last norm. */
  private static long parameters() {
    long perLayer = 12L * CHANNELS * CHANNELS + 13L * CHANNELS;
    return (PADDED_VOCABULARY + CONTEXT + 2L) * CHANNELS + LAYERS * perLayer;
  }

  /** Training steps of GPT-2 124M on {@code [batch, time]} random tokens. */
  public Work trainStep(int batch, int time, int threads) throws IOException {
    var builder =
        new ProcessBuilder(
            folder.resolve(PROGRAM).toString(),
            folder.resolve(CHECKPOINT).toString(),
            Integer.toString(batch),
            Integer.toString(time));
    builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
    var lines = new JsonLines("llm.c", builder);
    return new Work() {
      @Override
      public double run(int times) throws IOException {
        return lines.ask(JsonLines.object().put("times", times)).get("seconds").doubleValue();
      }

      @Override
      public void close() throws IOException {
        lines.close();
      }
    };
  }

  @Override
  public void close() throws IOException {
    for (String name : FILES) {
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.deleteIfExists(folder);
  }
}
