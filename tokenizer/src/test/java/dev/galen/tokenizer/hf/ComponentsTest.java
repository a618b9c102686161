package dev.galen.tokenizer.hf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.Fixture;
import dev.galen.tokenizer.bpe.ByteLevelDecoder;
import dev.galen.tokenizer.post.Chain;
import dev.galen.tokenizer.post.OffsetTrimming;
import dev.galen.tokenizer.post.Template;
import dev.galen.tokenizer.post.Template.Special;
import dev.galen.tokenizer.post.Template.TextPart;
import dev.galen.tokenizer.split.ByteLevelSplit;
import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.stage.PostProcessor;
import dev.galen.tokenizer.stage.Stages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stages of a tokenizer.json, one by one. */
class ComponentsTest {

  private static final String TEMPLATE = "post_processor TemplateProcessing with ";

  @TempDir Path folder;

  private Stages stages(Consumer<ObjectNode> change) throws IOException {
    return TokenizerDirectory.read(Fixture.write(folder, change)).stages();
  }

  private Stages stages(String stage, String json) throws IOException {
    var node = Json.MAPPER.readTree(json);
    return stages(root -> root.set(stage, node));
  }

  private void assertRefused(String stage, String json, String message) {
    var e = assertThrows(IOException.class, () -> stages(stage, json), json);
    assertEquals(folder.resolve("tokenizer.json") + ": " + message, e.getMessage());
  }

  @Test
  void aStageThatIsLeftOutDoesNothing() throws IOException {
    var stages = stages(root -> root.remove(List.of("normalizer", "decoder", "post_processor")));
    assertSame(Normalizer.NONE, stages.normalizer());
    assertSame(PostProcessor.NONE, stages.postProcessor());
    assertEquals(new ByteLevelDecoder(), stages.decoder());
    var empty = "{\"type\": \"Sequence\", \"normalizers\": []}";
    assertSame(Normalizer.NONE, stages("normalizer", empty).normalizer());
  }

  @Test
  void aSequenceOfOneIsThatOne() throws IOException {
    var byteLevel = "[{\"type\": \"ByteLevel\", \"add_prefix_space\": true}]}";
    assertEquals(
        new ByteLevelSplit(true),
        stages("pre_tokenizer", "{\"type\": \"Sequence\", \"pretokenizers\": " + byteLevel)
            .preTokenizer());
    assertEquals(
        new ByteLevelDecoder(),
        stages("decoder", "{\"type\": \"Sequence\", \"decoders\": " + byteLevel).decoder());
    assertEquals(
        new OffsetTrimming(true),
        stages("post_processor", "{\"type\": \"Sequence\", \"processors\": " + byteLevel)
            .postProcessor());
  }

  @Test
  void aModelMayLeaveItsTypeOut() throws IOException {
    stages(root -> root.withObject("/model").remove("type"));
    assertRefused(
        "model",
        "{\"vocab\": {}}",
        "model of unknown type is not supported (only BPE, WordPiece, Unigram and WordLevel are)");
  }

  @Test
  void unknownTypesAreRefusedByFieldWhereverTheyStand() {
    assertRefused(
        "normalizer",
        "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Wonder\"}, null]}",
        "normalizer Wonder is not supported (only BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase,"
            + " Strip, StripAccents, Replace, Prepend, Nmt, Precompiled and ByteLevel are)");
    assertRefused(
        "pre_tokenizer",
        "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Wonder\"}]}",
        "pre_tokenizer Wonder is not supported (only ByteLevel, Whitespace, WhitespaceSplit,"
            + " BertPreTokenizer, Metaspace, Punctuation, Digits, Split, CharDelimiterSplit,"
            + " UnicodeScripts and FixedLength are)");
    assertRefused(
        "decoder",
        "{}",
        "decoder of unknown type is not supported (only ByteLevel, WordPiece, Metaspace,"
            + " BPEDecoder, CTC, ByteFallback, Fuse, Strip and Replace are)");
    assertRefused(
        "post_processor",
        "{\"type\": \"ByteLevel\", \"trim_offsets\": \"no\"}",
        "post_processor: trim_offsets is \"no\", expected true or false");
  }

