package dev.galen.train.data;

import static dev.galen.train.data.Ids.head;
import static dev.galen.train.data.Ids.join;

import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Turns examples into sequences for a model of a given vocabulary and context length.
 *
 * <ul>
 *   <li>Questions become a prompt by {@link PromptTemplate}, ignored by the loss, and a completion
 *       with end of text behind it. What is too long loses first the front of the context, then the
 *       end of the answer (and with it the decision and the end of text); never the question.
 *   <li>Prompts and completions likewise, but as they stand; a prompt that is too long loses its
 *       front, down to half the length, then the completion its end.
 *   <li>Conversations become text by the chat template that comes with the model, and what the
 *       assistant says is learned. What is too long loses its end.
 *   <li>Documents are either packed, that is joined with end of text between them and cut into
 *       blocks of the full length, the remainder a shorter last block; or kept one by one, end of
 *       text behind each, those that are too long cut into blocks. A block of a single token, from
 *       which nothing could be learned, is left out. The first token of a block is not predicted,
 *       for the model has nothing to predict it from.
 *   <li>Tokenised sequences go through unchanged, or are refused.
 * </ul>
 *
 * <p>What the tokenizer's post-processor puts around a text stands around each document, and around
 * a prompt with its completion; end of text does not come twice. When something is cut off, what
 * stands in front is kept.
 *
 * <p>What data says is text: a special token spelled out in it is encoded as the characters it is
 * made of.
 */
public final class SequenceEncoder implements ExampleEncoder {

  private final Tokenizer tokenizer;

  /** What stands in front of every text by the tokenizer's post-processor, and behind it. */
  private final int[] before;

  private final int[] after;

  /** The end of text, unless this is what stands behind every text anyway. */
  private final int[] end;

  private final GivenTokens given;
  private final int maxLength;
  private final boolean packed;
  private final boolean promptsLearned;

  /** How documents are packed once they are encoded; null where they are not. */
  private final Packing packing;

  /** For conversations; null where no directory with templates is known. */
  private final ChatEncoder chats;

  private SequenceEncoder(
      Tokenizer tokenizer,
      GivenTokens given,
      int maxLength,
      boolean packed,
      boolean promptsLearned,
      Packing packing,
      ChatEncoder chats) {
    if (given.vocabularySize() < 1 || maxLength < 2) {
      throw new IllegalArgumentException(
          "vocabulary of %d, length %d; expected at least 1 and at least 2"
              .formatted(given.vocabularySize(), maxLength));
    }
    this.tokenizer = tokenizer;
    this.before = tokenizer == null ? new int[0] : tokenizer.idsBefore();
    this.after = tokenizer == null ? new int[0] : tokenizer.idsAfter();
    this.end = tokenizer == null ? new int[0] : missingEnd(tokenizer, after);
    if (before.length > 0 && maxLength < before.length + 2) {
      throw new IllegalArgumentException(
          "length %d; the tokenizer puts %d tokens in front of every text, so take at least %d"
              .formatted(maxLength, before.length, before.length + 2));
    }
    this.given = given;
    this.maxLength = maxLength;
    this.packed = packed;
    this.promptsLearned = promptsLearned;
    this.packing = packing;
    this.chats = chats;
  }

  /**
   * An encoder that keeps documents one by one.
   *
   * @param tokenizer the model's tokenizer
   * @param vocabularySize the rows of the model's embedding
   * @param maxLength the greatest length of a sequence: the model's context or less
   */
  public static SequenceEncoder of(Tokenizer tokenizer, int vocabularySize, int maxLength) {
    Objects.requireNonNull(tokenizer, "tokenizer");
    var given = new GivenTokens(vocabularySize, maxLength);
    return new SequenceEncoder(tokenizer, given, maxLength, false, false, null, null);
  }

  /**
   * An encoder for a model that comes without a tokenizer: it takes tokenised sequences only.
   *
   * @param vocabularySize the rows of the model's embedding
   * @param maxLength the greatest length of a sequence
   */
  public static SequenceEncoder ofTokens(int vocabularySize, int maxLength) {
    var given = new GivenTokens(vocabularySize, maxLength);
    return new SequenceEncoder(null, given, maxLength, false, false, null, null);
  }

