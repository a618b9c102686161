package dev.galen.model.engine;

/**
 * The bounds of an engine.
 *
 * @param kvBytes the most memory for keys and values, in bytes
 * @param mostRunning the most texts that are made side by side
 * @param mostWaiting the most requests that wait; one more is refused
 * @param prefillChunk the most tokens of prompts that are read between two tokens of the others
 * @param pageSize the number of positions whose keys and values are kept and shared as one
 */
public record EngineConfig(
    long kvBytes, int mostRunning, int mostWaiting, int prefillChunk, int pageSize) {
  /** 1 GiB, 32 texts side by side, 256 requests waiting, chunks of 256, pages of 16. */
  public static final EngineConfig DEFAULT = new EngineConfig(1L << 30, 32, 256, 256, 16);

  /** Checks that each is at least 1. */
  public EngineConfig {
    require("the bytes for keys and values", kvBytes);
    require("the most texts side by side", mostRunning);
    require("the most waiting requests", mostWaiting);
    require("the prefill chunk", prefillChunk);
    require("the page size", pageSize);
  }

  private static void require(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s is %d, must be at least 1".formatted(name, value));
    }
  }

  /** The same with another budget. */
  public EngineConfig withKvBytes(long bytes) {
    return new EngineConfig(bytes, mostRunning, mostWaiting, prefillChunk, pageSize);
  }

  /** The same with another number of texts side by side. */
  public EngineConfig withMostRunning(int count) {
    return new EngineConfig(kvBytes, count, mostWaiting, prefillChunk, pageSize);
  }

  /** The same with another number of waiting requests. */
  public EngineConfig withMostWaiting(int count) {
    return new EngineConfig(kvBytes, mostRunning, count, prefillChunk, pageSize);
  }

  /** The same with another chunk. */
  public EngineConfig withPrefillChunk(int tokens) {
    return new EngineConfig(kvBytes, mostRunning, mostWaiting, tokens, pageSize);
  }

  /** The same with pages of another size. */
  public EngineConfig withPageSize(int positions) {
    return new EngineConfig(kvBytes, mostRunning, mostWaiting, prefillChunk, positions);
  }
}
