package dev.galen.model.engine;

import dev.galen.model.Inputs;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import java.util.List;

/**
 * A cache for each text of a model with an encoder, which reads its prompt when the text begins.
 * Every text has the memory that it can need from its beginning on, and steps of its own.
 */
final class EncodedCaches implements SequenceMemory {
  private final Seq2SeqLm model;
  private final long budget;
  private long used;

  private record Encoded(KvCache cache, long bytes) implements Kept {
    @Override
    public int length() {
      return cache.length();
    }
  }

  EncodedCaches(Seq2SeqLm model, EngineConfig config) {
    this.model = model;
    budget = config.kvBytes();
  }

  @Override
  public Kept begin(Text text) {
    int[] prompt = text.job().request().prompt();
    KvCache cache;
    try (var scope = MemoryScope.open("encoder")) {
      Tensor ids_1T = Tensors.of(model.backend(), prompt, 1, prompt.length);
      cache = model.newCache(Inputs.of(ids_1T), text.limit());
    }
    // The encoder's keys and values are as wide as the decoder's.
    long bytes = cache.bytesPerPosition() * (cache.capacity() + prompt.length);
    if (used + bytes > budget) {
      cache.close();
      return null;
    }
    used += bytes;
    return new Encoded(cache, bytes);
  }

  @Override
  public boolean reserve(Kept kept, int positions) {
    return true; // it had all from the beginning
  }

  @Override
  public KvCache cache(List<Kept> rows) {
    return ((Encoded) rows.getFirst()).cache();
  }

  @Override
  public void share(Kept kept, Text text) {
    // Prompts are the encoder's, and each text has its own.
  }

  @Override
  public void forget(Kept kept) {
    // It was never shared.
  }

  @Override
  public void release(Kept kept) {
    var encoded = (Encoded) kept;
    used -= encoded.bytes();
    encoded.cache().close();
  }

  @Override
  public boolean joins() {
    return false;
  }

  @Override
  public int mostPositions() {
    return model.maxLength();
  }

  @Override
  public long used() {
    return used;
  }

  @Override
  public void close() {
    // Every text has been released.
  }
}
