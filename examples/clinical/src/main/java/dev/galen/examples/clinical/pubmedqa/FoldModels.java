package dev.galen.examples.clinical.pubmedqa;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.clinical.learning.Learning;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.io.ErrorText;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.ClassWeights;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.Permutation;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * The classifier head by the official protocol: a model for each of the ten folds, which learns
 * from the other nine. The test set is answered by all ten, whose probabilities are averaged.
 */
public final class FoldModels {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String SETTING = "setting.json";
  private static final String RESULT = "probabilities.json";
  private static final int SPECIAL = 5;

  private final Setting setting;
  private final EncoderShape shape;
  private final FoldTraining training;
  private final Optional<Path> pretrained;
  private final long seed;

  /**
   * What they come to.
   *
   * @param held of each record that is not tested on, the probabilities by the model of its fold
   * @param test of each test record the mean of all models' probabilities
   */
  @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
  public record Result(double[][] held, double[][] test) {}

  /**
   * @param setting what the models see
   * @param shape of models with random weights
   * @param pretrained directory of a {@link Pretraining} to begin with, or empty for random weights
   * @param seed of the weights, of the order and of dropout
   */
  public FoldModels(
      Setting setting,
      EncoderShape shape,
      FoldTraining training,
      Optional<Path> pretrained,
      long seed) {
    this.setting = setting;
    this.shape = shape;
    this.training = training;
    this.pretrained = pretrained;
    this.seed = seed;
  }

  /**
   * Trains and tests them, or those that are missing in the folder, and leaves them there.
   *
   * @param progress takes a line now and then
   */
  public Result run(PubMedQa data, OfficialSplit split, Path folder, Consumer<String> progress)
      throws IOException {
    List<QuestionExample> train = split.train(data);
    List<QuestionExample> tested = split.test(data);
    Files.createDirectories(folder);
    AtomicFile.writeString(
        folder.resolve(SETTING),
        MAPPER
            .createObjectNode()
            .put("setting", setting.title())
            .put("length", shape.length())
            .put("asks", training.asks())
            .toString());
    Tokenizer tokenizer = tokenizer(train);
    var encoder = new PairEncoder(tokenizer, setting, shape.length(), training.asks());
    List<TokenSequence> test = encoder.encode(tested);
    var held = new double[train.size()][];
    var mean = new double[tested.size()][PubMedQa.DECISIONS.size()];
    for (int fold = 0; fold < OfficialSplit.FOLDS; fold++) {
      Path own = folder.resolve("fold-" + fold);
      List<QuestionExample> dev = split.part(data, fold);
      if (!Files.exists(own.resolve(RESULT))) {
        String name = "fold %d of %d".formatted(fold + 1, OfficialSplit.FOLDS);
        SequenceClassifier model =
            train(encoder, split.trainOf(data, fold), tokenizer, fold, own, name, progress);
        Files.createDirectories(own);
        Pretrained.save(model, tokenizer, own);
        ObjectNode json = MAPPER.createObjectNode();
        json.set("held", MAPPER.valueToTree(Encoder.probabilities(model, encoder.encode(dev))));
        json.set("test", MAPPER.valueToTree(Encoder.probabilities(model, test)));
        AtomicFile.writeString(own.resolve(RESULT), json.toString());
      }
      ObjectNode json = (ObjectNode) MAPPER.readTree(own.resolve(RESULT).toFile());
      double[][] ofDev = MAPPER.treeToValue(json.get("held"), double[][].class);
      for (int i = 0; i < ofDev.length; i++) {
        held[train.indexOf(dev.get(i))] = ofDev[i];
      }
      add(mean, MAPPER.treeToValue(json.get("test"), double[][].class));
    }
    return new Result(held, mean);
  }

  private static void add(double[][] mean, double[][] one) {
    for (int i = 0; i < mean.length; i++) {
      for (int k = 0; k < mean[i].length; k++) {
        mean[i][k] += one[i][k] / OfficialSplit.FOLDS;
      }
    }
  }

  private Tokenizer tokenizer(List<QuestionExample> train) throws IOException {
    if (pretrained.isPresent()) {
      return load(pretrained.get(), 0).requireTokenizer();
    }
    var texts = new ArrayList<String>();
    for (QuestionExample example : train) {
      texts.add(example.question());
      texts.add(example.context());
      texts.add(example.answer());
    }
    return Encoder.tokenizer(texts, shape.vocabulary());
  }

