package dev.galen.model.generate;

import java.util.List;

/** The processors that a config asks for, one behind the other in HuggingFace's order. */
final class ProcessorChain {
  private ProcessorChain() {}

  /** See {@link GenerationConfig#processor(TokenRule.Text)}. */
  static LogitsProcessor of(GenerationConfig config, TokenRule.Text text) {
    LogitsProcessor processor = LogitsProcessor.NONE;
    for (TokenRule bias : config.biases()) {
      processor = then(processor, bias.of(text));
    }
    if (config.repetitionPenalty() != 1) {
      processor = then(processor, new RepetitionPenalty(config.repetitionPenalty()));
    }
    for (TokenRule rule : config.rules()) {
      processor = then(processor, rule.of(text));
    }
    return config.sample() ? sampling(config, processor) : processor;
  }

  private static LogitsProcessor sampling(GenerationConfig config, LogitsProcessor before) {
    LogitsProcessor processor = before;
    if (config.temperature() != 1) {
      processor = then(processor, new Temperature(config.temperature()));
    }
    processor = then(processor, config.shapers());
    if (config.topK() != GenerationConfig.ALL_TOKENS) {
      processor = then(processor, new TopK(config.topK()));
    }
    if (config.topP() < 1) {
      processor = then(processor, new TopP(config.topP()));
    }
    return then(processor, config.limits());
  }

  private static LogitsProcessor then(LogitsProcessor first, List<LogitsProcessor> others) {
    LogitsProcessor processor = first;
    for (LogitsProcessor other : others) {
      processor = then(processor, other);
    }
    return processor;
  }

  private static LogitsProcessor then(LogitsProcessor first, LogitsProcessor next) {
    return first == LogitsProcessor.NONE ? next : first.then(next);
  }
}
