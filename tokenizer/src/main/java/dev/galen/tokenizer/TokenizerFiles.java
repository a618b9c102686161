package dev.galen.tokenizer;

import dev.galen.tokenizer.hf.TokenizerDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Tokenizers in HuggingFace's files. {@link Tokenizer#save} writes them. */
public final class TokenizerFiles {
  /** A directory with a file of one of these names has a tokenizer. */
  public static final List<String> VOCABULARIES = TokenizerDirectory.VOCABULARIES;

  /** Every file that may belong to a tokenizer, but for chat templates: a save replaces them. */
  public static final List<String> ALL = TokenizerDirectory.FILES;

  private TokenizerFiles() {}

  /**
   * Loads a tokenizer in one of HuggingFace's layouts: {@code tokenizer.json}, or else {@code
   * vocab.json} with {@code merges.txt} (OpenAI's names {@code encoder.json} and {@code vocab.bpe}
   * do as well), or else BERT's {@code vocab.txt}, or else a SentencePiece model ({@code
   * tokenizer.model}, {@code spiece.model}, {@code sentencepiece.bpe.model}). The path may also be
   * that of a SentencePiece model, a file that ends in {@code .model}. Special tokens are those of
   * {@code tokenizer.json}, {@code tokenizer_config.json}, {@code special_tokens_map.json} and
   * {@code added_tokens.json}; beside a bare vocabulary {@code <|endoftext|>} is special. Those
   * that are named but have no id get the next ones, in the order in which transformers gives them:
   * see {@link Tokenizer#appendedBy}.
   *
   * <p>The ids equal those of HuggingFace's {@code AutoTokenizer} with neither truncation nor
   * padding.
   *
   * @throws IOException if files are missing or malformed, or ask for something that none of the
   *     known components would do exactly as HuggingFace's library does; the message is one line
   *     that names file and place
   */
  public static Tokenizer load(Path directory) throws IOException {
    return new TokenizerPipeline(TokenizerDirectory.read(directory));
  }
}