  private static Pretrained<SequenceClassifier> load(Path directory, double dropout)
      throws IOException {
    return Pretrained.load(
        directory, Device.best(), SequenceClassifier.class, config -> config.withDropout(dropout));
  }

  private SequenceClassifier train(
      PairEncoder encoder,
      List<QuestionExample> records,
      Tokenizer tokenizer,
      int fold,
      Path folder,
      String name,
      Consumer<String> progress)
      throws IOException {
    long own = seed * OfficialSplit.FOLDS + fold;
    List<TokenSequence> pairs = encoder.encode(records);
    SequenceClassifier model =
        pretrained.isPresent()
            ? load(pretrained.get(), training.dropout()).model()
            : Encoder.initialised(
                Encoder.config(tokenizer, shape, folder).withDropout(training.dropout()), own);
    TrainingConfig.Builder config =
        TrainingConfig.builder()
            .epochs(1)
            .shuffle(training.artificial() == 0) // else in the order of the passes
            .groupByLength(training.artificial() == 0)
            .batchSize(training.batch())
            .learningRate(training.rate())
            .schedule(Schedule.LINEAR)
            .warmup(0.1)
            .weightDecay(training.decay())
            .seed(own);
    if (training.weighting() > 0) {
      config.classWeights(weights(pairs));
    }
    int mask = tokenizer.id("[MASK]").orElseThrow();
    var random = new SplittableRandom(own);
    var passes = new ArrayList<TokenSequence>();
    addPasses(passes, artificial(encoder, records, own), training.artificial(), mask, random);
    addPasses(passes, pairs, training.epochs(), mask, random);
    Learning.runAnew(model, config, passes, Encoder.collator(), folder, name, progress);
    return model;
  }

  private ClassWeights weights(List<TokenSequence> pairs) {
    var counts = new double[PubMedQa.DECISIONS.size()];
    pairs.forEach(pair -> counts[pair.labels()[0]]++);
    for (int k = 0; k < counts.length; k++) {
      double balanced = pairs.size() / (counts.length * Math.max(1, counts[k]));
      counts[k] = Math.pow(balanced, training.weighting());
    }
    return ClassWeights.of(counts);
  }

  private List<TokenSequence> artificial(
      PairEncoder encoder, List<QuestionExample> records, long own) {
    if (training.artificial() == 0) {
      return List.of();
    }
    var texts = new ArrayList<String>();
    for (QuestionExample record : records) {
      texts.add(record.context());
      texts.add(record.answer());
    }
    var most = new int[PubMedQa.DECISIONS.size()];
    Arrays.fill(most, records.size());
    return encoder.encode(ArtificialQuestions.of(texts, most, own));
  }

  /** Adds the pairs once a pass, each time in another order and with other tokens hidden. */
  private void addPasses(
      List<TokenSequence> all,
      List<TokenSequence> pairs,
      int passes,
      int mask,
      SplittableRandom random) {
    for (int pass = 0; pass < passes; pass++) {
      for (int place : Permutation.of(pairs.size(), random.nextLong())) {
        TokenSequence pair = pairs.get(place);
        int[] ids = pair.inputIds().clone();
        for (int t = 1; t < ids.length; t++) {
          if (ids[t] >= SPECIAL && random.nextDouble() < training.masked()) {
            ids[t] = mask;
          }
        }
        all.add(new TokenSequence(ids, pair.labels(), 0, pair.tokenTypes(), null));
      }
    }
  }

  /**
   * Answers other records by the models of a folder.
   *
   * @param folder of {@link #run}
   * @return of each record the mean of the models' probabilities
   */
  public static double[][] answer(Path folder, List<QuestionExample> records) throws IOException {
    Setting setting = setting(folder);
    JsonNode json = MAPPER.readTree(folder.resolve(SETTING).toFile());
    int length = json.get("length").asInt();
    boolean asks = json.get("asks").asBoolean();
    var mean = new double[records.size()][PubMedQa.DECISIONS.size()];
    for (int fold = 0; fold < OfficialSplit.FOLDS; fold++) {
      Pretrained<SequenceClassifier> own = load(folder.resolve("fold-" + fold), 0);
      var encoder = new PairEncoder(own.requireTokenizer(), setting, length, asks);
      add(mean, Encoder.probabilities(own.model(), encoder.encode(records)));
    }
    return mean;
  }

  /** What the models of a folder see. */
  public static Setting setting(Path folder) throws IOException {
    Path file = folder.resolve(SETTING);
    try {
      return Setting.named(MAPPER.readTree(file.toFile()).path("setting").asText());
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
  }
}
