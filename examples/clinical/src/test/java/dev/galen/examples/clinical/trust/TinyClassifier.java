package dev.galen.examples.clinical.trust;

import dev.galen.model.pretrained.Pretrained;
import java.io.IOException;
import java.nio.file.Path;

/** A classifier on disk, for tests of commands. */
public final class TinyClassifier {
  private TinyClassifier() {}

  /** Writes a GPT-2 with the classes no, yes, maybe, and its tokenizer. */
  public static Path save(Path folder) throws IOException {
    Pretrained.save(TinyExplained.gpt2(), TinyExplained.tokenizer(), folder);
    return folder;
  }
}