  /** The same encoder, but documents are packed into full blocks. */
  public SequenceEncoder withPacking() {
    return with(true, promptsLearned, null, chats);
  }

  /**
   * The same encoder for documents that {@code packing} is to make rows of: each stays in one
   * piece, however long, except that {@link Packing#BFD} cuts off what no row has room for.
   */
  public SequenceEncoder withDocumentsFor(Packing packing) {
    return with(false, promptsLearned, packing, chats);
  }

  private SequenceEncoder with(
      boolean packed, boolean promptsLearned, Packing packing, ChatEncoder chats) {
    return new SequenceEncoder(tokenizer, given, maxLength, packed, promptsLearned, packing, chats);
  }

  /**
   * The same encoder, whose tokenised sequences may be longer than what texts are cut to: the
   * context of a model alone is no reason to refuse a row that it takes.
   */
  public SequenceEncoder withRowsUpTo(int length) {
    var rows = new GivenTokens(vocabularySize(), length);
    return new SequenceEncoder(tokenizer, rows, maxLength, packed, promptsLearned, packing, chats);
  }

  /**
   * The same encoder, but prompts are learned as completions are: a model that starts from random
   * weights has the whole text to learn from, not its answers alone.
   */
  public SequenceEncoder withLearnedPrompts() {
    return with(packed, true, packing, chats);
  }

  /**
   * The same encoder, which takes conversations by the chat templates of a directory. They are read
   * with the first conversation.
   *
   * @throws IllegalStateException if there is no tokenizer
   */
  public SequenceEncoder withTemplatesOf(Path directory) {
    if (tokenizer == null) {
      throw new IllegalStateException("conversations are text, and there is no tokenizer");
    }
    return with(packed, promptsLearned, packing, new ChatEncoder(tokenizer, directory));
  }

  /** What to pad batches with: the padding id, else end of text, else 0; it is never learned. */
  public int paddingId() {
    return tokenizer == null ? 0 : tokenizer.paddingId().orElse(tokenizer.endOfTextId().orElse(0));
  }

  /**
   * Encodes examples in their order; the blocks of packed documents stand where they fill up.
   *
   * @throws IllegalArgumentException with one line that names file and line if a tokenised sequence
   *     does not fit the model, a question is too long, or there is no tokenizer for text
   */
  @Override
  public TokenSequences encode(List<? extends Example> examples) {
    return ExampleEncoder.super.encode(examples);
  }

  @Override
  public void encode(Example example, SequenceEncoding into) {
    switch (example) {
      case QuestionExample e -> into.add(learned(question(e)));
      case PromptExample e -> into.add(learned(prompted(e)));
      case ChatExample e -> into.add(learned(requireChats(e).encode(e, maxLength)));
      case TokenExample e -> into.add(cut(given.of(e, packing)));
      case EncodedExample e -> into.add(given.of(e, packing));
      case TextExample e -> {
        int[] ids = join(join(before, encode(e.text(), e.origin())), after);
        if (packing != null) {
          into.add(cut(TokenSequence.text(join(ids, end))));
        } else if (packed) {
          into.separate(isEndInFront() ? new int[0] : end);
          into.fill(ids);
        } else {
          into.fill(ids);
          into.fill(end);
          into.flush();
        }
      }
      default ->
          throw new IllegalArgumentException(
              ("%s: is a %s; a language model learns from questions, prompts, conversations, texts and"
                      + " input_ids")
                  .formatted(example.origin(), example.getClass().getSimpleName()));
    }
  }

  /** Whether a question, without any context, leaves room for an answer; other examples do. */
  @Override
  public boolean fits(Example example) {
    return !(example instanceof QuestionExample question)
        || tokenizer == null
        || bareLength(question) < maxLength;
  }

  /**
   * The prompt of a question alone, to generate an answer from.
   *
   * @param example the question; its answer is not looked at
   * @param reserve how many tokens to leave free of the greatest length for what is generated; a
   *     long question without any context may leave fewer, but at least one
   * @return ids, [at most the greatest length less the reserve, or the bare question]
   */
  public int[] prompt(QuestionExample example, int reserve) {
    int room = Math.max(maxLength - reserve, Math.min(bareLength(example), maxLength - 1));
    return fitted(example, room);
  }

