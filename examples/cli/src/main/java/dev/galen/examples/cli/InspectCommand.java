package dev.galen.examples.cli;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.Model;
import dev.galen.model.hub.Hub;
import dev.galen.model.nn.Layer;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.train.ModelMemory;
import dev.galen.train.optim.AdamW;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code galen inspect}. */
@Command(
    name = "inspect",
    description = {
      "Print a model's layers, the shapes of its parameters, their number and what they need of"
          + " memory. A config.json is enough."
    })
final class InspectCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "DIR", description = "A HuggingFace directory, or a downloaded hub id.")
  private String directory;

  @Override
  public Integer call() throws IOException {
    Path path = Hub.resolve(directory);
    Pretrained<? extends Model> outline = Pretrained.outline(path);
    Model model = outline.model();
    String counted = Architectures.className(model);
    outline
        .directory()
        .className()
        .filter(named -> !named.equals(counted))
        .ifPresent(
            named -> common.say("architectures names a %s; this is what a %s has", named, counted));
    tree(model.getClass().getSimpleName(), model, 0);
    common.say("parameters: %s", String.format(Locale.ROOT, "%,d", model.parameterCount()));
    ModelMemory memory = ModelMemory.of(model, AdamW.Settings.decay(0));
    say(memory);
    ObjectNode json = CommonOptions.object();
    json.put("class", counted);
    json.put("parameters", model.parameterCount());
    ObjectNode shapes = json.putObject("shapes");
    model
        .parameters()
        .forEach(
            (name, tensor) -> {
              var dims = shapes.putArray(name);
              for (int dim : tensor.shape().toArray()) {
                dims.add(dim);
              }
            });
    put(memory, json.putObject("memory"));
    common.print(json);
    return 0;
  }

  private void say(ModelMemory memory) {
    common.say(
        "memory to load: %s",
        memory.load().entrySet().stream()
            .map(entry -> "%s as %s".formatted(bytes(entry.getValue()), name(entry.getKey())))
            .collect(joining(", ")));
    common.say(
        "memory to fine-tune, besides activations: %s in full, %s with LoRA of rank %d (%s"
            + " parameters)",
        bytes(memory.fineTuning()),
        bytes(memory.lora()),
        ModelMemory.RANK,
        String.format(Locale.ROOT, "%,d", memory.loraParameters()));
  }

  /** In bytes. */
  private static void put(ModelMemory memory, ObjectNode json) {
    ObjectNode load = json.putObject("load");
    memory.load().forEach((format, bytes) -> load.put(name(format), bytes));
    json.put("fine_tune", memory.fineTuning());
    json.put("lora", memory.lora());
    json.put("lora_rank", ModelMemory.RANK);
    json.put("lora_parameters", memory.loraParameters());
  }

  private static String name(WeightFormat format) {
    return format.name().toLowerCase(Locale.ROOT);
  }

  private static String bytes(long bytes) {
    return bytes < 1e9
        ? String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%,.1f GB", bytes / 1e9);
  }

  private void tree(String name, Layer layer, int depth) {
    common.say("%s%s", "  ".repeat(depth), name);
    layer
        .ownParameters()
        .forEach(
            (parameter, tensor) ->
                common.say("%s%s %s", "  ".repeat(depth + 1), parameter, tensor.shape()));
    layer.children().forEach((child, below) -> tree(child, below, depth + 1));
  }
}
