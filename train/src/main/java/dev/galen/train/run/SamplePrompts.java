package dev.galen.train.run;

import dev.galen.model.CausalLm;
import dev.galen.model.Generative;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.generate.Continuation;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.task.TaskResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Prompts that a model goes on with while it learns, each with its likeliest tokens. */
final class SamplePrompts {
  private static final int TOKENS = 48;

  private final Generator generator;
  private final RunModel<?> model;
  private final List<String> prompts;
  private final List<int[]> ids = new ArrayList<>();

  /**
   * Encodes the prompts.
   *
   * @throws IllegalArgumentException if the model writes no texts, or cannot read one of these
   */
  SamplePrompts(RunModel<?> model, List<String> prompts, SettingNames names) {
    this.model = model;
    this.prompts = prompts;
    String name = names.of("sample-prompt");
    generator =
        switch ((Model) model.model()) {
          case CausalLm causal -> new Generator(causal);
          case Seq2SeqLm encoding -> new Generator(encoding);
          default ->
              throw new IllegalArgumentException(
                  name
                      + " is for a model that writes texts, which this one does not; leave it out");
        };
    Tokenizer tokenizer =
        model
            .tokenizer()
            .orElseThrow(
                () -> new IllegalArgumentException(name + " needs a tokenizer; give one, or none"));
    int context = model.config().maxLength();
    for (String prompt : prompts) {
      int[] encoded;
      try {
        encoded = tokenizer.encodeWithSpecialTokens(prompt, SpecialTokens.REFUSE);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
      }
      if (encoded.length == 0 || encoded.length >= context) {
        throw new IllegalArgumentException(
            "%s '%s' has %d tokens, must have 1 to %d"
                .formatted(name, prompt, encoded.length, context - 1));
      }
      ids.add(encoded);
    }
  }

  /** What the model says now. */
  List<TaskResult.Sample> now() {
    Tokenizer tokenizer = model.tokenizer().orElseThrow();
    int known = tokenizer.vocabularySize(); // the embedding may have rows to spare
    var samples = new ArrayList<TaskResult.Sample>();
    for (int i = 0; i < ids.size(); i++) {
      Continuation text =
          generator.generate(List.of(ids.get(i)), GenerationConfig.greedy(TOKENS)).getFirst();
      int[] made = Arrays.stream(text.newIds()).filter(id -> id < known && !isEnd(id)).toArray();
      samples.add(new TaskResult.Sample(prompts.get(i), tokenizer.decode(made)));
    }
    return samples;
  }

  private boolean isEnd(int id) {
    return ((Generative) model.model()).endOfTextIds().contains(id);
  }
}
