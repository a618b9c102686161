package dev.galen.bench.peer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Tokenizers from Maven Central with GPT-2's vocabulary, on one thread. */
public final class JvmTokenizers {
  private static final String RANKS = "/com/knuddels/jtokkit/r50k_base.tiktoken";

  private JvmTokenizers() {}

  /** GPT-2's tokens by rank in tiktoken's format, out of jtokkit's jar. */
  public static InputStream ranks() throws IOException {
    InputStream ranks = Encoding.class.getResourceAsStream(RANKS);
    if (ranks == null) {
      throw new IOException("jtokkit's jar holds no " + RANKS);
    }
    return ranks;
  }

  /** jtokkit's {@code encodeOrdinary}. */
  public static Work jtokkit(List<String> texts, int ids) {
    Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
    return checked(texts, ids, text -> encoding.encodeOrdinary(text).size());
  }

  /**
   * HuggingFace's tokenizers through DJL, without special tokens, truncation or padding.
   *
   * @param directory holds {@code tokenizer.json}
   */
  public static Work djl(Path directory, List<String> texts, int ids) throws IOException {
    System.setProperty("OPT_OUT_TRACKING", "true"); // DJL may report its use otherwise
    System.setProperty("slf4j.internal.verbosity", "ERROR"); // its log is not read
    HuggingFaceTokenizer tokenizer =
        HuggingFaceTokenizer.builder()
            .optTokenizerPath(directory)
            .optAddSpecialTokens(false)
            .optTruncation(false)
            .optPadding(false)
            .build();
    Work work = checked(texts, ids, text -> tokenizer.encode(text).getIds().length);
    return new Work() {
      @Override
      public double run(int times) throws IOException {
        return work.run(times);
      }

      @Override
      public void close() {
        tokenizer.close();
      }
    };
  }

  private interface Count {
    int of(String text);
  }

  /** Encodes all texts; the number of ids must be ours. */
  private static Work checked(List<String> texts, int ids, Count count) {
    return Work.of(
        () -> {
          int found = 0;
          for (String text : texts) {
            found += count.of(text);
          }
          if (found != ids) {
            throw new IllegalStateException(
                "a peer has %d ids for this text, Galen %d".formatted(found, ids));
          }
        });
  }
}
