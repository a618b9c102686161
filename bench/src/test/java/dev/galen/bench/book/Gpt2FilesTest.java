package dev.galen.bench.book;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingType;
import dev.galen.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Gpt2FilesTest {
  /** jtokkit merges by rank and has no merges' file, so it does not share our derivation. */
  @Test
  void derivedMergesEncodeAsRanksDo(@TempDir Path folder) throws IOException {
    var ours = TokenizerFiles.load(new Gpt2Files(folder).tokenizer());
    var jtokkit = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
    assertEquals(50257, ours.vocabularySize());
    for (String text : EnglishText.lines().subList(0, 2000)) {
      assertArrayEquals(jtokkit.encodeOrdinary(text).toArray(), ours.encode(text), text);
    }
    String hard = "naïve\u00a0Größe 😀 don't  x\t\n 12345 ¿qué?";
    assertArrayEquals(jtokkit.encodeOrdinary(hard).toArray(), ours.encode(hard));
  }
}
