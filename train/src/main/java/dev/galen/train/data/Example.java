package dev.galen.train.data;

/** One record of a data set, before a tokenizer has seen it. */
public sealed interface Example permits QuestionExample, PromptExample, TextExample, TokenExample {

  /** Where the record comes from. */
  Origin origin();
}
