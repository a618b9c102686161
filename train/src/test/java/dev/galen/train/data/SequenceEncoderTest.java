package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Packing, masking and shortening, counted by hand: one token is one word here. */
class SequenceEncoderTest {

  private static final int END = WordTokenizer.END;
  private static final Origin HERE = new Origin("data.jsonl", 7);

  private final WordTokenizer tokenizer = new WordTokenizer();

  private SequenceEncoder encoder(int maxLength) {
    return SequenceEncoder.of(tokenizer, 1000, maxLength);
  }

  private String said(TokenSequence sequence) {
    return tokenizer.decode(sequence.inputIds());
  }

  /** The words whose labels count. */
  private String learned(TokenSequence sequence) {
    return tokenizer.decode(Arrays.stream(sequence.labels()).filter(i -> i != -100).toArray());
  }

  @Test
  void questionTrainsTheCompletionAndTheEnd() {
    var example = new QuestionExample("1", "Is it so?", "We saw it.", "It is so.", "yes");
    var sequence = encoder(64).encode(List.of(example)).getFirst();
    assertEquals(
        "Question: Is it so?\nContext: We saw it.\nAnswer: It is so.\nDecision: yes<|endoftext|>",
        said(sequence));
    assertEquals(" It is so.\nDecision: yes<|endoftext|>", learned(sequence));
    // Question: Is it so? (4) Context: We saw it. (4) Answer: (1) are masked.
    for (int t = 0; t < sequence.length(); t++) {
      assertEquals(t < 9 ? -100 : sequence.inputIds()[t], sequence.labels()[t]);
    }
    assertEquals(6, sequence.tokens());
    assertFalse(sequence.shortened());
  }

  @Test
  void contextLosesItsFrontFirst() {
    var example = new QuestionExample("1", "Is it so?", "a b c d e f", "It is so.", null);
    // 5 for question and answer heading, 1 for the context's, 4 for the completion: 13 leaves 3.
    var sequence = encoder(13).encode(List.of(example)).getFirst();
    assertEquals(
        "Question: Is it so?\nContext: d e f\nAnswer: It is so.<|endoftext|>", said(sequence));
    assertEquals(4, sequence.tokens());
    assertTrue(sequence.shortened());
    // No room for the context at all: its heading goes too.
    var bare = encoder(10).encode(List.of(example)).getFirst();
    assertEquals("Question: Is it so?\nAnswer: It is so.<|endoftext|>", said(bare));
    assertEquals(9, bare.length());
  }

  @Test
  void answerLosesItsEndNextAndTheQuestionStays() {
    var example = new QuestionExample("1", "Is it so?", "a b c", "It is so.", "yes");
    var sequence = encoder(7).encode(List.of(example)).getFirst();
    assertEquals("Question: Is it so?\nAnswer: It is", said(sequence));
    assertEquals(" It is", learned(sequence));
    var tooLong = new QuestionExample("1", "Is it so?", "", "It is so.", "yes", HERE);
    String message = refusal(encoder(5), tooLong);
    assertTrue(
        message.startsWith("data.jsonl:7: the question alone takes 5 tokens and 4"), message);
  }

  @Test
  void longContextsAreShortenedToWhatFits() {
    String context =
        String.join(" ", IntStream.range(0, 500).mapToObj(i -> "w".repeat(1 + i % 17)).toList());
    var example = new QuestionExample("1", "Is it so?", context, "It is so.", "no");
    for (int length = 20; length < 300; length += 7) {
      var sequence = encoder(length).encode(List.of(example)).getFirst();
      assertTrue(sequence.length() <= length);
      assertTrue(sequence.length() > length - 10, sequence.length() + " of " + length);
      assertEquals(" It is so.\nDecision: no<|endoftext|>", learned(sequence));
    }
  }

  @Test
  void promptLeavesRoomToGenerate() {
    var example = new QuestionExample("1", "Is it so?", "a b c d e f", "unseen", null);
    assertEquals(
        "Question: Is it so?\nContext: e f\nAnswer:",
        tokenizer.decode(encoder(16).prompt(example, 8)));
  }

