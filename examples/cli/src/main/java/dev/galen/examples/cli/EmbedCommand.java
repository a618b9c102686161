package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.Model;
import dev.galen.model.inside.Embedder;
import dev.galen.model.inside.Pooling;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen embed}. */
@Command(
    name = "embed",
    description = {
      "Make one vector of each text: a hidden state of the model, pooled over the tokens.",
      "One line for each; of a model with an encoder it is the encoder's."
    })
final class EmbedCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Mixin private ModelOptions model;

  @ArgGroup(multiplicity = "1")
  private Source source;

  /** What to embed. */
  static final class Source {
    @Option(names = "--text", paramLabel = "TEXT", description = "A text.")
    String text;

    @Option(
        names = "--data",
        paramLabel = "FILE",
        description =
            "Texts: a line {\"text\": \"...\"} or {\"input_ids\": [...]} each, the latter with"
                + " attention_mask and token_type_ids if need be.")
    Path data;
  }

  @Option(
      names = "--pool",
      paramLabel = "mean|cls|last",
      defaultValue = "mean",
      description = "All tokens, the first or the last (default ${DEFAULT-VALUE}).")
  private Pooling pooling;

  @Option(
      names = "--layer",
      paramLabel = "N",
      description = "Hidden state N: 0 for the embeddings, -1 for the last (default -1).")
  private Integer layer;

  @Override
  public Integer call() throws IOException {
    Path directory = model.directory();
    Pretrained<? extends Model> pretrained = model.load(Pretrained.kind(directory));
    Optional<Tokenizer> tokenizer = model.tokenizer(pretrained);
    var embedder =
        new Embedder(
            pretrained.model(),
            pooling,
            layer == null ? OptionalInt.empty() : OptionalInt.of(layer));
    List<Rows.Row> rows =
        source.data == null
            ? List.of(new Rows.Row(Optional.of(source.text), encode(source.text, tokenizer)))
            : Rows.read(source.data, "text", tokenizer);
    requireTypes(rows, directory);
    for (int i = 0; i < rows.size(); i++) {
      print(embed(embedder, rows.get(i), i));
    }
    return 0;
  }

  private static int[] encode(String text, Optional<Tokenizer> tokenizer) {
    try {
      return Rows.encode(text, tokenizer);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--text: " + e.getMessage(), e);
    }
  }

  private void requireTypes(List<Rows.Row> rows, Path directory) throws IOException {
    if (rows.stream().allMatch(row -> row.tokenTypes() == null)) {
      return;
    }
    int known = Pretrained.readConfig(directory).tokenTypes();
    for (int i = 0; i < rows.size(); i++) {
      int[] types = rows.get(i).tokenTypes();
      int most = types == null ? 0 : Arrays.stream(types).max().orElse(0);
      if (most >= known) {
        throw new IllegalArgumentException(
            "%s, text %d: token_type_ids has %d, the model knows 0 to %d"
                .formatted(source.data, i, most, known - 1));
      }
    }
  }

  private float[] embed(Embedder embedder, Rows.Row row, int number) {
    try {
      return embedder.embed(row.ids(), row.tokenTypes());
    } catch (IllegalArgumentException e) {
      String place = source.data == null ? "" : source.data + ", text " + number + ": ";
      throw new IllegalArgumentException(place + e.getMessage(), e);
    }
  }

  private void print(float[] vector) {
    ObjectNode json = CommonOptions.object();
    var array = json.putArray("embedding");
    var line = new StringBuilder();
    for (float value : vector) {
      array.add(value);
      line.append(line.isEmpty() ? "" : " ").append(String.format(Locale.ROOT, "%.6g", value));
    }
    common.stream(line + System.lineSeparator());
    common.print(json);
  }
}
