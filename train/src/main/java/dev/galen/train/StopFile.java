package dev.galen.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * Asks a run to stop where somebody makes a file: {@code trainer.hooks().stopWhen(new
 * StopFile(folder.resolve("stop")))}. The file is looked for ten times a second at most, since an
 * update may be shorter than a system call.
 */
public final class StopFile implements BooleanSupplier {
  private static final long NANOS_BETWEEN = 100_000_000;

  private final Path file;
  private long looked = System.nanoTime() - NANOS_BETWEEN;
  private boolean there;

  /** Looks for {@code file}, whatever is in it. */
  public StopFile(Path file) {
    this.file = file;
  }

  @Override
  public boolean getAsBoolean() {
    long now = System.nanoTime();
    if (!there && now - looked >= NANOS_BETWEEN) {
      looked = now;
      there = Files.exists(file);
    }
    return there;
  }
}