  @Test
  void promptAndCompletionAsTheyStand() {
    var encoder = encoder(6);
    var whole = encoder.encode(List.of(new PromptExample("a b", " c d"))).getFirst();
    assertEquals("a b c d<|endoftext|>", said(whole));
    assertEquals(" c d<|endoftext|>", learned(whole));
    var longPrompt = encoder.encode(List.of(new PromptExample("a b c d e f", " g h"))).getFirst();
    assertEquals(" d e f g h<|endoftext|>", said(longPrompt));
    var bothLong = encoder.encode(List.of(new PromptExample("a b c d e f", " g h i j"))).getFirst();
    assertEquals(" d e f g h i", said(bothLong));
    assertEquals(" g h i", learned(bothLong));
    assertTrue(bothLong.shortened());
  }

  private static final int BEGIN = 1;
  private static final int SEPARATOR = 2;

  /** What {@code encoder} makes of examples, with ids 1 and 2 around each text. */
  private static List<String> framed(
      int[] before, int[] after, int length, boolean packed, Example... examples) {
    var words = new WordTokenizer(before, after);
    var encoder = SequenceEncoder.of(words, 1000, length);
    return (packed ? encoder.withPacking() : encoder)
        .encode(List.of(examples)).stream().map(s -> words.decode(s.inputIds())).toList();
  }

  @Test
  void aPostProcessorsTokensStandAroundEveryText() {
    int[] begin = {BEGIN};
    int[] separator = {SEPARATOR};
    var question = new QuestionExample("1", "Is it so?", "a b c d e f", "It is so.", null);
    assertEquals(
        List.of(
            "<1>Question: Is it so?\nContext: d e f\nAnswer: It is so.<2><|endoftext|>",
            "<1>a b c d<2><|endoftext|>",
            "<1>a b<2><|endoftext|>"),
        framed(
            begin,
            separator,
            15,
            false,
            question,
            new PromptExample("a b", " c d"),
            new TextExample("a b")));
    assertEquals(
        List.of("<1> e f g<2><|endoftext|>"),
        framed(begin, separator, 6, false, new PromptExample("a b c d e f", " g")),
        "a prompt loses its front, but not what stands before every text");
    assertEquals(
        List.of("<1>a b<2><|endoftext|><1>c<2>"),
        framed(begin, separator, 64, true, new TextExample("a b"), new TextExample("c")));
  }

  @Test
  void theEndOfTextDoesNotComeTwice() {
    int[] none = {};
    int[] end = {END};
    assertEquals(
        List.of("a b<|endoftext|>", "c d<|endoftext|>"),
        framed(none, end, 64, false, new TextExample("a b"), new PromptExample("c", " d")));
    assertEquals(
        List.of("a b<|endoftext|>c<|endoftext|>"),
        framed(none, end, 64, true, new TextExample("a b"), new TextExample("c")));
    assertEquals(
        List.of("<|endoftext|>a b<|endoftext|>c"),
        framed(end, none, 64, true, new TextExample("a b"), new TextExample("c")));
    assertEquals(
        List.of("<|endoftext|>a b<|endoftext|>"),
        framed(end, none, 64, false, new TextExample("a b")));
  }

  @Test
  void promptsBeginAsTrainingDoesAndDoNotEnd() {
    var words = new WordTokenizer(new int[] {BEGIN}, new int[] {SEPARATOR});
    var example = new QuestionExample("1", "Is it so?", "a b c d e f", "unseen", null);
    var encoder = SequenceEncoder.of(words, 1000, 16);
    assertEquals(
        "<1>Question: Is it so?\nContext: f\nAnswer:", words.decode(encoder.prompt(example, 8)));
    var e = assertThrows(IllegalArgumentException.class, () -> SequenceEncoder.of(words, 1000, 2));
    assertEquals(
        "length 2; the tokenizer puts 1 tokens in front of every text, so take at least 3",
        e.getMessage());
  }

