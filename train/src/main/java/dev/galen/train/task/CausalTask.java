package dev.galen.train.task;

import dev.galen.model.CausalLm;
import dev.galen.model.ModelConfig;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.AnswerEvaluator;
import dev.galen.train.AnswerScores;
import dev.galen.train.data.ChatExample;
import dev.galen.train.data.EncodedEncoder;
import dev.galen.train.data.Example;
import dev.galen.train.data.ExampleEncoder;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.TextExample;
import dev.galen.train.format.RowSchemas;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Learns to continue texts and to answer questions, and is measured by its answers. */
public final class CausalTask implements Task<CausalLm> {
  private static final int SAMPLE_TOKENS = 48;
  private static final int START_TOKENS = 16;

  @Override
  public String name() {
    return "language-model";
  }

  @Override
  public Class<CausalLm> role() {
    return CausalLm.class;
  }

  @Override
  public RowSchemas schemas() {
    return RowSchemas.standard();
  }

  @Override
  public SequenceEncoder encoder(ModelConfig config, Optional<Tokenizer> tokenizer, int length) {
    int vocabulary = config.vocabularySize();
    return tokenizer
        .map(words -> SequenceEncoder.of(words, vocabulary, length))
        .orElseGet(() -> SequenceEncoder.ofTokens(vocabulary, length))
        .withRowsUpTo(EncodedEncoder.rowLength(config, length));
  }

  @Override
  public SequenceEncoder encoder(
      ModelConfig config, Optional<Tokenizer> tokenizer, Optional<Path> templates, int length) {
    SequenceEncoder encoder = encoder(config, tokenizer, length);
    return tokenizer.isPresent() && templates.isPresent()
        ? encoder.withTemplatesOf(templates.get())
        : encoder;
  }

  /**
   * From random weights there is a language to learn first; a pretrained model learns to answer.
   */
  @Override
  public ExampleEncoder learning(ExampleEncoder encoder, boolean pretrained) {
    var sequences = (SequenceEncoder) encoder;
    return (pretrained ? sequences : sequences.withLearnedPrompts()).withPacking();
  }

  @Override
  public boolean isAsked(Example example) {
    return example instanceof QuestionExample;
  }

  @Override
  public String unit() {
    return "token";
  }

  @Override
  public Optional<List<String>> figures() {
    return Optional.of(AnswerScores.FIGURES);
  }

  @Override
  public TaskResult measure(TrainedModel<CausalLm> trained) {
    if (trained.tokenizer().isEmpty()) {
      return new TaskResult(new TreeMap<>(), List.of(), "", List.of(), Map.of());
    }
    var samples = samples(trained, trained.tokenizer().get());
    if (trained.asked().isEmpty()) {
      return new TaskResult(new TreeMap<>(), List.of(), "", samples, Map.of());
    }
    AnswerScores scores = scores(trained, trained.tokenizer().get());
    return new TaskResult(
        scores.figures(), List.of(scores.line()), scores.markdown(), samples, Map.of());
  }

  private static AnswerScores scores(TrainedModel<CausalLm> trained, Tokenizer tokenizer) {
    var encoder = (SequenceEncoder) trained.encoder();
    List<QuestionExample> questions =
        trained.asked().stream().map(QuestionExample.class::cast).toList();
    int tokens = trained.maxNewTokens().orElseGet(() -> AnswerEvaluator.room(encoder, questions));
    return new AnswerEvaluator(trained.model(), tokenizer, encoder, GenerationConfig.greedy(tokens))
        .evaluate(questions);
  }

  private static List<TaskResult.Sample> samples(
      TrainedModel<CausalLm> trained, Tokenizer tokenizer) {
    var samples = new ArrayList<TaskResult.Sample>();
    for (Example example : trained.shown()) {
      int[] ids = start(example, (SequenceEncoder) trained.encoder(), tokenizer);
      if (ids.length == 0) {
        continue;
      }
      int[] all =
          new Generator(trained.model()).generate(ids, GenerationConfig.greedy(SAMPLE_TOKENS));
      Set<Integer> ends = trained.model().endOfTextIds();
      int known = tokenizer.vocabularySize(); // the embedding may have rows to spare
      int[] made =
          Arrays.stream(all)
              .skip(ids.length)
              .filter(id -> !ends.contains(id) && id < known)
              .toArray();
      samples.add(new TaskResult.Sample(tokenizer.decode(ids), tokenizer.decode(made)));
    }
    return samples;
  }

  /**
   * A question, a conversation up to an answer, or the first tokens of a text; nothing of others.
   */
  private static int[] start(Example example, SequenceEncoder encoder, Tokenizer tokenizer) {
    return switch (example) {
      case QuestionExample question -> encoder.prompt(question, SAMPLE_TOKENS);
      case ChatExample chat -> encoder.prompt(chat, SAMPLE_TOKENS);
      case TextExample text -> {
        int[] before = tokenizer.idsBefore();
        int[] whole = tokenizer.encode(text.text(), SpecialTokens.TEXT);
        int kept = Math.min(whole.length, START_TOKENS);
        int[] start = Arrays.copyOf(before, before.length + kept);
        System.arraycopy(whole, 0, start, before.length, kept);
        yield start;
      }
      default -> new int[0];
    };
  }
}
