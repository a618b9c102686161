package dev.galen.model.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it is told. */
final class Heard implements TokenListener {
  private final List<GeneratedToken> tokens = new ArrayList<>();
  private final List<SequenceEnd> ends = new ArrayList<>();
  private GenerationUsage usage;

  @Override
  public synchronized void onToken(GeneratedToken token) {
    tokens.add(token);
  }

  @Override
  public synchronized void onEnd(SequenceEnd end) {
    ends.add(end);
  }

  @Override
  public synchronized void onDone(GenerationUsage used) {
    assertTrue(usage == null, "told twice that it is done");
    usage = used;
  }

  /** Submits, waits and gives what came. */
  static Heard all(Engine engine, GenerationRequest request) throws InterruptedException {
    var heard = new Heard();
    await(engine.submit(request, heard));
    heard.ends().forEach(end -> org.junit.jupiter.api.Assertions.assertEquals(null, end.error()));
    return heard;
  }

  static void await(Generation generation) throws InterruptedException {
    assertTrue(generation.await(Duration.ofSeconds(60)), "not done within a minute");
  }

  synchronized int[] ids(int sequence) {
    return tokens.stream()
        .filter(token -> token.sequence() == sequence)
        .mapToInt(GeneratedToken::id)
        .toArray();
  }

  synchronized List<GeneratedToken> tokens() {
    return List.copyOf(tokens);
  }

  synchronized SequenceEnd end(int sequence) {
    return ends.stream().filter(end -> end.sequence() == sequence).findFirst().orElseThrow();
  }

  synchronized List<SequenceEnd> ends() {
    return List.copyOf(ends);
  }

  synchronized GenerationUsage usage() {
    return usage;
  }

  /** All that a request was given, log-probabilities by their bits. */
  synchronized String bits() {
    var bits = new StringBuilder();
    for (GeneratedToken token : tokens) {
      bits.append(
          "%d %d %x;"
              .formatted(
                  token.sequence(),
                  token.id(),
                  Double.doubleToRawLongBits(token.logProbability())));
    }
    return bits.toString();
  }
}