  @Test
  void documentsArePackedIntoFullBlocks() {
    var documents =
        List.of(new TextExample("a b c"), new TextExample("d e"), new TextExample("f g h i"));
    var blocks = encoder(4).withPacking().encode(documents);
    // a b c END | d e END f | g h i: an end between documents, none behind the last.
    assertEquals(3, blocks.size());
    assertEquals("a b c<|endoftext|>", said(blocks.get(0)));
    assertEquals("d e<|endoftext|>f", said(blocks.get(1)));
    assertEquals(" g h i", said(blocks.get(2)));
    for (TokenSequence block : blocks) {
      assertArrayEquals(block.inputIds(), block.labels());
      assertEquals(block.length() - 1, block.tokens());
    }
  }

  @Test
  void aRemainderOfOneTokenIsLeftOut() {
    var blocks = encoder(2).withPacking().encode(List.of(new TextExample("a b c d e")));
    assertEquals(2, blocks.size());
    assertEquals(" c d", said(blocks.get(1)));
  }

  @Test
  void documentsOneByOneEndEach() {
    var documents = List.of(new TextExample("a b c d e"), new TextExample("f"));
    var sequences = encoder(4).encode(documents);
    assertEquals(3, sequences.size());
    assertEquals("a b c d", said(sequences.get(0)));
    assertEquals(" e<|endoftext|>", said(sequences.get(1)));
    assertEquals("f<|endoftext|>", said(sequences.get(2)));
  }

  @Test
  void tokenisedSequencesGoThroughUnchanged() {
    int[] ids = {5, 0, 999};
    int[] labels = {-100, 0, 999};
    var encoder = SequenceEncoder.ofTokens(1000, 3);
    var sequence = encoder.encode(List.of(new TokenExample(ids, labels))).getFirst();
    assertArrayEquals(ids, sequence.inputIds());
    assertArrayEquals(labels, sequence.labels());
    assertEquals(2, sequence.tokens());
    var text = encoder.encode(List.of(new TokenExample(ids, null))).getFirst();
    assertArrayEquals(ids, text.labels());
    assertSame(text.inputIds(), text.labels());
    assertEquals(0, encoder.paddingId());
    assertEquals(END, encoder(3).paddingId());
  }

  @Test
  void tokenisedSequencesThatDoNotFitAreRefused() {
    var encoder = SequenceEncoder.ofTokens(10, 3);
    assertEquals(
        "data.jsonl:7: the sequence has 4 tokens and the model's length is 3; cut the data or raise"
            + " the length",
        refusal(encoder, new TokenExample(new int[4], null, HERE)));
    assertEquals(
        "data.jsonl:7: input_ids holds 10 at position 2; the vocabulary has 10 tokens, so ids go"
            + " from 0 to 9",
        refusal(encoder, new TokenExample(new int[] {1, 9, 10}, null, HERE)));
    assertTrue(
        refusal(encoder, new TokenExample(new int[] {-100}, null, HERE))
            .contains("-100 at position 0"));
    assertTrue(
        refusal(encoder, new TokenExample(new int[] {1, 2}, new int[] {-100, -1}, HERE))
            .contains("labels holds -1 at position 1"));
    assertTrue(refusal(encoder, new TextExample("a", HERE)).contains("without a tokenizer"));
  }

  private static String refusal(SequenceEncoder encoder, Example example) {
    return assertThrows(IllegalArgumentException.class, () -> encoder.encode(List.of(example)))
        .getMessage();
  }

  @Test
  void repliesAreTakenApart() {
    var example = new QuestionExample("1", "Q?", "", "It is so.", "maybe");
    var reply = PromptTemplate.parse(PromptTemplate.completion(example));
    assertEquals(new PromptTemplate.Reply("It is so.", "maybe"), reply);
    assertEquals(new PromptTemplate.Reply("So.", null), PromptTemplate.parse(" So."));
    assertEquals(new PromptTemplate.Reply("So.", null), PromptTemplate.parse(" So.\nDecision: x"));
  }
}
