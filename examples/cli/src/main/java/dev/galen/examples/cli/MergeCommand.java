package dev.galen.examples.cli;

import dev.galen.model.Model;
import dev.galen.model.hub.Hub;
import dev.galen.model.lora.AdapterDirectory;
import dev.galen.model.pretrained.Adapted;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.train.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen merge}. */
@Command(
    name = "merge",
    description =
        "Write a model with a LoRA adapter's updates in its matrices: a directory like any other"
            + " model's, which needs no adapter.")
final class MergeCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "A HuggingFace directory, or a downloaded hub id.")
  private String model;

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      required = true,
      description = "A LoRA adapter of the model, as PEFT or galen train --lora wrote it.")
  private Path adapter;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where the model is written; a folder without one.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Path directory = Hub.resolve(model);
    for (String name : new String[] {"config.json", "model.safetensors", "adapter_config.json"}) {
      if (Files.exists(out.resolve(name))) {
        throw new IllegalArgumentException(
            "--out " + out + " holds a " + name + " already; name another folder");
      }
    }
    String task = new AdapterDirectory(adapter).task().orElse("");
    Class<? extends Model> role =
        switch (task) {
          case "SEQ_CLS" -> Tasks.named("classification").role();
          case "TOKEN_CLS" -> Tasks.named("tagging").role();
          default -> Pretrained.kind(directory);
        };
    merge(directory, role);
    common.say("saved      %s: the model with the adapter in it", out);
    common.print(CommonOptions.object().put("out", out.toString()));
    return 0;
  }

  private <M extends Model> void merge(Path directory, Class<M> role) throws IOException {
    Adapted<M> adapted = Adapted.load(directory, adapter, Device.CPU, role, WeightFormat.F32);
    adapted.adapters().merge();
    Pretrained<M> pretrained = adapted.pretrained();
    Pretrained.save(
        pretrained.model(), pretrained.tokenizer().orElse(null), pretrained.directory(), out);
  }
}