  /**
   * The beginning of a conversation, with the generation prompt, to generate the assistant's first
   * learned turn from.
   *
   * @param reserve how many tokens to leave free of the greatest length
   * @return ids; none if nothing stands before that turn, or too much
   */
  public int[] prompt(ChatExample example, int reserve) {
    int[] ids = requireChats(example).prompt(example);
    return ids.length + reserve <= maxLength ? ids : new int[0];
  }

  /** What a model learns to say to a question: answer, decision and end of text, as ids. */
  public int[] completion(QuestionExample example) {
    return ended(encode(PromptTemplate.completion(example), example.origin()));
  }

  @Override
  public int vocabularySize() {
    return given.vocabularySize();
  }

  @Override
  public Collator collator() {
    return new CausalCollator(paddingId());
  }

  @Override
  public int maxLength() {
    return maxLength;
  }

  private int bareLength(QuestionExample example) {
    return before.length + encode(PromptTemplate.prompt(example.question(), ""), example).length;
  }

  private int[] fitted(QuestionExample example, int room) {
    String text =
        PromptTemplate.fit(example, room - before.length, part -> encode(part, example).length);
    return join(before, encode(text, example.origin()));
  }

  private TokenSequence learned(TokenSequence sequence) {
    return promptsLearned
        ? new TokenSequence(sequence.inputIds(), sequence.inputIds(), sequence.leftOut())
        : sequence;
  }

  private TokenSequence question(QuestionExample example) {
    int[] completion = completion(example);
    String whole = PromptTemplate.prompt(example.question(), example.context());
    int[] prompt = join(before, encode(whole, example.origin()));
    int tokens = prompt.length + completion.length;
    if (tokens > maxLength) {
      int room =
          Math.min(Math.max(bareLength(example), maxLength - completion.length), maxLength - 1);
      prompt = fitted(example, room);
    }
    return prompted(prompt, completion, tokens);
  }

  private TokenSequence prompted(PromptExample example) {
    int[] completion = ended(encode(example.completion(), example.origin()));
    int[] prompt = encode(example.prompt(), example.origin());
    int room = Math.max(0, Math.max(maxLength - completion.length, maxLength / 2) - before.length);
    int from = Math.max(0, prompt.length - room);
    int[] kept = join(before, Arrays.copyOfRange(prompt, from, prompt.length));
    return prompted(kept, completion, before.length + prompt.length + completion.length);
  }

  /** As much of a completion as fits behind its prompt; both had {@code whole} tokens. */
  private TokenSequence prompted(int[] prompt, int[] completion, int whole) {
    int[] kept = head(completion, maxLength - prompt.length);
    return TokenSequence.prompted(prompt, kept, whole - prompt.length - kept.length);
  }

  private ChatEncoder requireChats(ChatExample example) {
    if (chats == null) {
      throw new IllegalArgumentException(
          "%s: is a conversation, and the model comes without a %s; name a directory that has one"
              .formatted(example.origin(), tokenizer == null ? "tokenizer" : "chat template"));
    }
    return chats;
  }

  /** What a row has room for, where documents lose what it has not. */
  private TokenSequence cut(TokenSequence document) {
    int length = document.length();
    return packing == Packing.BFD && length > maxLength
        ? new TokenSequence(
            head(document.inputIds(), maxLength),
            head(document.labels(), maxLength),
            length - maxLength)
        : document;
  }

  private int[] encode(String text, Example example) {
    return encode(text, example.origin());
  }

  private int[] encode(String text, Origin origin) {
    if (tokenizer == null) {
      throw new IllegalArgumentException(
          origin
              + ": is text, and the model comes without a tokenizer; name one, or give input_ids");
    }
    try {
      return tokenizer.encode(text, SpecialTokens.TEXT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(origin + ": " + e.getMessage(), e);
    }
  }

  private static int[] missingEnd(Tokenizer tokenizer, int[] after) {
    int[] end = tokenizer.endOfTextId().stream().toArray();
    boolean there = end.length > 0 && after.length > 0 && after[after.length - 1] == end[0];
    return there ? new int[0] : end;
  }

  /** Whether each text begins with what ends the one before. */
  private boolean isEndInFront() {
    return end.length > 0 && before.length > 0 && before[0] == end[0];
  }

  private int[] ended(int[] completion) {
    return join(join(completion, after), end);
  }
}
