package toy;

import dev.galen.model.CausalLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.inside.Embedder;
import dev.galen.model.inside.Insights;
import dev.galen.model.inside.Pooling;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.Evaluator;
import dev.galen.train.data.TokenSequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** What a trained toy is used for: texts, vectors, a look inside, and a measure on rows. */
final class Uses {
  private static final int[][] ROWS = {{40, 41, 42, 7}, {3, 4, 5}, {9, 8, 7, 6, 5}, {11, 12}};
  private static final int NEW_TOKENS = 6;
  private static final int BEAMS = 4;

  /** For sums of a few F32 losses near 4, beside the same in F64. */
  private static final double TOLERANCE = 1e-5;

  private Uses() {}

  /** The rows as data of the command line; one of the third's tokens does not count. */
  static void writeRows(Path file) throws IOException {
    var lines = new ArrayList<String>();
    for (TokenSequence row : rows()) {
      lines.add(
          "{\"input_ids\": %s, \"labels\": %s}"
              .formatted(Arrays.toString(row.inputIds()), Arrays.toString(row.labels())));
    }
    Files.write(file, lines);
  }

  private static List<TokenSequence> rows() {
    var rows = new ArrayList<TokenSequence>();
    for (int[] ids : ROWS) {
      int[] labels = ids.clone();
      if (ids.length == 5) {
        labels[2] = TokenSequence.IGNORE_INDEX;
      }
      rows.add(new TokenSequence(ids, labels));
    }
    return rows;
  }

  /** Tells what each use gives, once it has been held against the model's own logits. */
  static void tell(CausalLm model) {
    int[] prompt = ROWS[0];
    var generator = new Generator(model);
    int[] greedy = generator.generate(prompt, GenerationConfig.greedy(NEW_TOKENS));
    for (int i = prompt.length; i < greedy.length; i++) {
      float[] logits = lastLogits(model, Arrays.copyOf(greedy, i));
      for (float each : logits) {
        require(each <= logits[greedy[i]], "token " + i + " is not the likeliest");
      }
    }
    var four = GenerationConfig.builder().maxNewTokens(NEW_TOKENS).beams(BEAMS).build();
    int[] beams = generator.generate(prompt, four);
    require(beams.length == greedy.length, "beams of " + beams.length + " tokens");
    require(
        logProbability(model, beams) >= logProbability(model, greedy) - TOLERANCE,
        "the search found less than the likeliest tokens are");
    Main.tell("greedy", Arrays.toString(greedy));
    Main.tell("beams", Arrays.toString(beams));

    var embedder = new Embedder(model, Pooling.CLS, OptionalInt.empty());
    float[] first = embedder.embed(prompt);
    inspect(model, prompt, first);
    Main.tell("embedded", Main.bits(first));

    double loss = Evaluator.evaluate(model, rows(), 2, 0).loss();
    double right = loss(model);
    require(Math.abs(loss - right) < TOLERANCE, "a loss of " + loss + " in place of " + right);
    Main.tell("evaluated", Double.toString(loss));
  }

  /** Hidden states are the embeddings of the tokens, and what the head reads. */
  private static void inspect(CausalLm model, int[] ids, float[] first) {
    try (var scope = MemoryScope.open("inspection");
        var off = Autograd.noGrad();
        var inside = Insights.of(model)) {
      model.logits(Tensors.of(Device.CPU, ids, 1, ids.length));
      List<Tensor> states = inside.hiddenStates();
      require(states.size() == 2, states.size() + " hidden states");
      int channels = first.length;
      float[] embedded = states.get(0).toFloats();
      float[] table = model.parameters().get("trunk.embed.weight").toFloats();
      for (int i = 0; i < embedded.length; i++) {
        float entry = table[ids[i / channels] * channels + i % channels];
        require(embedded[i] == entry, "hidden state 0 at " + i);
      }
      float[] last = Arrays.copyOf(states.get(1).toFloats(), channels);
      require(Arrays.equals(first, last), "the embedding is not the last state");
    }
  }

  private static float[] lastLogits(CausalLm model, int[] ids) {
    float[] all = logits(model, ids);
    return Arrays.copyOfRange(all, all.length - model.vocabularySize(), all.length);
  }

  /** {@code [T, V]}. */
  private static float[] logits(CausalLm model, int[] ids) {
    try (var scope = MemoryScope.open("logits");
        var off = Autograd.noGrad()) {
      return model.logits(Tensors.of(Device.CPU, ids, 1, ids.length)).toFloats();
    }
  }

  /** Of all tokens but the first, in nats. */
  private static double logProbability(CausalLm model, int[] ids) {
    float[] logits = logits(model, ids);
    double sum = 0;
    for (int i = 1; i < ids.length; i++) {
      sum += logProbability(logits, (i - 1) * model.vocabularySize(), ids[i], model);
    }
    return sum;
  }

  private static double logProbability(float[] logits, int from, int id, CausalLm model) {
    double sum = 0;
    for (int k = 0; k < model.vocabularySize(); k++) {
      sum += Math.exp(logits[from + k]);
    }
    return logits[from + id] - Math.log(sum);
  }

  /** The mean over all labels. */
  private static double loss(CausalLm model) {
    double sum = 0;
    int count = 0;
    for (TokenSequence row : rows()) {
      float[] logits = logits(model, row.inputIds());
      for (int i = 1; i < row.labels().length; i++) {
        int label = row.labels()[i];
        if (label != TokenSequence.IGNORE_INDEX) {
          sum -= logProbability(logits, (i - 1) * model.vocabularySize(), label, model);
          count++;
        }
      }
    }
    return sum / count;
  }

  private static void require(boolean right, String otherwise) {
    if (!right) {
      throw new AssertionError(otherwise);
    }
  }
}
