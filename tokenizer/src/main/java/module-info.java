/** Tokenizers in HuggingFace's and SentencePiece's file formats. */
module dev.galen.tokenizer {
  requires com.fasterxml.jackson.databind;

  exports dev.galen.tokenizer;
  exports dev.galen.tokenizer.chat;
}
