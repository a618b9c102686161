package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.tokenizer.hf.TokenizerDefinition;
import dev.galen.tokenizer.hf.TokenizerDirectory;
import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.stage.Stages;
import dev.galen.tokenizer.text.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages other than byte-level BPE's own take their places in the pipeline. */
class TokenizerPipelineStagesTest {

  @TempDir Path folder;
  private TokenizerDefinition definition;

  @BeforeEach
  void read() throws IOException {
    definition = TokenizerDirectory.read(Fixture.write(folder, root -> {}));
  }

  private Tokenizer with(Normalizer normalizer, PreTokenizer preTokenizer) {
    var stages = definition.stages();
    return new TokenizerPipeline(
        new TokenizerDefinition(
            new Stages(
                normalizer,
                preTokenizer == null ? stages.preTokenizer() : preTokenizer,
                stages.model(),
                stages.postProcessor(),
                stages.decoder()),
            definition.tokens(),
            false,
            definition.files()));
  }

  /** Leaves "xx" out where a stretch begins with it. A token that is looked for keeps its "mm". */
  private static Text behindTwo(Text text) {
    boolean begins = text.length() >= 2 && text.utf8()[0] == 'x' && text.utf8()[1] == 'x';
    return begins ? text.slice(2, text.length()) : text;
  }

  @Test
  void aNormalizerRewritesWhatLiesBetweenVerbatimTokens() throws IOException {
    var plain = TokenizerFiles.load(folder);
    var tokenizer = with(TokenizerPipelineStagesTest::behindTwo, null);
    // <mask> is cut out of the text as it is, mmHg out of the normalized text.
    int[] ids = tokenizer.encode("xxthe<|end|>mmHg<|end|>xxmmHgx", SpecialTokens.PARSE);
    assertArrayEquals(plain.encode("the<|end|>mmHg<|end|>mmHgx", SpecialTokens.PARSE), ids);
    assertArrayEquals(new int[0], tokenizer.encode("xx"));

    var encoding = tokenizer.encode("xxthe<|end|>xxmmHg", SpecialTokens.PARSE, true);
    assertArrayEquals(new int[] {2, 5, 14}, encoding.starts());
    assertArrayEquals(new int[] {5, 12, 18}, encoding.ends());
  }

  @Test
  void aPreTokenizerMayLeaveThingsOut() throws IOException {
    var plain = TokenizerFiles.load(folder);
    PreTokenizer letters =
        (text, start, end, words) -> {
          for (int i = start; i < end; i++) {
            if (text.utf8()[i] != ' ') {
              words.add(text, i, i + 1);
            }
          }
        };
    var tokenizer = with(Normalizer.NONE, letters);
    var encoding = tokenizer.encode("ab  c<pad> d", SpecialTokens.PARSE, true);
    int[] ids = {plain.encode("a")[0], plain.encode("b")[0], plain.encode("c")[0], 1};
    assertArrayEquals(ids, Arrays.copyOf(encoding.ids(), 4));
    assertArrayEquals(new int[] {0, 1, 4, 5, 11}, encoding.starts());
    assertEquals(5, encoding.size());
  }
}