  @Test
  void aTemplateHasEveryTextOnce() throws IOException {
    var a = "{\"Sequence\": {\"id\": \"A\", \"type_id\": 2}}";
    var b = "{\"Sequence\": {\"id\": \"B\", \"type_id\": 1}}";
    var one = "{\"type\": \"TemplateProcessing\", \"single\": [%s], \"pair\": [%s]}";
    assertEquals(
        new Template(List.of(new TextPart(0, 2)), List.of(new TextPart(1, 1), new TextPart(0, 2))),
        stages("post_processor", one.formatted(a, b + "," + a)).postProcessor());
    var alone = "{\"type\": \"TemplateProcessing\", \"single\": [%s]}".formatted(a);
    assertEquals(
        new Template(List.of(new TextPart(0, 2)), List.of(new TextPart(0, 0), new TextPart(1, 1))),
        stages("post_processor", alone).postProcessor());

    var only = " is not supported (only special tokens around one $A are)";
    var compact = a.replace(" ", "");
    assertRefused(
        "post_processor",
        one.formatted(a + "," + a, a),
        (TEMPLATE + "single [%s,%s]" + only)
            .formatted(compact, compact)
            .replaceFirst("(?<=single .{80}).*?(?= is not)", "..."));
    assertRefused(
        "post_processor",
        one.formatted(b, b),
        TEMPLATE + "single [" + b.replace(" ", "") + "]" + only);
    assertRefused(
        "post_processor",
        one.formatted(a, a),
        TEMPLATE
            + "pair ["
            + compact
            + "] is not supported (only special tokens around one $A and one $B are)");
    var c = a.replace("A", "C").replace(" ", "");
    assertRefused("post_processor", one.formatted(a, c), TEMPLATE + "pair " + c + only);
  }

  @Test
  void aSpecialTokenOfATemplateMayBeSeveral() throws IOException {
    var json =
        """
        {"type": "TemplateProcessing",
         "single": [{"Sequence": {"id": "A", "type_id": 0}},
                    {"SpecialToken": {"id": "end", "type_id": 3}}],
         "special_tokens": {"end": {"id": "end", "ids": [1, 0], "tokens": ["<pad>"]}}}
        """;
    var template = (Template) stages("post_processor", json).postProcessor();
    assertEquals(
        List.of(new TextPart(0, 0), new Special(1, "<pad>", 3), new Special(0, "end", 3)),
        template.single());
  }

  @Test
  void robertaTrimsAndAdds() throws IOException {
    var json =
        "{\"type\": \"RobertaProcessing\", \"cls\": [\"<|endoftext|>\", 0], \"sep\": [\"<pad>\", 1],"
            + " \"add_prefix_space\": false}";
    var links = ((Chain) stages("post_processor", json).postProcessor()).links();
    assertEquals(new OffsetTrimming(false), links.getFirst());
    assertEquals(2, links.size());
  }

  /** As transformers' GPT2Tokenizer puts its ends around two texts. */
  @Test
  void theEndsOfABareVocabularySurviveASave() throws IOException {
    var definition = TokenizerDirectory.read(Fixture.write(folder, root -> {}));
    var bare = folder.resolve("bare");
    TokenizerDirectory.write(bare, definition);
    Files.delete(bare.resolve("tokenizer.json"));
    Files.writeString(
        bare.resolve("tokenizer_config.json"),
        "{\"add_bos_token\": true, \"add_eos_token\": true, \"eos_token\": \"<pad>\","
            + " \"split_special_tokens\": true}");
    var read = TokenizerDirectory.read(bare);
    assertEquals(true, read.specialTokensAreText());
    var template = (Template) read.stages().postProcessor();
    assertEquals(
        List.of(
            new Special(0, "<|endoftext|>", 0),
            new TextPart(0, 0),
            new Special(1, "<pad>", 0),
            new Special(0, "<|endoftext|>", 1),
            new TextPart(1, 1),
            new Special(1, "<pad>", 1)),
        template.pair());
    var saved = folder.resolve("saved");
    TokenizerDirectory.write(saved, read);
    assertEquals(template, TokenizerDirectory.read(saved).stages().postProcessor());
  }
}
