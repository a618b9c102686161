package dev.galen.examples.serve.model;

import dev.galen.model.CausalLm;
import dev.galen.model.engine.Engine;
import dev.galen.model.engine.EngineConfig;
import dev.galen.model.engine.constraint.TokenBytes;
import dev.galen.model.lora.Adapters;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.chat.ChatInput;
import dev.galen.tokenizer.chat.ChatTemplate;
import dev.galen.tokenizer.chat.ChatTemplateException;
import dev.galen.tokenizer.chat.ChatTemplates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A language model that is served.
 *
 * @param name what clients call it
 * @param tokenizer its own
 * @param template of conversations; empty where the directory has none, then they become lines of
 *     role and content
 * @param contextLength the most tokens of prompt and answer
 * @param ends ids that end a text
 * @param adapters names that clients call the model with an adapter by
 * @param engine makes the texts
 * @param tokenBytes what its tokens spell, for answers that are kept to JSON
 * @param created when its weights were written, in seconds since 1970
 */
public record ServedModel(
    String name,
    Tokenizer tokenizer,
    Optional<ChatTemplate> template,
    int contextLength,
    Set<Integer> ends,
    List<String> adapters,
    Engine engine,
    Supplier<TokenBytes> tokenBytes,
    long created)
    implements AutoCloseable {

  /** Copies the list. */
  public ServedModel {
    ends = Set.copyOf(ends);
    adapters = List.copyOf(adapters);
  }

  /**
   * Loads a directory.
   *
   * @param adapters directories by name
   * @param format of the weights in memory
   * @throws IOException in one line that names the file and what is wrong
   */
  public static ServedModel load(
      Path directory,
      Map<String, Path> adapters,
      Device device,
      WeightFormat format,
      EngineConfig config)
      throws IOException {
    Pretrained<CausalLm> pretrained = Pretrained.load(directory, device, format);
    Tokenizer tokenizer = pretrained.requireTokenizer();
    CausalLm model = pretrained.model();
    model.eval();
    Engine engine;
    if (adapters.isEmpty()) {
      engine = Engine.of(model, config);
    } else {
      var all = new Adapters(model);
      for (Map.Entry<String, Path> adapter : adapters.entrySet()) {
        all.load(adapter.getKey(), adapter.getValue());
      }
      engine = Engine.of(model, all, config);
    }
    Path named = directory.toAbsolutePath().normalize().getFileName();
    return new ServedModel(
        named == null ? "model" : named.toString(),
        tokenizer,
        template(directory),
        Pretrained.readConfig(directory).maxLength(),
        model.endOfTextIds(),
        List.copyOf(new TreeSet<>(adapters.keySet())),
        engine,
        once(() -> TokenBytes.of(tokenizer)),
        Files.getLastModifiedTime(directory.resolve("config.json")).toInstant().getEpochSecond());
  }

  /** Made when it is first asked for, as few servers need it and it takes a second. */
  private static <T> Supplier<T> once(Supplier<T> maker) {
    return new Supplier<>() {
      private T made;

      @Override
      public synchronized T get() {
        made = made == null ? maker.get() : made;
        return made;
      }
    };
  }

  private static Optional<ChatTemplate> template(Path directory) throws IOException {
    try {
      ChatTemplates templates = ChatTemplates.load(directory);
      return templates.names().isEmpty() ? Optional.empty() : Optional.of(templates.pick(false));
    } catch (ChatTemplateException e) {
      throw new IOException(directory + ": " + e.getMessage(), e);
    }
  }

  /**
   * The ids of a conversation that the model is to answer.
   *
   * @param messages each with {@code role} and {@code content}
   * @throws ChatTemplateException if the template refuses them
   */
  public int[] prompt(List<Map<String, Object>> messages) {
    if (template.isPresent()) {
      ChatInput input =
          ChatInput.of(messages)
              .withGenerationPrompt(true)
              .withVariables(tokenizer.specialTokens());
      return tokenizer.encode(template.get().render(input).text(), SpecialTokens.PARSE);
    }
    var text = new StringBuilder();
    for (Map<String, Object> message : messages) {
      text.append(message.get("role")).append(": ").append(message.get("content")).append('\n');
    }
    return tokenizer.encode(text.append("assistant:").toString(), SpecialTokens.TEXT);
  }

  @Override
  public void close() {
    engine.close();
  }
}
