package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.CausalLm;
import dev.galen.model.Generative;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.generate.Continuation;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.generate.NonFiniteLogitException;
import dev.galen.model.generate.TextListener;
import dev.galen.model.hf.GenerationDefaults;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen generate}. */
@Command(
    name = "generate",
    description = {
      "Continue a prompt; the text is printed as it is made. A model with an encoder answers it.",
      "What the model's generation_config.json says is the default of every option."
    })
final class GenerateCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Mixin private ModelOptions model;

  @ArgGroup(multiplicity = "0..1")
  private Prompt prompt;

  /** What to continue. */
  static final class Prompt {
    @Option(names = "--prompt", paramLabel = "TEXT", description = "A text to continue.")
    String text;

    @Option(
        names = "--prompt-ids",
        paramLabel = "1,2,3",
        split = ",",
        hideParamSyntax = true,
        description = "Token ids to continue.")
    int[] ids;
  }

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description =
          "Texts to continue side by side: a line {\"prompt\": \"...\"} or {\"prompt_ids\": [...]}"
              + " each.")
  private Path prompts;

  @Mixin private GenerateOptions options;

  @Override
  public Integer call() throws IOException {
    if ((prompt == null) == (prompts == null)) {
      throw new IllegalArgumentException(
          prompts == null
              ? "give a text by --prompt, ids by --prompt-ids, or a file of several by --prompts"
              : "--prompts has all texts; --prompt and --prompt-ids give one");
    }
    Path directory = model.directory();
    Pretrained<? extends Model> pretrained = model.loadGenerative();
    Optional<Tokenizer> tokenizer = model.tokenizer(pretrained);
    Set<Integer> ends = pretrained.directory().endOfTextIds(tokenizer);
    ((Generative) pretrained.model()).setEndOfTextIds(ends);
    GenerationDefaults defaults = pretrained.directory().generation();
    GenerationConfig config =
        options.config(tokenizer.isPresent() ? defaults.with(tokenizer.get()) : defaults);
    List<Rows.Row> rows = rows(directory, tokenizer);
    boolean seen = prompts == null && config.sequences() == 1;
    Rows.Row first = rows.getFirst();
    boolean encodes = pretrained.model() instanceof Seq2SeqLm;
    var printer =
        new TextPrinter(common, shown(first, encodes), shownIds(first, encodes), tokenizer, ends);
    List<Continuation> texts =
        generate(
            directory,
            pretrained.model(),
            rows,
            config,
            (text, id) -> {
              if (seen) {
                printer.accept(id);
              }
            });
    if (seen) {
      printer.finish();
    }
    for (Continuation text : texts) {
      Rows.Row row = rows.get(text.prompt());
      var own =
          new TextPrinter(common, shown(row, encodes), shownIds(row, encodes), tokenizer, ends);
      if (!seen) {
        for (int id : text.newIds()) {
          own.accept(id);
        }
        own.finish();
      }
      common.print(json(text, own, tokenizer, encodes, !seen));
    }
    return 0;
  }

  /** What an encoder reads is no part of the text. */
  private static Optional<String> shown(Rows.Row row, boolean encodes) {
    return encodes ? Optional.empty() : row.text();
  }

  private static int[] shownIds(Rows.Row row, boolean encodes) {
    return encodes ? new int[0] : row.ids();
  }

  private static ObjectNode json(
      Continuation text,
      TextPrinter printer,
      Optional<Tokenizer> tokenizer,
      boolean encodes,
      boolean several) {
    ObjectNode json = CommonOptions.object();
    if (several) {
      json.put("prompt", text.prompt());
    }
    var ids = json.putArray("ids");
    for (int id : text.ids()) {
      ids.add(id);
    }
    if (tokenizer.isPresent()) {
      Tokenizer words = tokenizer.get();
      json.put(
          "text", encodes ? printer.text(words, text.newIds()) : printer.whole(words, text.ids()));
    }
    if (text.logProbabilities().length > 0) {
      var parts = json.putArray("logProbabilities");
      for (double part : text.logProbabilities()) {
        parts.add(part);
      }
      text.score().ifPresent(score -> json.put("score", score));
    }
    return json;
  }

  private List<Rows.Row> rows(Path directory, Optional<Tokenizer> tokenizer) throws IOException {
    if (prompts != null) {
      return Rows.read(prompts, "prompt", tokenizer);
    }
    if (prompt.ids != null) {
      return List.of(new Rows.Row(Optional.empty(), prompt.ids));
    }
    if (tokenizer.isEmpty()) {
      throw new IllegalArgumentException(
          directory + ": has no tokenizer; give --tokenizer DIR or --prompt-ids");
    }
    try {
      return List.of(new Rows.Row(Optional.of(prompt.text), Rows.encode(prompt.text, tokenizer)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--prompt: " + e.getMessage() + "; --prompt-ids takes any id", e);
    }
  }

  private static List<Continuation> generate(
      Path directory,
      Model network,
      List<Rows.Row> rows,
      GenerationConfig config,
      TextListener listener) {
    List<int[]> ids = new ArrayList<>();
    for (Rows.Row row : rows) {
      ids.add(row.ids());
    }
    Generator generator =
        network instanceof Seq2SeqLm encoding
            ? new Generator(encoding)
            : new Generator((CausalLm) network);
    try {
      return generator.generate(ids, config, listener);
    } catch (NonFiniteLogitException e) {
      throw new IllegalArgumentException(
          directory + ": " + e.getMessage() + ModelOptions.firstNonFinite(network), e);
    }
  }
}
