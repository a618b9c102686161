package dev.galen.examples.clinical.pubmedqa;

import static dev.galen.train.data.TokenSequence.IGNORE_INDEX;

import dev.galen.examples.clinical.learning.Learning;
import dev.galen.model.MaskedLm;
import dev.galen.model.ModelConfig;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.EncodedCollator;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A small BERT that has read some texts before it sees a labelled record: first it fills in masked
 * words (Devlin et al., "BERT", 2018: 15% of the tokens, of which 80% become [MASK], 10% another
 * token), then it answers {@link ArtificialQuestions}, which are made of the same texts and cost no
 * label. Both go on after a kill.
 *
 * @param shape of the model
 * @param characters of text to read with words masked: passes over the texts, each with others
 *     masked, at most eight
 * @param questions to answer, passes over those that there are, at most eight
 * @param most how many questions of yes, no and maybe there are to be
 * @param seed of everything random
 */
public record Pretraining(
    EncoderShape shape, long characters, long questions, int[] most, long seed) {
  private static final int ROW = 128;
  private static final int BATCH = 32;
  private static final double MASKED = 0.15;
  private static final double BY_MASK = 0.8;
  private static final double KEPT = 0.9;
  private static final int SPECIAL = 5;
  private static final double MASKED_RATE = 1e-3;
  private static final double QUESTION_RATE = 7e-4;
  private static final String MODEL = "model";

  private static final int MOST_PASSES = 8;

  /** Refuses negative numbers. */
  public Pretraining {
    if (characters < 0 || questions < 0 || characters + questions == 0) {
      throw new IllegalArgumentException(
          "characters to read are %d and questions to answer %d; expected one of them above 0"
              .formatted(characters, questions));
    }
    most = most.clone();
  }

  /** All settings, as a report and a resumed run have them. */
  String text() {
    return "%s, %,d characters read with words masked, %,d questions (of yes, no, maybe %s)"
        .formatted(shape, characters, questions, Arrays.toString(most));
  }

  /**
   * Artificial questions alone, three minutes of one core: in as much time, words masked are read
   * too seldom to be learned (a loss of 6.4 nats after 7.4 million characters, hardly better than
   * how often each token occurs).
   */
  public static Pretraining standard(long seed) {
    return new Pretraining(EncoderShape.PRETRAINED, 0, 30_000, new int[] {6000, 4000, 2500}, seed);
  }

  /**
   * Runs it, or what of it is missing in the folder.
   *
   * @param texts to read
   * @param folder of its checkpoints and of its result
   * @param progress takes a line now and then
   * @return the directory of the pretrained model, a classifier of yes, no and maybe
   */
  public Path run(List<String> texts, Path folder, Consumer<String> progress) throws IOException {
    Path result = folder.resolve(MODEL);
    if (Stage.isDone(result)) {
      progress.accept("pretraining: done before, " + result);
      return result;
    }
    Tokenizer tokenizer = Encoder.tokenizer(texts, shape.vocabulary());
    ModelConfig config = Encoder.config(tokenizer, shape, folder);
    Path masked = folder.resolve("masked-words");
    if (characters > 0 && !Stage.isDone(masked.resolve(MODEL))) {
      maskedWords(texts, tokenizer, config, masked, progress);
    }
    List<QuestionExample> made = ArtificialQuestions.of(texts, most, seed);
    SequenceClassifier model =
        characters > 0
            ? Pretrained.loadWithNewHead(
                    masked.resolve(MODEL),
                    Device.best(),
                    SequenceClassifier.class,
                    c -> c.withClasses(Encoder.classes()))
                .model()
            : Encoder.initialised(config, seed);
    if (questions > 0 && !made.isEmpty()) {
      long passes = Math.clamp(Math.round((double) questions / made.size()), 1, MOST_PASSES);
      progress.accept(
          "artificial questions: %,d of the texts' statements, %d times"
              .formatted(made.size(), passes));
      var encoder = new PairEncoder(tokenizer, Setting.REASONING_FREE, rowLength(), true);
      Learning.run(
          model,
          config(QUESTION_RATE).epochs((int) passes).groupByLength(true),
          encoder.encode(made),
          Encoder.collator(),
          folder.resolve("questions"),
          "artificial questions",
          progress);
    }
    Files.createDirectories(result);
    Pretrained.save(model, tokenizer, result);
    Stage.done(result);
    return result;
  }

  private int rowLength() {
    return Math.min(ROW, shape.length());
  }

  private TrainingConfig.Builder config(double rate) {
    return TrainingConfig.builder()
        .batchSize(BATCH)
        .learningRate(rate)
        .schedule(Schedule.LINEAR)
        .warmup(0.05)
        .weightDecay(0.01)
        .seed(seed);
  }

  private void maskedWords(
      List<String> texts,
      Tokenizer tokenizer,
      ModelConfig config,
      Path folder,
      Consumer<String> progress)
      throws IOException {
    List<TokenSequence> rows = masked(rows(texts, tokenizer), passes(texts), tokenizer);
    MaskedLm model =
        Architectures.create(
            config,
            MaskedLm.class,
            Weights.initialised(Device.best(), new Philox(seed)),
            new Philox(seed + 1));
    Learning.run(
        model,
        config(MASKED_RATE).epochs(1),
        rows,
        new EncodedCollator(Encoder.PADDING, false),
        folder,
        "masked words",
        progress);
    Files.createDirectories(folder.resolve(MODEL));
    Pretrained.save(model, tokenizer, folder.resolve(MODEL));
    Stage.done(folder.resolve(MODEL));
  }

  /** All texts one behind the other, cut into rows; what is left of the last one is not learned. */
  private List<int[]> rows(List<String> texts, Tokenizer tokenizer) {
    int first = tokenizer.id("[CLS]").orElseThrow();
    int separator = tokenizer.id("[SEP]").orElseThrow();
    int length = rowLength();
    var rows = new ArrayList<int[]>();
    var row = new int[length];
    int at = 1;
    for (String text : texts) {
      int[] ids = tokenizer.encode(text, SpecialTokens.TEXT);
      for (int i = 0; i <= ids.length; i++) {
        row[at++] = i < ids.length ? ids[i] : separator;
        if (at == length - 1) {
          row[0] = first;
          row[at] = separator;
          rows.add(row);
          row = new int[length];
          at = 1;
        }
      }
    }
    return rows;
  }

  private double passes(List<String> texts) {
    long length = texts.stream().mapToLong(String::length).sum();
    return Math.min(MOST_PASSES, (double) characters / Math.max(1, length));
  }

  private List<TokenSequence> masked(List<int[]> rows, double passes, Tokenizer tokenizer) {
    int mask = tokenizer.id("[MASK]").orElseThrow();
    var random = new SplittableRandom(seed);
    var masked = new ArrayList<TokenSequence>();
    long count = Math.round(passes * rows.size());
    for (long i = 0; i < count; i++) {
      int[] row = rows.get((int) (i % rows.size()));
      int[] ids = row.clone();
      var labels = new int[row.length];
      Arrays.fill(labels, IGNORE_INDEX);
      int any = 0;
      for (int t = 1; t < row.length - 1; t++) {
        if (row[t] >= SPECIAL && random.nextDouble() < MASKED) {
          labels[t] = row[t];
          ids[t] = replaced(row[t], mask, tokenizer.vocabularySize(), random);
          any++;
        }
      }
      if (any > 0) {
        masked.add(new TokenSequence(ids, labels));
      }
    }
    return masked;
  }

  private static int replaced(int id, int mask, int vocabulary, SplittableRandom random) {
    double draw = random.nextDouble();
    if (draw < BY_MASK) {
      return mask;
    }
    return draw < KEPT ? SPECIAL + random.nextInt(vocabulary - SPECIAL) : id;
  }
}
